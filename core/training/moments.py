"""Earlier states of a run, kept to go back to. They hold no trainer, thread or worker."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.training.checkpoint import Checkpoint
from core.training.confidence import Thresholds
from core.training.divergence import WINDOW, DivergenceDetector, GoodState, state_loss
from core.training.film import Film, FilmMoment
from core.training.saved_run import BestNetwork
from core.training.training_loop import TrainingLoop

STEPS_BETWEEN_CHECKPOINTS = 200


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


class Moments:
    """What is kept of a run beside its present. It changes as the run trains or goes back.

    Parameters
    ----------
    loop
        The run, at its beginning. It is not kept, here or in the methods, nor mutated.
    film
        Where to keep networks of all of the run; None: nowhere.

    Attributes
    ----------
    good
        The newest state whose loss was good.
    best
        The network that was best on the validation split at the end of an epoch; None without a
        split, or before the first epoch is complete.
    film
        As given.
    """

    def __init__(self, loop: TrainingLoop, film: Film | None) -> None:
        self.good = GoodMoment(loop.checkpoint(), None, math.inf, None)
        self.best: BestNetwork | None = None
        self.film = film
        self.film_now(loop)

    def keep_if_best(
        self, loop: TrainingLoop, accuracy: float, thresholds: Thresholds | None
    ) -> None:
        """Keep the network as the best if no other had this accuracy on the validation split.

        `thresholds` are those of certain predictions.
        """
        if self.best is None or accuracy > self.best.accuracy:
            self.best = BestNetwork(
                loop.network.frozen_copy(),
                loop.network_config,
                loop.step_count,
                loop.epoch,
                accuracy,
                thresholds,
            )

    def keep_if_good(self, loop: TrainingLoop, detector: DivergenceDetector) -> None:
        """Keep the state as one to go back to if its loss is good."""
        losses = loop.history.recent_losses(STEPS_BETWEEN_CHECKPOINTS + WINDOW - 1)
        if len(losses) and detector.is_good(losses):
            self.good = GoodMoment(
                loop.checkpoint(), state_loss(losses), detector.lowest, self.best
            )

    def film_if_due(self, loop: TrainingLoop) -> None:
        """Add the network to the film if the last one is far enough back."""
        if self.film is not None and self.film.is_due(loop.step_count):
            self.film_now(loop)

    def film_now(self, loop: TrainingLoop, is_pinned: bool = False) -> None:
        """Add the network to the film; `is_pinned` says that it is one side of a live change."""
        if self.film is None:
            return
        parameters = loop.network.parameters.copy()
        parameters.flags.writeable = False
        moment = FilmMoment(
            loop.step_count,
            len(loop.changes),
            loop.epoch + loop.position / loop.images_per_epoch,
            loop.seconds,
            loop.network_config,
            parameters,
            is_pinned,
        )
        self.film.add(moment)

    def go_back(self, loop: TrainingLoop, checkpoint: Checkpoint, lowest_loss: float) -> None:
        """Forget what came after `checkpoint`, which `loop` has just gone back to."""
        if self.best is not None and self.best.step > checkpoint.step:
            self.best = None
        loss = state_loss(loop.history.recent_losses(WINDOW))
        self.good = GoodMoment(checkpoint, loss, lowest_loss, self.best)
        if self.film is not None:
            self.film.forget_after((checkpoint.step, len(checkpoint.changes)))

    def go_back_to_good(self) -> GoodMoment:
        """Take the best network to be that of the newest good state, and return that state."""
        self.best = self.good.best
        return self.good
