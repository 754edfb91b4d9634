"""Earlier states of runs, kept to go back to. They hold no trainer, thread or worker."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings.config import Hyperparameters, NetworkConfig
from core.training.checkpoint import Checkpoint
from core.training.saved_run import BestNetwork


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
