"""Earlier states of runs, kept to go back to. They hold no trainer, thread or worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from core.settings.config import Hyperparameters, NetworkConfig
from core.training.checkpoint import Checkpoint
from core.training.saved_run import BestNetwork, SavedRun

REPLACED_BYTES = 64 * 2**20
"""Most memory for all replaced runs together."""


@dataclass(frozen=True)
class GoodState:
    """Describes a state to go back to.

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
    """A state whose loss was good, with the run's lowest loss and best network until then.

    `loss` is that of :class:`GoodState`; `lowest_loss` is a median of losses, too.
    """

    checkpoint: Checkpoint
    loss: float | None
    lowest_loss: float
    best: BestNetwork | None

    def state(self) -> GoodState:
        """Return a description."""
        checkpoint = self.checkpoint
        return GoodState(checkpoint.step, self.loss, checkpoint.hyperparameters, checkpoint.network)


@dataclass(eq=False)
class Moments:
    """What the trainer keeps of its own run.

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
    """Runs that were replaced by others, newest first. Thread-safe.

    Parameters
    ----------
    budget
        Most bytes of all together. The oldest are dropped first; a larger run is not kept.
    """

    def __init__(self, budget: int = REPLACED_BYTES) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._runs: tuple[SavedRun, ...] = ()

    def has_room_for(self, size: int) -> bool:
        """Return whether a run of `size` bytes would be kept; call it before copying one."""
        return size <= self._budget

    @property
    def runs(self) -> Sequence[SavedRun]:
        """The runs kept, newest first."""
        return self._runs

    @property
    def nbytes(self) -> int:
        """Bytes that they use."""
        return sum(run.nbytes for run in self._runs)

    def put(self, run: SavedRun) -> None:
        """Add `run`, and drop the oldest runs that exceed the budget."""
        with self._lock:
            kept: list[SavedRun] = []
            size = 0
            for each in (run, *self._runs):
                size += each.nbytes
                if size > self._budget:
                    break
                kept.append(each)
            if kept:  # else the new run alone is too large, and replaces none
                self._runs = tuple(kept)
