"""The y axis: what is drawn for losses and accuracies, and its range.

Ranges hold what matters, and change seldom while the run continues.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_LEAST_LOSS = 1e-6
"""Smaller losses are drawn as this one: a logarithmic scale has no zero."""

UNSETTLED = 0.05
"""First share of a run, whose large losses do not count for the range: they would flatten the
rest."""

_Array = NDArray[np.float64]


def without_start(smooth: _Array) -> _Array:
    """Return the values of a run, (n,), without those of its start."""
    return smooth[int(UNSETTLED * len(smooth)) :]


def as_percent(share: NDArray[np.floating]) -> _Array:
    """Return shares, 0…1, in percent."""
    return np.asarray(100 * share, float)


def scaled_loss(loss: NDArray[np.floating], is_log: bool) -> _Array:
    """Return what is drawn for losses: the losses, or their logarithms to base 10."""
    drawn: _Array = np.maximum(loss, _LEAST_LOSS, dtype=float)
    return np.log10(drawn, out=drawn) if is_log else drawn


def loss_range(values: _Array) -> tuple[float, float]:
    """Return the range for these losses, (n,), on a linear scale."""
    if not len(values):
        return 0.0, 2.5  # a network that guesses begins at ln 10
    return 0.0, _round_up(1.05 * values.max(initial=0.01))


def log_loss_range(values: _Array) -> tuple[float, float]:
    """Return the range of the logarithms of these losses, (n,): whole powers of ten."""
    least = math.floor(math.log10(max(values.min(initial=0.1), _LEAST_LOSS)))
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
