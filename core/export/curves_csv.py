"""A run's curves as a table, for a spreadsheet or for pandas."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.files.atomic_file import write_atomically
from core.history.history import History
from core.history.spread import Spread

_OF_STEPS = {
    "batch_loss": "batch_loss",
    "l2_penalty": "regularization_loss",
    "batch_accuracy": "batch_accuracy",
}
_OF_EVALUATIONS = ("test_loss", "test_accuracy", "validation_loss", "validation_accuracy")
_METRICS = (*_OF_STEPS, *_OF_EVALUATIONS)

COLUMNS = (
    *("step", "epoch", "seconds"),
    *_METRICS,
    *("steps", "evaluations"),
    *(f"{name}_{end}" for name in _METRICS for end in ("min", "max")),
)

_ROWS_AT_ONCE = 10_000


def write_curves(path: Path, history: History) -> None:
    """Write a row for each step, in order, under a row with the names in COLUMNS.

    ``step`` and ``epoch`` count from 1; ``epoch`` is the one that the step belongs to. An
    evaluation is in the row of the step before it, with the training time so far in ``seconds``; if
    there is no such row, as for step 0, it has its own. Losses are those of the history (``batch``
    without the L2 penalty), accuracies are 0…1. Cells are empty if a metric was not measured or is
    NaN. Numbers have a decimal point in every language, and all significant digits.

    The history of a long run holds its earlier part in buckets. A bucket of steps is one row:
    ``step`` is its last step, ``steps`` its number of steps, the metrics are means, weighted by
    images, and ``…_min`` and ``…_max`` are the extremes. Buckets of evaluations are similar, with
    their number in ``evaluations``. A row of a single step or evaluation has a 1 there, and no
    extremes.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; an existing file stays unchanged.
    """
    table = _Table(history)
    write_atomically(path, lambda stream: _write(stream, table))


class _Table:
    """The columns of the table, in any range of rows."""

    def __init__(self, history: History) -> None:
        steps, epochs, evaluations = history.steps, history.epochs, history.evaluations
        made = steps.counts
        tested = evaluations.last("evaluation_step")
        self.rows = np.union1d(made, tested)
        self._ends = np.append(0, epochs.last("epoch_end"))
        self._epochs = np.append(0, epochs.counts)
        seconds = evaluations.last("evaluation_seconds")
        spreads = {
            **{name: (made, steps.spread(metric)) for name, metric in _OF_STEPS.items()},
            **{name: (tested, evaluations.spread(name)) for name in _OF_EVALUATIONS},
        }
        columns: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {
            "seconds": (tested, seconds),
            "steps": (made, _sizes(spreads["batch_loss"][1])),
            "evaluations": (tested, _sizes(spreads["test_loss"][1])),
        }
        for name, (when, spread) in spreads.items():
            columns[name] = when, spread.mean
            columns[f"{name}_min"] = when, _of_buckets(spread, spread.low)
            columns[f"{name}_max"] = when, _of_buckets(spread, spread.high)
        self._columns = columns

    def cells(self, name: str, rows: NDArray[np.int64]) -> list[str]:
        """Return the cells of a column in some of the `rows`."""
        if name == "step":
            return list(map(str, rows))
        if name == "epoch":
            return list(map(str, self._epoch(rows)))
        return _cells(rows, *self._columns[name])

    def _epoch(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the epoch that each step belongs to; 0 before the first."""
        # The epoch that ends with a step is the step's own; in buckets, epochs are equally long.
        epochs = np.ceil(np.interp(steps, self._ends, self._epochs)).astype(np.int64)
        return np.asarray(epochs + (steps > self._ends[-1]))


def _sizes(spread: Spread) -> NDArray[np.int64]:
    return spread.count - spread.before


def _of_buckets(spread: Spread, values: NDArray[Any]) -> NDArray[Any]:
    """Return the values where items are buckets, NaN elsewhere."""
    return np.where(_sizes(spread) > 1, values, np.float32(np.nan))


def _write(stream: IO[bytes], table: _Table) -> None:
    stream.write((",".join(COLUMNS) + "\n").encode())
    for rows in np.split(table.rows, range(_ROWS_AT_ONCE, len(table.rows), _ROWS_AT_ONCE)):
        lines = zip(*(table.cells(name, rows) for name in COLUMNS), strict=True)
        stream.write("".join(f"{','.join(line)}\n" for line in lines).encode())


def _cells(rows: NDArray[np.int64], when: NDArray[Any], values: NDArray[Any]) -> list[str]:
    """Return the values, measured after the ascending steps `when`, as text in these rows."""
    cells = [""] * len(rows)
    if not len(rows):
        return cells
    length = min(len(when), len(values))  # a run without a validation split has no such values
    here = slice(*np.searchsorted(when[:length], (rows[0], rows[-1] + 1)))
    for place, value in zip(np.searchsorted(rows, when[here]), values[here], strict=True):
        cells[place] = "" if np.isnan(value) else str(value)
    return cells
