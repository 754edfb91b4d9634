"""What is kept of a run when it is gone: its settings, its last figures, and a small curve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.history.history import History
from core.settings.config import RunConfig

THUMBNAIL_POINTS = 64


@dataclass(frozen=True, eq=False)
class RunRecord:
    """One run, as a line of a list.

    Attributes
    ----------
    id
        Of 32 hexadecimal digits; no other run has it.
    name, note
        The user's. Where the name is empty, the library says which number the run has.
    began
        When its first step was made, in POSIX seconds.
    config
        The settings that were in force last, the network's included.
    steps, epochs, seconds
        How far it came: steps, epochs with the share of the last one, and how long the steps took,
        tests and pauses excluded; NaN where a file of an earlier version did not tell.
    test_loss, test_accuracy
        On the whole test set, the accuracy in 0…1; None before the first evaluation, and where
        the figure was none.
    live_changes
        How often it was steered.
    path
        The file that it was saved in last; None if it never was.
    thumbnail
        float32, (n,), n ≤ 64: the test accuracy, 0…1, at places spread evenly over the steps.
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


def thumbnail_of(history: History) -> NDArray[np.float32]:
    """Return a run's test accuracy in so few points that hundreds can be drawn; see RunRecord."""
    evaluations = history.evaluations.items()
    step = evaluations.last("evaluation_step")
    if not len(step):
        return np.empty(0, np.float32)
    places = np.linspace(step[0], step[-1], THUMBNAIL_POINTS)
    accuracy = evaluations.spread("test_accuracy").mean
    return np.asarray(np.interp(places, step, accuracy), np.float32)
