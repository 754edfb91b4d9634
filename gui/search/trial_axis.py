"""Where the values of trials lie along an axis, and which of them are written there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.search.results import SearchResults
from core.search.varied import Varied
from core.search.varied_settings import Value
from core.wording import numeral, percent
from gui.curves.chart_ticks import log_ticks, ticks

Array = NDArray[np.float64]
Ticks = list[tuple[float, str]]

_HIGHEST = 0.9999
"""A higher accuracy lies there: without errors there is no logarithm of them."""

_ROUND = (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999)
_FEW = 3
_MARGIN = 0.04
_GOLDEN = 0.6180339887498949
_SPREAD = 0.5
"""Share of its room that a listed value takes."""
_GAP = 8.0
"""Least distance of two texts, in pixels."""


@dataclass(frozen=True, eq=False)
class TrialAxis:
    """An axis from 0 to 1, with the values of all trials on it.

    Attributes
    ----------
    title
        What it is about.
    places
        float64, (n,): 0…1, where each trial lies; NaN for one without a value.
    ticks
        Returns about as many round values, and their texts.
    cells
        How many cells a heat map has along it.
    is_listed
        Whether many trials have the same few values.
    """

    title: str
    places: Array
    ticks: Callable[[int], Ticks]
    cells: int
    is_listed: bool = False

    def spread(self, trials: NDArray[np.int64]) -> Array:
        """Return places, (n,), at which trials of the same listed value lie side by side.

        A trial that is alone with its value lies at the value.
        """
        if not self.is_listed:
            return self.places
        _values, which, counts = np.unique(self.places, return_inverse=True, return_counts=True)
        # The golden ratio puts those that follow each other far apart.
        beside = np.where(counts[which] > 1, (trials * _GOLDEN) % 1 - 0.5, 0)
        return np.asarray(self.places + _SPREAD * beside / self.cells)

    def cell_of(self, places: Array) -> NDArray[np.intp]:
        """Return the cells, 0 to `cells` − 1, in which places lie."""
        cells = np.floor(np.nan_to_num(places) * self.cells).astype(np.intp)
        return np.clip(cells, 0, self.cells - 1)


_CELLS = 8
"""Of a range, in a heat map."""


def setting_axis(results: SearchResults, setting: int) -> TrialAxis:
    """Return the axis of one of the settings that vary."""
    varied, values = results.varied[setting], results.values[:, setting]
    title = varied.setting.title
    if varied.values:
        count = len(varied.values)
        texts = [value_text(value) for value in varied.values]
        named = [((place + 0.5) / count, text) for place, text in enumerate(texts)]
        return TrialAxis(title, (values + 0.5) / count, lambda _most: named, count, is_listed=True)
    scale: Callable[[Array], Array] = np.log10 if varied.is_log else np.asarray
    low, high = (float(scale(np.asarray(end))) for end in (varied.low, varied.high))
    places = (scale(values) - low) / (high - low)
    cells = _CELLS
    if varied.setting.kind == "whole":
        cells = min(_CELLS, round(varied.high - varied.low) + 1)

    def round_ticks(most: int) -> Ticks:
        of_axis = log_ticks(low, high, most) if varied.is_log else ticks(low, high, most)
        found = [((place - low) / (high - low), text) for place, text in of_axis]
        if varied.setting.kind == "whole" and not varied.is_log:
            found = [(place, text) for place, text in found if text.isdigit()] or found
        return found if len(found) > 1 else _ends(varied)

    return TrialAxis(title, places, round_ticks, cells)


def _ends(varied: Varied) -> Ticks:
    return [(0.0, numeral(varied.low, "g")), (1.0, numeral(varied.high, "g"))]


def value_text(value: Value, spec: str = "g") -> str:
    """Return a value as text; `spec` is for numbers that are not whole."""
    if isinstance(value, str):
        return value
    return numeral(value) if isinstance(value, int) else numeral(value, spec)


def error_scale(accuracy: Array) -> Array:
    """Return accuracies on a scale where halving the errors is always the same rise."""
    return np.asarray(-np.log10(1 - np.clip(accuracy, 0, _HIGHEST)))


def accuracy_axis(accuracy: Array) -> TrialAxis:
    """Return the axis of the accuracies, 0…1, (n,), from a little below the lowest."""
    scaled = error_scale(accuracy)
    low, high = (float(scaled.min()), float(scaled.max())) if len(scaled) else (0.0, 1.0)
    margin = max(_MARGIN * (high - low), 0.002)
    low, high = low - margin, high + margin

    def place(value: Array) -> Array:
        return np.asarray((error_scale(value) - low) / (high - low))

    def round_ticks(most: int) -> Ticks:
        found = _within((float(place(np.asarray(each))), each) for each in _ROUND)
        if len(found) >= _FEW:
            return found
        least, greatest = (1 - 10.0**-end for end in (low, high))
        percents = [each / 100 for each, _ in ticks(100 * least, 100 * greatest, max(most, 2))]
        return _within((float(place(np.asarray(each))), each) for each in percents)

    return TrialAxis("Accuracy", place(accuracy), round_ticks, _CELLS)


def _within(found: Iterable[tuple[float, float]]) -> Ticks:
    return [(place, _percent(each)) for place, each in found if 0 <= place <= 1]


def _percent(share: float) -> str:
    decimals = next(
        d for d in range(4) if math.isclose(round(100 * share, d), 100 * share) or d == 3
    )
    return percent(share, decimals)


def spaced(found: Ticks, length: float, size: Callable[[str], float]) -> Ticks:
    """Return those of the ticks whose texts do not touch on an axis of `length` pixels.

    `size` returns the extent of a text along the axis.
    """
    kept: Ticks = []
    end = -math.inf
    for place, text in sorted(found):
        half = size(text) / 2
        if place * length - half >= end:
            kept.append((place, text))
            end = place * length + half + _GAP
    return kept
