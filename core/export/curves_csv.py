"""A run's curves as a table, for a spreadsheet or for pandas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.atomic_file import write_atomically
from core.history import History

COLUMNS = (
    *("step", "epoch", "seconds"),
    *("batch_loss", "l2_penalty", "batch_accuracy"),
    *("test_loss", "test_accuracy", "validation_loss", "validation_accuracy"),
)

_ROWS_AT_ONCE = 10_000


def write_curves(path: Path, history: History) -> None:
    """Write a row for each step, in order, under a row with the names in COLUMNS.

    ``step`` counts from 1, and ``epoch``, from 1 too, is the one that the step belongs to. An
    evaluation is in the row of the step that it came after, or in a row 0 of its own, and there
    ``seconds`` says how long all steps until then took. Losses are those of the history (the
    batch's without the penalty that is added to it), accuracies are 0…1. What was not measured at a
    step, or is not a number (NaN), is empty. Numbers have a decimal point whatever the language,
    and all digits that matter.

    Parameters
    ----------
    history
        Not mutated; it may be that of a run that goes on in another thread.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; one that was there before is as it was.
    """
    write_atomically(path, lambda stream: _write(stream, history))


def _write(stream: IO[bytes], history: History) -> None:
    tested = history.evaluation_step.values
    # Of a step that is just being recorded, the accuracy comes last.
    last = len(history.batch_accuracy)
    first = 0 if len(tested) and tested[0] == 0 else 1
    stream.write((",".join(COLUMNS) + "\n").encode())
    for begin in range(first, last + 1, _ROWS_AT_ONCE):
        steps = np.arange(begin, min(begin + _ROWS_AT_ONCE, last + 1))
        columns = list(_columns(steps, history, tested))
        rows = (",".join(row) for row in zip(*columns, strict=True))
        stream.write(("\n".join(rows) + "\n").encode())


def _columns(
    steps: NDArray[np.intp], history: History, tested: NDArray[np.int64]
) -> Iterator[list[str]]:
    """Yield the cells of each column for these steps."""
    yield list(map(str, steps))
    # The epoch that ends with a step is the step's own; no step was made in row 0.
    epochs = np.searchsorted(history.epoch_end.values, steps) + (steps > 0)
    yield list(map(str, epochs))
    made = np.arange(1, int(steps[-1]) + 1)
    for series, when in (
        (history.evaluation_seconds, tested),
        (history.batch_loss, made),
        (history.regularization_loss, made),
        (history.batch_accuracy, made),
        (history.test_loss, tested),
        (history.test_accuracy, tested),
        (history.validation_loss, tested),
        (history.validation_accuracy, tested),
    ):
        yield _cells(steps, when, series.values)


def _cells(steps: NDArray[np.intp], when: NDArray[Any], values: NDArray[Any]) -> list[str]:
    """Return the values, measured after the ascending steps `when`, as text at `steps`."""
    length = min(len(when), len(values))
    here = slice(*np.searchsorted(when[:length], (steps[0], steps[-1] + 1)))
    cells = [""] * len(steps)
    for step, value in zip(when[here] - steps[0], values[here], strict=True):
        cells[step] = "" if np.isnan(value) else str(value)
    return cells
