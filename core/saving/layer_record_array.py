"""The records of a run's layers as one plain array in a file.

The array has a row for each layer of each record. The columns are the step, the activation, and the
fields of :data:`core.training.layer_statistics.LAYER_METRICS`; a field with several values takes
several columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import RunFileError
from core.settings.config import ACTIVATION_NAMES, MAX_HIDDEN_LAYERS, MAX_UNITS
from core.training.layer_statistics import LAYER_METRICS, MOST_RECORDS, LayerRecord

_FIELDS = LAYER_METRICS.names or ()

_ROW = np.dtype(
    [("step", np.float64), ("activation", np.float64)]
    + [(name, np.float64, LAYER_METRICS[name].shape) for name in _FIELDS]
)
"""A row; `activation` is an index into `ACTIVATION_NAMES`, or -1 for the output. A float64 holds
whole numbers and float32 exactly."""

COLUMNS = _ROW.itemsize // np.dtype(np.float64).itemsize
MOST_ROWS = MOST_RECORDS * (MAX_HIDDEN_LAYERS + 1)

_OUTPUT = -1


def array_of(records: Sequence[LayerRecord]) -> NDArray[np.float64]:
    """Return `records` as (rows, `COLUMNS`)."""
    metrics = np.concatenate([np.empty(0, LAYER_METRICS), *(record.metrics for record in records)])
    rows = np.empty(len(metrics), _ROW)
    rows["step"] = [record.step for record in records for _ in record.metrics]
    rows["activation"] = [
        code
        for record in records
        for code in (*map(ACTIVATION_NAMES.index, record.activations), _OUTPUT)
    ]
    for name in _FIELDS:
        rows[name] = metrics[name]
    return rows.view(np.float64).reshape(-1, COLUMNS)


def records_of(array: NDArray[np.float64], steps: int) -> tuple[LayerRecord, ...]:
    """Return the records in `array`, from a run of `steps` steps; the inverse of `array_of`.

    Raises
    ------
    RunFileError
        If no run can have these records.
    """
    if not len(array):
        return ()
    rows = array.view(_ROW)[:, 0]
    for name, least, most in (
        ("step", 1, steps),
        ("activation", _OUTPUT, len(ACTIVATION_NAMES) - 1),
        ("fan_in", 1, MAX_UNITS),
        ("units", 1, MAX_UNITS),
        ("dead", 0, 1),
        ("saturated", 0, 1),
        ("symmetric", 0, 1),
    ):
        if not ((least <= rows[name]) & (rows[name] <= most)).all():
            raise RunFileError(f"the records of its layers contain an impossible {name}.")
    later = np.diff(rows["step"])
    if (later < 0).any():
        raise RunFileError("the records of its layers are not in order.")
    return tuple(map(_record, np.split(rows, np.flatnonzero(later) + 1)))


def _record(rows: NDArray[np.void]) -> LayerRecord:
    *hidden, output = rows["activation"].astype(int).tolist()
    if output != _OUTPUT or _OUTPUT in hidden:
        raise RunFileError("the records of its layers do not describe a network.")
    metrics = np.empty(len(rows), LAYER_METRICS)
    with np.errstate(over="ignore"):
        for name in _FIELDS:
            metrics[name] = rows[name]
    metrics.setflags(write=False)
    activations = tuple(ACTIVATION_NAMES[code] for code in hidden)
    return LayerRecord(int(rows["step"][0]), activations, metrics)
