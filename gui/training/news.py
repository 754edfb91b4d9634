"""What a training thread has to say; the window looks at each frame."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from core.datasets.dataset import Dataset
from core.inspection.update import Update
from core.saving.replaced_runs import Moment
from core.settings.config import Hyperparameters, RunConfig
from core.training.checkpoint import Checkpoint
from core.training.divergence import TrainingDivergedError
from core.training.evaluation import Evaluation
from core.training.fine_tuning import FineTuneResult
from core.training.snapshot import Snapshot, StepState, take_snapshot
from core.training.trainer import Trainer

_SNAPSHOT_SHARE = 0.1
"""At most this share of the thread's time goes into snapshots, however large the network is."""


@dataclass(frozen=True)
class Paused:
    """The run has done what the command of this number asked for (1 is the first)."""

    command: int


@dataclass(frozen=True)
class Stopped:
    """The run has reached what its hyperparameters ask for, after this many commands."""

    command: int
    reason: str


@dataclass(frozen=True)
class Diverged:
    """The loss is no longer a sensible number; the run waits."""

    error: TrainingDivergedError


@dataclass(frozen=True)
class Failed:
    """The thread has ended because of an error."""

    message: str


@dataclass(frozen=True)
class Inspected:
    """All that decides the next step."""

    state: StepState


@dataclass(frozen=True, eq=False)
class Copied:
    """A copy of the run's state, without its metrics, and how the run began.

    Attributes
    ----------
    hyperparameters
        Of the next step.
    """

    config: RunConfig
    dataset: Dataset
    checkpoint: Checkpoint
    hyperparameters: Hyperparameters


@dataclass(frozen=True)
class Updated:
    """What a single step has changed."""

    update: Update


@dataclass(frozen=True)
class Saved:
    """The run is in this file, or in a copy that is not the user's, as it was at this moment."""

    path: Path
    moment: Moment
    is_copy: bool


@dataclass(frozen=True)
class SaveFailed:
    """The run could not be written, and continues."""

    path: Path
    message: str


@dataclass(frozen=True)
class FineTuneProgress:
    """Fine-tuning has made some of its steps."""

    done: int
    total: int


@dataclass(frozen=True)
class FineTuned:
    """Fine-tuning has ended.

    Attributes
    ----------
    result
        What came of it; None if it was ended early, or failed, and changed nothing.
    problem
        Why it failed, else empty.
    """

    result: FineTuneResult | None
    problem: str = ""


News = (
    Paused
    | Stopped
    | Diverged
    | Failed
    | Inspected
    | Copied
    | Updated
    | Saved
    | SaveFailed
    | FineTuneProgress
    | FineTuned
)


class Outbox:
    """Holds the newest snapshot and the news until the window takes them.

    The next snapshot is made only after the one before was taken, so that nothing piles up behind a
    slow window.
    """

    def __init__(self) -> None:
        self._snapshots: deque[Snapshot] = deque(maxlen=1)
        self._news: deque[News] = deque()
        self._published: tuple[int, int, Evaluation | None] | None = None
        self.next_snapshot = 0.0

    # --- called by the window -----------------------------------------------------------

    def take(self) -> tuple[Snapshot | None, list[News]]:
        """Return the newest snapshot unless it was taken before, and the news since last time."""
        # The news first: the snapshot is then at least as new as what they speak of.
        news = [self._news.popleft() for _ in range(len(self._news))]
        return (self._snapshots.pop() if self._snapshots else None), news

    # --- called by the thread -----------------------------------------------------------

    def put(self, news: News) -> None:
        """Say something."""
        self._news.append(news)

    def shows(self, trainer: Trainer) -> bool:
        """Return whether the newest snapshot, which may have been taken, shows this state."""
        return self._published == _state_of(trainer)

    def publish(self, trainer: Trainer) -> None:
        """Make a snapshot, in place of one that was not taken yet."""
        snapshot = take_snapshot(trainer)
        self._published = _state_of(trainer)
        now = time.perf_counter()
        self.next_snapshot = now + (now - snapshot.time) / _SNAPSHOT_SHARE
        self._snapshots.append(snapshot)

    def publish_if_wanted(self, trainer: Trainer) -> None:
        """Make a snapshot if the one before was taken and it is time."""
        if not self._snapshots and time.perf_counter() >= self.next_snapshot:
            self.publish(trainer)

    def publish_changes(self, trainer: Trainer) -> None:
        """Make a snapshot unless the newest shows all of it."""
        if not self.shows(trainer):
            self.publish(trainer)


def _state_of(trainer: Trainer) -> tuple[int, int, Evaluation | None]:
    """Return what differs in each snapshot that shows something new."""
    return trainer.step_count, len(trainer.changes), trainer.evaluator.newest
