"""When a run has reached what it was meant to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.history.history import History
from core.settings.config import Hyperparameters
from core.training.saved_run import BestNetwork
from core.wording import counted, numeral, percent


@dataclass(frozen=True)
class Stop:
    """Why training should stop.

    Attributes
    ----------
    rule
        The setting that asks for it.
    reason
        The same in a sentence or two.
    """

    rule: Literal["epochs", "target", "patience"]
    reason: str


def find_stop(
    history: History, hyperparameters: Hyperparameters, best: BestNetwork | None = None
) -> Stop | None:
    """Say why training should stop at the end of this epoch, or return None if it should continue.

    The accuracy that counts is that on the validation split; without one, the mean over the images
    of the epoch, as they were trained on. The test set decides nothing. A reason is given for one
    epoch only, so that whoever trains on after it is left in peace.

    Parameters
    ----------
    best
        The network that is kept of the best epoch, if one is.
    """
    validation = history.epoch_validation_accuracies
    accuracies = validation if len(validation) else history.epoch_accuracies
    epochs = history.epochs.count
    if hyperparameters.epochs == epochs:
        done = "1 epoch is" if epochs == 1 else f"{numeral(epochs)} epochs are"
        return Stop("epochs", f"{done} done.")
    target, patience = hyperparameters.target_accuracy, hyperparameters.patience
    newest, best_before = accuracies[-1], accuracies[:-1].max(initial=0.0)
    # In float32, as accuracies are kept: 0.9 is a little less there.
    if target is not None and best_before < np.float32(target) <= newest:
        return Stop("target", f"The accuracy of {percent(target)} is reached.")
    since_best = len(accuracies) - 1 - int(accuracies.argmax())
    if patience is not None and since_best == patience:
        return Stop(
            "patience",
            f"The accuracy has not improved for {counted(patience, 'epoch')}. It was best after "
            f"epoch {numeral(epochs - since_best)}: "
            + _what_became_of_it(
                accuracies.max(), epochs - since_best, bool(len(validation)), best
            ),
        )
    return None


def _what_became_of_it(
    accuracy: float, epoch: int, is_validation: bool, best: BestNetwork | None
) -> str:
    """Say how good the best epoch was, by what, and what became of its network."""
    of = "the validation split" if is_validation else "its training images"
    text = f"{percent(accuracy)} of {of} correct. "
    if best is not None and best.epoch == epoch:
        return f"{text}That network is kept: evaluate, export and the pad use it, not the last one."
    return f"{text}The last network is kept: only a validation split can tell a better one."
