"""The records of a run's layers as plain arrays, for a file, and back.

Each array has a row for each layer of each record: the step, the activation, and the fields of
:data:`core.layer_statistics.FIGURES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import ACTIVATION_NAMES, MAX_HIDDEN_LAYERS, MAX_UNITS
from core.errors import RunFileError
from core.layer_statistics import FIGURES, MOST_RECORDS, LayerRecord

ROW = np.dtype([("step", np.int64), ("activation", np.int8), *FIGURES.descr])
"""What is in a row; `activation` is a place in `ACTIVATION_NAMES`, or -1 for the output."""

MOST_ROWS = MOST_RECORDS * (MAX_HIDDEN_LAYERS + 1)

_OUTPUT = -1


def arrays_of(records: Sequence[LayerRecord]) -> dict[str, NDArray[Any]]:
    """Return an array, (rows, …), for each field of `ROW`."""
    activations = [
        code
        for record in records
        for code in (*map(ACTIVATION_NAMES.index, record.activations), _OUTPUT)
    ]
    steps = [record.step for record in records for _ in record.figures]
    figures = np.concatenate([np.empty(0, FIGURES), *(record.figures for record in records)])
    return {
        "step": np.array(steps, np.int64),
        "activation": np.array(activations, np.int8),
        **{name: np.ascontiguousarray(figures[name]) for name in FIGURES.names or ()},
    }


def records_of(arrays: Mapping[str, NDArray[Any]], steps: int) -> tuple[LayerRecord, ...]:
    """Return the records of which :func:`arrays_of` made `arrays`, of a run of so many steps.

    Raises
    ------
    RunFileError
        If they are not such as a run can have.
    """
    rows = np.empty(len(arrays["step"]), ROW)
    for name, array in arrays.items():
        rows[name] = array
    if not len(rows):
        return ()
    step = rows["step"]
    later = np.diff(step)
    if step[0] < 1 or step[-1] > steps or (later < 0).any():
        raise RunFileError("the steps at which its layers were measured are not in order.")
    _check(rows)
    return tuple(map(_record, np.split(rows, np.flatnonzero(later) + 1)))


def _check(rows: NDArray[np.void]) -> None:
    for name, least, most in (
        ("fan_in", 1, MAX_UNITS),
        ("units", 1, MAX_UNITS),
        ("dead", 0, 1),
        ("saturated", 0, 1),
    ):
        if not ((least <= rows[name]) & (rows[name] <= most)).all():
            raise RunFileError(f"what was measured of its layers has a false {name}.")


def _record(rows: NDArray[np.void]) -> LayerRecord:
    *hidden, output = rows["activation"].tolist()
    if output != _OUTPUT or not all(0 <= code < len(ACTIVATION_NAMES) for code in hidden):
        raise RunFileError("what was measured of its layers is not of a network.")
    figures = np.empty(len(rows), FIGURES)
    for name in FIGURES.names or ():
        figures[name] = rows[name]
    figures.setflags(write=False)
    activations = tuple(ACTIVATION_NAMES[code] for code in hidden)
    return LayerRecord(int(rows["step"][0]), activations, figures)
