"""The record of a run: its settings, its last metrics, and a small curve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.history.history import History
from core.settings.config import RunConfig

THUMBNAIL_POINTS = 64


@dataclass(frozen=True, eq=False)
class RunRecord:
    """One run, as a row of a list.

    Attributes
    ----------
    id
        Unique, of 32 hexadecimal digits.
    name, note
        Given by the user. If the name is empty, the library shows the number of the run. At first,
        the note says which weights the run began with, if they were given to it.
    began
        When its first step was made, in POSIX seconds.
    config
        The last settings, including those of the network.
    steps, epochs, seconds
        Steps made, epochs including the share of the last one, and training time without tests and
        pauses; NaN if a file of an earlier version did not record it.
    test_loss, test_accuracy
        On the whole test set, accuracy in 0…1; None before the first evaluation, or if the value
        was not finite.
    live_changes
        How often settings were changed during training.
    path
        The file that it was last saved to; None if it was never saved.
    thumbnail
        float32, (n,), n ≤ 64: the test accuracy, 0…1, at places spread evenly over the steps; that
        on the validation split in a run that does not read the test set.
    validation_accuracy
        On the validation split, 0…1, at the last evaluation; None without one.
    search, trial
        The id of the search that made the run, and the number of its trial there; None for a run
        of no search.
    parent, parent_step
        Of a branch: the id of the run that it branched off, None if that had none, and after how
        many steps of it; both None for a run that is no branch.
    """

    id: str
    name: str
    note: str
    began: float
    config: RunConfig
    steps: int
    epochs: float
    seconds: float
    test_loss: float | None
    test_accuracy: float | None
    live_changes: int
    path: Path | None
    thumbnail: Floats
    validation_accuracy: float | None = None
    search: str | None = None
    trial: int | None = None
    parent: str | None = None
    parent_step: int | None = None


def thumbnail_of(history: History) -> NDArray[np.float32]:
    """Return the accuracy of a run in few points; see RunRecord."""
    evaluations = history.evaluations
    step = evaluations.last("evaluation_step")
    for name in ("test_accuracy", "validation_accuracy"):
        accuracy = evaluations.spread(name).mean
        if len(accuracy) and np.isfinite(accuracy).all():
            return thumbnail_between(step, accuracy)
    return np.empty(0, np.float32)


def thumbnail_between(step: NDArray[Any], accuracy: NDArray[Any]) -> NDArray[np.float32]:
    """Return the thumbnail of a run with these test accuracies, 0…1, (n,), at these steps."""
    if not len(step):
        return np.empty(0, np.float32)
    places = np.linspace(step[0], step[-1], THUMBNAIL_POINTS)
    return np.asarray(np.interp(places, step, accuracy), np.float32)
