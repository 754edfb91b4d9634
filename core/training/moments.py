"""Moments of runs that are kept beside the present one. They hold no trainer, thread or worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from core.settings.config import Hyperparameters, NetworkConfig
from core.training.checkpoint import Checkpoint
from core.training.saved_run import BestNetwork, SavedRun

REPLACED_BYTES = 64 * 2**20
"""What replaced runs may take in memory, together."""


@dataclass(frozen=True)
class GoodState:
    """What is said of a state that can be gone back to.

    Attributes
    ----------
    loss
        Median of its last losses, L2 penalty included (see core/training/divergence.py); None
        before the first step.
    """

    step: int
    loss: float | None
    hyperparameters: Hyperparameters
    network: NetworkConfig


@dataclass(frozen=True, eq=False)
class GoodMoment:
    """A state whose loss was good, and what was known of the run by then.

    Attributes
    ----------
    loss
        As :class:`GoodState` has it.
    lowest_loss
        The lowest median of losses of the run up to here.
    best
        The best network up to here.
    """

    checkpoint: Checkpoint
    loss: float | None
    lowest_loss: float
    best: BestNetwork | None

    def state(self) -> GoodState:
        """Return what is said of it."""
        checkpoint = self.checkpoint
        return GoodState(checkpoint.step, self.loss, checkpoint.hyperparameters, checkpoint.network)


@dataclass(eq=False)
class Moments:
    """The moments of one run that its trainer keeps, whatever they take: one of each kind.

    Attributes
    ----------
    good
        The newest state whose loss was good.
    best
        The network that was best on the validation split at the end of an epoch; None without a
        split, or before the first epoch is complete.
    """

    good: GoodMoment
    best: BestNetwork | None = None


class ReplacedRuns:
    """Runs that others have replaced, newest first. Any thread may put or read them.

    Parameters
    ----------
    budget
        How many bytes they may take together. The oldest go first; a run that is larger than that
        by itself is not kept.
    """

    def __init__(self, budget: int = REPLACED_BYTES) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._runs: tuple[SavedRun, ...] = ()

    def has_room_for(self, size: int) -> bool:
        """Whether a run of `size` bytes would be kept; ask before it is copied."""
        return size <= self._budget

    @property
    def runs(self) -> Sequence[SavedRun]:
        """Those that are kept, newest first."""
        return self._runs

    @property
    def nbytes(self) -> int:
        """What they take."""
        return sum(run.nbytes for run in self._runs)

    def put(self, run: SavedRun) -> None:
        """Keep `run` as the newest, and drop the oldest that there is no room for any more."""
        with self._lock:
            kept: list[SavedRun] = []
            size = 0
            for each in (run, *self._runs):
                size += each.nbytes
                if size > self._budget:
                    break
                kept.append(each)
            if kept:  # else the new run alone is too large, and takes nobody's place
                self._runs = tuple(kept)
