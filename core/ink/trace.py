"""Where a stroke or a picture has ink, and how close it is to what was drawn before.

A trace grows with its stroke, so that a pen that moves on costs only what is new.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.ink.drawing import RASTER_SIDE, Picture, Stroke

ROW = 4
"""Height of a row in units."""

_ROWS = RASTER_SIDE // ROW

_STEP = 2.0
"""Largest distance between neighboring places in units: lines that cross come as close as that."""

_AT_ONCE = 256
"""Places whose distances are computed together: of long strokes there are millions."""

_SEEN = 1.0
"""Units by which the ink of a place beside the pad reaches over its edge, so that it is seen."""

_TOGETHER = 1.0
"""Distances in units are at least this: closer lines are one."""

Places = NDArray[np.complex128]
"""Places, (n,), as x + iy, in units."""


class Trace:
    """A stroke or a picture as places on the pad: those of the pen, or all that have ink.

    What lies so far beside the pad that none of its ink is on it does not count.

    Parameters
    ----------
    index
        How many traces there are before this one.
    earlier
        Those to which the distance is measured, from the first on; they are complete.

    Attributes
    ----------
    index
        As above.
    top, bottom, left, right
        How far it reaches, in units; top is inf while there is no place.
    low, high
        float64, (70,): the least and the largest x in each row; inf and -inf where it has no place.
    near
        The distance to each earlier trace, in units, at least 1.
    is_line
        Whether it is a stroke: its places are in the order of the pen.
    size
        Grows with what it follows.
    width
        The largest width of the pen, in units.
    """

    def __init__(self, index: int, earlier: Sequence[Trace]) -> None:
        self.is_line = False
        self.size = 0
        self.index = index
        self.top = self.left = math.inf
        self.bottom = self.right = -math.inf
        self.low: NDArray[np.float64] = np.full(_ROWS, np.inf)
        self.high: NDArray[np.float64] = np.full(_ROWS, -np.inf)
        self.near = [math.inf] * len(earlier)
        self.width = 0.0
        self._earlier = tuple(earlier)
        self._places: list[Places] = []
        self._sparse: list[Places] = []
        self._covered = np.zeros((RASTER_SIDE, RASTER_SIDE), np.bool_)
        self._points = 0

    @property
    def is_empty(self) -> bool:
        """Whether it has no place on the pad."""
        return not self._places

    @property
    def height(self) -> float:
        """How far it reaches from top to bottom."""
        return self.bottom - self.top

    @property
    def places(self) -> Places:
        """All places, (n,); at least one."""
        if len(self._places) > 1:
            self._places = [np.concatenate(self._places)]
        return self._places[0]

    @property
    def sparse(self) -> Places:
        """Places of which no two are in the same square of a unit, (m,); at least one."""
        if len(self._sparse) > 1:
            self._sparse = [np.concatenate(self._sparse)]
        return self._sparse[0]

    def follow(self, item: Stroke | Picture) -> None:
        """Add what was drawn of a stroke since the last call, or all places of a picture's ink."""
        if isinstance(item, Picture):
            if not self.size:
                self.size = 1
                rows, columns = np.nonzero(item.ink[ROW // 2 :: ROW, ROW // 2 :: ROW] > 127)
                self._add((columns + 0.5) * ROW + 1j * (rows + 0.5) * ROW)
            return
        self.is_line, self.size = True, len(item.line)
        begin, self._points = self._points, len(item.points)
        new = item.points[max(begin - 1, 0) :]
        if begin < self._points:
            self.width = max(self.width, *(point.width for point in new))
            at = [complex(point.x, point.y) for point in new]
            first = [np.array(at[:1])] if begin == 0 else []
            self._add(np.concatenate([*first, *(_between(a, b) for a, b in pairwise(at))]))

    def _add(self, places: Places) -> None:
        x, y = places.real, places.imag
        inside = (np.minimum(x, y) >= 0) & (np.maximum(x, y) < RASTER_SIDE)
        if not inside.all():
            beside = places - np.clip(x, 0, RASTER_SIDE) - 1j * np.clip(y, 0, RASTER_SIDE)
            places = places[inside | (np.abs(beside) <= self.width / 2 - _SEEN)]
            x, y = places.real, places.imag
        if not len(places):
            return
        rows = np.clip(y / ROW, 0, _ROWS - 1).astype(np.intp)
        np.minimum.at(self.low, rows, x)
        np.maximum.at(self.high, rows, x)
        self.top, self.bottom = min(self.top, float(y.min())), max(self.bottom, float(y.max()))
        self.left, self.right = min(self.left, float(x.min())), max(self.right, float(x.max()))
        self._places.append(places)
        self._measure(places)

    def _measure(self, new: Places) -> None:
        """Measure how close new places are to the earlier traces.

        Of those in the same square of a unit, the first counts, so that a scribble that fills the
        pad has no more than the pad has squares.
        """
        x, y = np.clip([new.real, new.imag], 0, RASTER_SIDE - 1).astype(np.intp)
        _, first = np.unique(y * RASTER_SIDE + x, return_index=True)
        first = first[~self._covered[y[first], x[first]]]
        self._covered[y, x] = True
        new = new[np.sort(first)]
        self._sparse.append(new)
        for other in self._earlier:
            if other.is_empty:
                continue
            for begin in range(0, len(new), _AT_ONCE):
                if self.near[other.index] <= _TOGETHER:
                    break
                part = new[begin : begin + _AT_ONCE, None]
                near = max(_TOGETHER, float(np.abs(part - other.sparse).min()))
                self.near[other.index] = min(self.near[other.index], near)


def _between(a: complex, b: complex) -> Places:
    """Return places from a, without it, to b."""
    steps = max(1, math.ceil(abs(b - a) / _STEP))
    return np.asarray(a + (b - a) / steps * np.arange(1, steps + 1))
