"""Moments of a run that are kept beside its present. They hold no trainer, thread or worker."""

from __future__ import annotations

from dataclasses import dataclass

from core.network.network import Network
from core.settings.config import Hyperparameters, NetworkConfig
from core.training.checkpoint import Checkpoint
from core.training.saved_run import BestNetwork


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

    def keep_if_best(
        self,
        network: Network,
        config: NetworkConfig,
        step: int,
        epoch: int,
        accuracy: float,
        threshold: float | None,
    ) -> None:
        """Keep a copy of `network` if no epoch before it reached this accuracy."""
        if self.best is None or accuracy > self.best.accuracy:
            self.best = BestNetwork(network.frozen_copy(), config, step, epoch, accuracy, threshold)
