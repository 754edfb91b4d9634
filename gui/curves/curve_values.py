"""What a run measured at one step, in words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.history import History, Series
from core.wording import percent


def loss_text(history: History, step: int, window: int) -> str:
    """Return the losses of a step, in two lines; `window` batches are smoothed over."""
    l2 = history.regularization_loss.values[step - 1]
    others = _others(
        history,
        step,
        window,
        history.batch_loss,
        history.validation_loss,
        history.test_loss,
        "{:.3f}".format,
    )
    penalty = f"L2 {l2:.3f}   " if l2 else ""
    return f"batch {history.batch_loss.values[step - 1]:.3f}\n{penalty}{others}"


def accuracy_text(history: History, step: int, window: int) -> str:
    """Return the accuracies of a step, likewise."""
    others = _others(
        history,
        step,
        window,
        history.batch_accuracy,
        history.validation_accuracy,
        history.test_accuracy,
        percent,
    )
    return f"batch {percent(history.batch_accuracy.values[step - 1])}\n{others}"


def _others(
    history: History,
    step: int,
    window: int,
    batch: Series,
    validation: Series,
    test: Series,
    form: Callable[[float], str],
) -> str:
    texts = ["smoothed " + form(batch.values[max(step - window, 0) : step].mean())]
    before = np.searchsorted(history.evaluation_step.values, step, side="right")
    for title, series in (("validation", validation), ("test", test)):
        if before and series:
            texts.append(f"{title} " + form(series.values[before - 1]))
    return "   ".join(texts)
