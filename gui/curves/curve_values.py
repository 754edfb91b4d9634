"""What a run measured at one step, or in the bucket that holds it, as text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.history.spread import Spread
from core.wording import percent
from gui.curves.live_run import LiveRun


def loss_text(run: LiveRun, step: int) -> str:
    """Return two lines: when a step was made, and the losses there."""
    return _text(run, step, "loss", "{:.3f}".format)


def accuracy_text(run: LiveRun, step: int) -> str:
    """Return two lines: when a step was made, and the accuracies there."""
    return _text(run, step, "accuracy", percent)


def _text(run: LiveRun, step: int, what: str, form: Callable[[float], str]) -> str:
    batches = run.trained(f"batch_{what}")
    item = _item_of(batches, step)
    moment = run.moment(int(item.before[0]) + 1, int(item.count[0]))
    others = [f"smoothed {form(batches.smoothed(item)[0])}"]
    if what == "loss" and (penalty := _item_of(run.trained("regularization_loss"), step)).mean[0]:
        others.insert(0, f"L2 {penalty.mean[0]:.3f}")
    for title in ("validation", "test"):
        steps, evaluated = run.evaluated(f"{title}_{what}", run.steps + 1)
        place = int(np.searchsorted(steps, step, side="right"))
        if not evaluated[place : place + 1].is_thinned:  # a bucket, that the step lies in
            place -= 1
        if 0 <= place < len(evaluated):
            others.append(f"{title} {_value(evaluated[place : place + 1], form)}")
    return f"{moment}   batch {_value(item, form)}\n{'   '.join(others)}"


def _item_of(batches: Spread, step: int) -> Spread:
    place = int(np.searchsorted(batches.count, step))
    return batches[place : place + 1]


def _value(item: Spread, form: Callable[[float], str]) -> str:
    """Return the value of an item, or its mean, least and largest."""
    mean, low, high = (form(values[0]) for values in (item.mean, item.low, item.high))
    return f"{mean} ({low}–{high})" if item.is_thinned else mean
