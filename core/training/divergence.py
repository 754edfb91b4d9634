"""When training has gone wrong beyond repair, and what to tell the user about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import DigitscopeError
from core.settings.config import Hyperparameters, NetworkConfig
from core.wording import numeral

WINDOW = 50
"""A state's loss is the median of this many losses, because a single batch says little."""

_EXPLODED = 100.0
_GOOD = 2.0
_BEGAN_WRONG = 100.0


def guessing_loss(classes: int) -> float:
    """Return the loss of a network that gives each of `classes` classes the same probability."""
    return math.log(classes)


@dataclass(frozen=True)
class GoodState:
    """Describes a state to go back to.

    Attributes
    ----------
    loss
        Median of its last losses, L2 penalty included (see :class:`DivergenceDetector`); None
        before the first step.
    """

    step: int
    loss: float | None
    hyperparameters: Hyperparameters
    network: NetworkConfig


class TrainingDivergedError(DigitscopeError):
    """The loss became NaN or infinite, or exploded.

    Attributes
    ----------
    step
        The step that was not made, because its loss was bad.
    good
        Where :meth:`core.training.trainer.Trainer.restore_last_good` goes back to.
    """

    def __init__(self, message: str, step: int, good: GoodState) -> None:
        super().__init__(message)
        self.step = step
        self.good = good


class DivergenceDetector:
    """Tells sensible losses from bad ones, measured by the loss that the run began with.

    Its whole cost is a comparison or two of Python floats a step. A run may begin with a large
    loss, when its initial weights are large, so that no fixed bound would do; nor would the
    guessing loss alone, since a single image of a batch of one may cost many times as much.

    Parameters
    ----------
    classes
        How many the network tells apart.

    Attributes
    ----------
    reference
        The loss of the first step, or of guessing if that is larger; None before the first step.
    lowest
        The lowest median of :data:`WINDOW` losses in a row so far; infinite before there was one.
    """

    def __init__(self, classes: int) -> None:
        self._guessing = guessing_loss(classes)
        self.reference: float | None = None
        self.lowest = math.inf

    def has_diverged(self, loss: float) -> bool:
        """Say whether `loss` is NaN, infinite, or 100 times the loss of the first step."""
        if self.reference is None:
            self.reference = max(loss, self._guessing)
        # Written so that NaN, which compares false with everything, counts as bad.
        return not loss <= _EXPLODED * self.reference or self.reference == math.inf

    def is_good(self, losses: NDArray[np.float64]) -> bool:
        """Say whether a state is worth going back to.

        It is if its loss is at most twice the lowest that a state of the run had, and no higher
        than what the run began with. Before :data:`WINDOW` steps the second alone counts, since the
        median of a few losses may be low by chance.

        Parameters
        ----------
        losses
            The newest of the run, L2 penalty included, oldest first: at least those since the last
            call, and the :data:`WINDOW` before them, as far as there are as many.
        """
        if len(losses) >= WINDOW:
            windows = np.lib.stride_tricks.sliding_window_view(losses, WINDOW)
            # In half the time of np.median.
            middle = np.sort(windows, axis=1)[:, WINDOW // 2 - 1 : WINDOW // 2 + 1]
            self.lowest = min(self.lowest, float(middle.mean(axis=1).min()))
        loss, reference = state_loss(losses), self.reference
        if loss is None or reference is None:
            return True
        return loss <= min(reference, _GOOD * self.lowest)

    def explain(self, loss: float, step: int, hyperparameters: Hyperparameters) -> str:
        """Say what happened at `step`, the likely cause, and what to do."""
        what = _what_became_of(loss)
        if step == 0:
            return (
                f"Training cannot begin: the loss {what} before the first step. No step was made, "
                "so the learning rate is not to blame: the initial weights are too large, or the "
                "L2 strength is. Start again with He or Glorot initialization, or with a smaller "
                "scale."
            )
        cause = _likely_cause(hyperparameters)
        if self.reference is not None and self.reference > _BEGAN_WRONG * self._guessing:
            cause = (
                f"It began with {numeral(self.reference, '.3g')}, where "
                f"{numeral(self._guessing, '.1f')} is usual, so the likely cause is that the "
                "initial weights are too large. Start again with He or Glorot initialization, or "
                "with a smaller scale."
            )
        return f"Training stopped at step {numeral(step)}: the loss {what}. {cause}"


def state_loss(losses: NDArray[np.float64]) -> float | None:
    """Return the loss of a state: the median of the last of `losses`; None if there are none."""
    return float(np.median(losses[-WINDOW:])) if len(losses) else None


def lowest_of(losses: NDArray[np.float64]) -> float:
    """Return about the lowest median of a run whose `losses` are known but were not watched."""
    whole = losses[len(losses) % WINDOW :].reshape(-1, WINDOW)
    return float(np.median(whole, axis=1).min()) if len(whole) else math.inf


def _what_became_of(loss: float) -> str:
    if math.isnan(loss):
        return "is no longer a number (NaN)"
    return "became infinite" if math.isinf(loss) else f"exploded to {numeral(loss, '.3g')}"


def _likely_cause(hyperparameters: Hyperparameters) -> str:
    rate, l2 = hyperparameters.learning_rate, hyperparameters.l2
    # A step of gradient descent on the penalty alone multiplies W by 1 − α·λ.
    if rate * l2 > 2:
        return (
            f"The learning rate {numeral(rate, 'g')} times the L2 strength {numeral(l2, 'g')} is "
            "above 2, so that each "
            "step throws the weights further than it pulls them back. Lower one of the two."
        )
    return (
        f"The usual cause is a learning rate that is too high, and {numeral(rate, 'g')} is in "
        "force: each step jumps over the minimum and lands higher up. Try a tenth of it."
    )
