"""A long series of numbers, thinned out for drawing without hiding a spike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.history import Series

_Array = NDArray[np.float64]


@dataclass(frozen=True)
class Thinned:
    """A part of a series in buckets of equal width; all arrays are (buckets,), float64.

    Attributes
    ----------
    x
        Middle of each bucket, as an index into the series plus one: the step after which the
        value was there.
    low, high, mean
        Of the values in the bucket.
    width
        Values per bucket; 1 means that nothing was thinned out.
    """

    x: _Array
    low: _Array
    high: _Array
    mean: _Array
    width: int


_BASE = 16
"""Width of the narrowest buckets that are kept; narrower ones are quick to work out anew."""


class Pyramid:
    """Minima, maxima and means of a growing series, in buckets of 16, 32, 64, … values.

    The edges of the buckets are fixed, so a drawn point stays as it is while the series grows;
    thinning out by strides or by the newest window would make the curve wiggle. Adding n values
    costs a few n operations, whatever the length.
    """

    def __init__(self) -> None:
        self._values: NDArray[np.float32] = np.empty(0, np.float32)
        # levels[k] holds the low, high and mean of the complete buckets of 16·2**k values.
        self._levels: list[tuple[Series, Series, Series]] = []

    def __len__(self) -> int:
        return len(self._values)

    def update(self, values: NDArray[np.float32]) -> None:
        """Take over the series as it is now; it may have grown at its end, or begun anew."""
        if len(values) < len(self._values):
            self._levels = []
        self._values = values
        level = 0
        while complete := len(values) // (_BASE << level):
            if level == len(self._levels):
                self._levels.append((Series(np.float32), Series(np.float32), Series(np.float32)))
            buckets = self._levels[level]
            done = len(buckets[0])
            if level:
                below = self._levels[level - 1]
                low, high, mean = (s.values[2 * done : 2 * complete] for s in below)
                fresh = _reduce(low, high, mean, width=2)
            else:
                part = values[_BASE * done : _BASE * complete]
                fresh = _reduce(part, part, part, width=_BASE)
            for series, new in zip(buckets, fresh, strict=True):
                series.extend(new)
            level += 1

    def thin(self, begin: int, end: int, buckets: int) -> Thinned:
        """Return the values [begin, end) in at most about `buckets` buckets.

        What does not yet fill a bucket at the end is a smaller bucket of its own, so that the
        newest value is always there.
        """
        begin, end = max(begin, 0), min(end, len(self._values))
        width = 1
        while (end - begin) // width > buckets:
            width *= 2
        first, last = begin // width, end // width
        if width < _BASE:
            part = self._values[first * width : last * width]
            low, high, mean = _reduce(part, part, part, width)
        else:
            level = self._levels[(width // _BASE).bit_length() - 1]
            low, high, mean = (series.values[first:last] for series in level)
        x = (np.arange(first, last, dtype=float) + 0.5) * width + 0.5
        rest = self._values[last * width : end]
        if len(rest):
            x = np.append(x, last * width + (len(rest) + 1) / 2)
            low, high = np.append(low, rest.min()), np.append(high, rest.max())
            mean = np.append(mean, rest.mean())
        return Thinned(
            np.asarray(x, float), low.astype(float), high.astype(float), mean.astype(float), width
        )


def _reduce(
    low: NDArray[np.float32], high: NDArray[np.float32], mean: NDArray[np.float32], width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Merge each `width` neighbours."""
    return (
        low.reshape(-1, width).min(axis=1),
        high.reshape(-1, width).max(axis=1),
        mean.reshape(-1, width).mean(axis=1),
    )


def envelope(x: _Array, low: _Array, high: _Array) -> tuple[_Array, _Array]:
    """Return a line that goes from low to high in each bucket, (2·buckets,) each."""
    return np.repeat(x, 2), np.column_stack((low, high)).ravel()
