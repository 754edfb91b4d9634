"""When a run has reached what it was meant to reach."""

from __future__ import annotations

import numpy as np

from core.config import Hyperparameters
from core.history import History


def stop_reason(history: History, hyperparameters: Hyperparameters) -> str | None:
    """Say why training should stop at the end of this epoch, or return None if it should go on.

    The accuracy that counts is that on the validation split; without one, that of the epoch's
    batches. The test set decides nothing. A reason is given for one epoch only, so that whoever
    trains on after it is left in peace.
    """
    validation = history.epoch_validation_accuracies
    accuracies = validation if len(validation) else history.epoch_accuracies
    epochs = len(accuracies)
    if hyperparameters.epochs == epochs:
        return f"{epochs:,} epochs are done."
    target, patience = hyperparameters.target_accuracy, hyperparameters.patience
    newest, best_before = accuracies[-1], accuracies[:-1].max(initial=0.0)
    # In float32, as accuracies are kept: 0.9 is a little less there.
    if target is not None and best_before < np.float32(target) <= newest:
        return f"The accuracy of {target:.2%} is reached."
    if patience is not None and epochs - 1 - accuracies.argmax() == patience:
        return f"The accuracy has not improved for {patience:,} epochs."
    return None
