"""The y axis: what is drawn for losses and accuracies, and its range.

Ranges hold what matters, and change seldom while the run continues. A run that diverges does not
decide them, or it would flatten all others; the chart marks where its curve leaves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gui.curves.chart import Array

_LEAST_LOSS = 1e-6
"""Smaller losses are drawn as this one: a logarithmic scale has no zero."""

UNSETTLED = 0.05
"""First share of a run, whose large losses do not count for the range: they would flatten the
rest."""

_OUTLIERS = 0.02
"""Share of a curve's values that may be left out at each end, if they are far from the others."""

_GUESS, _LEAST_GUESS = 1.3, math.log(2)
"""A loss up to this many times that of an untrained network always has its place. Of two classes,
it guesses with a loss of ln 2; a run that begins below that has learned before, as a branch has."""

_LEAP, _LOG_LEAP = 5.0, 100.0
"""A run whose largest loss is more than this many times that of the next calmer run diverges."""


def as_percent(share: NDArray[np.floating]) -> Array:
    """Return shares, 0…1, in percent."""
    return np.asarray(100 * share, float)


def scaled_loss(loss: NDArray[np.floating], is_log: bool) -> Array:
    """Return what is drawn for losses: the losses, or their logarithms to base 10."""
    drawn: Array = np.maximum(loss, _LEAST_LOSS, dtype=float)
    return np.log10(drawn, out=drawn) if is_log else drawn


@dataclass(frozen=True, eq=False)
class RunValues:
    """The losses or accuracies of a run that count for the range.

    Attributes
    ----------
    first
        At its start; NaN: unknown.
    curves
        (n,) each, finite.
    """

    first: float
    curves: Sequence[Array]

    @cached_property
    def highest(self) -> float:
        """The largest value, without outliers; NaN without any."""
        return max((_highest(values) for values in self.curves if len(values)), default=math.nan)

    @cached_property
    def lowest(self) -> float:
        """The smallest value, likewise."""
        return min((_lowest(values) for values in self.curves if len(values)), default=math.nan)


def calm_runs(runs: Sequence[RunValues], is_log: bool) -> list[bool]:
    """Return for each run whether its losses are near those of others, or of untrained networks.

    At least one run is calm, and so is each without a known loss.
    """
    leap = _LOG_LEAP if is_log else _LEAP
    firsts = [run.first for run in runs if _LEAST_GUESS <= run.first < math.inf]
    limit = _GUESS * min(firsts, default=0.0)
    calm = [True] * len(runs)
    known = [index for index, run in enumerate(runs) if math.isfinite(run.highest)]
    before = math.inf
    for index in sorted(known, key=lambda index: runs[index].highest):
        highest = runs[index].highest
        calm[index] = highest <= max(limit, leap * before)
        before = highest if calm[index] else before
    return calm


def loss_range(runs: Sequence[RunValues], is_log: bool) -> tuple[float, float]:
    """Return the range for these losses: whole powers of ten if the scale `is_log`."""
    tops = [run.highest for run in runs if math.isfinite(run.highest)]
    if not is_log:
        # A network that guesses begins at ln 10.
        return 0.0, _round_up(1.05 * max(0.01, *tops)) if tops else 2.5
    lows = [run.lowest for run in runs if math.isfinite(run.lowest)]
    least = math.floor(math.log10(max(min(0.1, *lows, 1), _LEAST_LOSS)))
    most = math.ceil(math.log10(max(0.1, *tops, 0)))
    return least, max(most, least + 1)


def accuracy_range(runs: Sequence[RunValues]) -> tuple[float, float]:
    """Return the range for these accuracies, 0…1, in percent."""
    lows = [100 * run.lowest for run in runs if math.isfinite(run.lowest)]
    lowest = min(lows, default=0.0)
    return next(
        float(floor) for floor in (98, 95, 90, 80, 50, 0) if floor <= lowest - 0.5 or not floor
    ), 100.0


def _highest(values: Array) -> float:
    """Return the largest value, without a few that are far above the others."""
    most = float(values.max())
    usual = _ranked(values, 1 - _OUTLIERS)
    return most if most <= 2 * usual else usual


def _lowest(values: Array) -> float:
    """Return the smallest value, without a few that are far below the others."""
    least = float(values.min())
    usual = _ranked(values, _OUTLIERS)
    return least if least >= usual / 2 else usual


def _ranked(values: Array, share: float) -> float:
    """Return the value that this share of them are below; a fifth of the time of np.quantile."""
    place = round(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def _round_up(value: float) -> float:
    """Return the next number of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 1.5, 2, 3, 5, 7, 10) if value <= power * step)
