"""Ranges of the y axis: wide enough for what matters, and stable while the run goes on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LEAST_LOSS = 1e-6
"""Smaller losses are drawn as this one: a logarithmic scale has no zero."""

_Array = NDArray[np.float64]


def loss_range(values: _Array) -> tuple[float, float]:
    """Return the range for these losses, (n,), on a linear scale."""
    if not len(values):
        return 0.0, 2.5  # a network that guesses begins at ln 10
    return 0.0, _round_up(1.05 * values.max(initial=0.01))


def log_loss_range(values: _Array) -> tuple[float, float]:
    """Return the range of the logarithms of these losses, (n,): whole powers of ten."""
    least = math.floor(math.log10(max(values.min(initial=0.1), LEAST_LOSS)))
    most = math.ceil(math.log10(values.max(initial=0.1)))
    return least, max(most, least + 1)


def accuracy_range(values: _Array) -> tuple[float, float]:
    """Return the range for these accuracies, (n,), in percent."""
    lowest = values.min() if len(values) else 0.0
    return next(
        float(floor) for floor in (98, 95, 90, 80, 50, 0) if floor <= lowest - 0.5 or not floor
    ), 100.0


def _round_up(value: float) -> float:
    """Return the next number of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 1.5, 2, 3, 5, 7, 10) if value <= power * step)
