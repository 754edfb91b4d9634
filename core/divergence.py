"""When training has gone wrong beyond repair, and what to tell the user about it."""

from __future__ import annotations

import math

from core.checkpoint import Checkpoint
from core.config import Hyperparameters
from core.datasets.dataset import CLASSES
from core.errors import DigitscopeError

_GUESSING = math.log(CLASSES)
"""The loss of a network that gives every class the same probability."""

_EXPLODED = 100.0
_HEALTHY = 1.5


class TrainingDivergedError(DigitscopeError):
    """The loss became NaN or infinite, or exploded.

    Attributes
    ----------
    step
        The step that was not made, because its loss was bad.
    good
        To which :meth:`core.trainer.Trainer.restore_last_good` goes back.
    """

    def __init__(self, message: str, step: int, good: Checkpoint) -> None:
        super().__init__(message)
        self.step = step
        self.good = good


class DivergenceWatch:
    """Tells sensible losses from bad ones, measured by the loss that the run began with.

    Its whole cost is a comparison or two of Python floats a step. A run may begin with a large
    loss, when its initial weights are large, so that no fixed bound would do; nor would the
    guessing loss alone, since a single image of a batch of one may cost many times as much.

    Attributes
    ----------
    reference
        What losses are measured by; None before the first.
    """

    def __init__(self) -> None:
        self.reference: float | None = None

    def is_bad(self, loss: float) -> bool:
        """Say whether `loss` is NaN, infinite, or 100 times the loss of the first step."""
        if self.reference is None:
            self.reference = max(loss, _GUESSING)
        # Written so that NaN, which compares false with everything, counts as bad.
        return not loss <= _EXPLODED * self.reference or self.reference == math.inf

    def is_healthy(self, loss: float) -> bool:
        """Say whether a state with this loss is worth going back to."""
        return self.reference is None or loss <= _HEALTHY * self.reference


def explain(loss: float, step: int, hyperparameters: Hyperparameters) -> str:
    """Say what happened at `step`, the likely cause, and what to do."""
    if math.isnan(loss):
        what = "is no longer a number (NaN)"
    elif math.isinf(loss):
        what = "became infinite"
    else:
        what = f"exploded to {loss:.3g}"
    rate, l2 = hyperparameters.learning_rate, hyperparameters.l2
    # A step of gradient descent on the penalty alone multiplies W by 1 − α·λ.
    if rate * l2 > 2:
        cause = (
            f"The learning rate {rate:g} times the L2 strength {l2:g} is above 2, so that each "
            "step throws the weights further than it pulls them back. Lower one of the two."
        )
    else:
        cause = (
            f"The usual cause is a learning rate that is too high, and {rate:g} is in force: each "
            "step jumps over the minimum and lands higher up. Try a tenth of it."
        )
    return f"Training stopped at step {step:,}: the loss {what}. {cause}"
