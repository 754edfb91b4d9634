"""How the learning rate changes during a run: a factor of 0…1 at each moment.

With t the share of the run that is done, 0…1, after the warm-up:

constant    1
step        1, then 0.1 from t = 1/2 on, then 0.01 from t = 3/4 on
cosine      (1 + cos(π·t)) / 2                              (Loshchilov and Hutter 2017)
one-cycle   from 1/25 up to 1 at t = 0.3, then down to 1/250,000, each along a half cosine
            (Smith and Topin 2019)

During the warm-up, the factor rises linearly from 0 to 1 (Goyal et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from core.settings.config import Hyperparameters, ScheduleName
from core.wording import numeral

_RISE = 0.3
_FIRST = 1 / 25
_LAST = _FIRST / 10_000
_NEGLIGIBLE = 1e-3
"""Below this share of the highest learning rate, steps hardly change the network."""


def learning_rate_at(epochs: float, hyperparameters: Hyperparameters) -> float:
    """Return the learning rate after `epochs` epochs, a fraction; constant after the last epoch."""
    rate, warm_up = hyperparameters.learning_rate, hyperparameters.warm_up
    if epochs < warm_up:
        return rate * epochs / warm_up
    if hyperparameters.epochs is None or hyperparameters.epochs == warm_up:
        return rate
    t = min(1.0, (epochs - warm_up) / (hyperparameters.epochs - warm_up))
    return rate * SCHEDULES[hyperparameters.schedule](t)


def after_the_end(hyperparameters: Hyperparameters) -> str | None:
    """Describe training after the end of the schedule; None if the learning rate stays high.

    It is a clause in lower case, to follow words that say which epochs it is about.
    """
    highest, epochs = hyperparameters.learning_rate, hyperparameters.epochs
    if hyperparameters.schedule == "constant" or epochs is None:
        return None
    last = learning_rate_at(epochs, hyperparameters)
    if last >= highest:
        return None
    if last == 0:
        return "the learning rate stays at 0, so that nothing more is learned"
    effect = "almost nothing more" if last < _NEGLIGIBLE * highest else "little more"
    return f"the learning rate stays at {numeral(last, '.2g')}, so that {effect} is learned"


def _step(t: float) -> float:
    if t < 1 / 2:
        return 1.0
    return 0.1 if t < 3 / 4 else 0.01


def _one_cycle(t: float) -> float:
    if t < _RISE:
        return _between(_FIRST, 1.0, t / _RISE)
    return _between(1.0, _LAST, (t - _RISE) / (1 - _RISE))


def _between(first: float, last: float, t: float) -> float:
    """Interpolate from `first` to `last` along a half cosine, with t from 0 to 1."""
    return last + (first - last) * (1 + math.cos(math.pi * t)) / 2


SCHEDULES: dict[ScheduleName, Callable[[float], float]] = {
    "constant": lambda t: 1.0,
    "step": _step,
    "cosine": lambda t: _between(1.0, 0.0, t),
    "one-cycle": _one_cycle,
}
