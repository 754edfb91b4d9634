"""Finds straight, nearly horizontal lines in the ink of a picture.

Straight strips of the picture that are full of ink are segments, and a line is fitted to those that
hang together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask
from core.pictures.pieces import CONNECTED

_SLOPES = np.tan(np.radians(np.arange(-13.5, 13.6, 0.75)))
"""A page may lie askew by 10°, and a little more where it is seen at an angle."""

_FINE_SLOPES = np.tan(np.radians(np.arange(-15, 15.1, 0.5)))

_VOTERS = 3_000
"""Pixels, at most, of which a line is sought that passes most."""

STEEPEST = math.tan(math.radians(15))
"""A steeper line is a stroke: segments are found inside of a thick one at any angle."""

_FULL, _SHORT = 0.87, 8
"""The part of a strip that is ink where it lies on a line; a short one, of this length in pixels of
half the resolution, is ink from end to end."""

_COVERED = 0.9
"""The part of a line that is ink: of one through a row of digits, less is."""

SLENDER = 12
"""A line is at least this many times as long as it is thick: the stroke of a 1 is not."""

TOUCHING = 2
"""Pixels between a line and what touches it: the soft edge of the line."""

_FEWEST = 10
"""Columns, at least, that tell where a line is."""

_BREAK = 24
"""Pixels on both sides of a break in a line: a thin one that is askew is a flight of steps."""

_BEYOND = 32
"""Pixels that a line is followed beyond both ends: there, strips are not full."""

Runs = NDArray[np.int16]
"""Of each pixel, the length of the vertical run of ink that it is in, (h, w); 0 where none is."""


class Line(NamedTuple):
    """A line: its columns and its row in each, (n,), and how thick it is, in pixels."""

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    thickness: float

    def off(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how far pixels are above or below the line."""
        return np.abs(rows - np.interp(columns, self.columns, self.rows))


def lines_in(mask: Mask, shortest: float) -> Iterator[tuple[Line, int]]:
    """Yield the lines of a mask, (h, w), and how long each is, in pixels.

    They are sought where segments that hang together extend over `shortest` pixels or more.
    """
    segments = _on_segments(mask)
    bridged = ndimage.maximum_filter(segments, (3, 2 * _BREAK + 1))
    labels, _ = ndimage.label(bridged, CONNECTED)
    labels *= segments
    runs = run_lengths(mask)
    for number, where in enumerate(ndimage.find_objects(labels), 1):
        if where[1].stop - where[1].start >= shortest:
            rows, columns = np.nonzero(labels[where] == number)
            rows, columns = rows + where[0].start, columns + where[1].start
            yield from _lines_through(rows, columns, runs, shortest)


def _lines_through(
    rows: NDArray[np.intp], columns: NDArray[np.intp], runs: Runs, shortest: float
) -> Iterator[tuple[Line, int]]:
    """Yield the lines through connected pixels on segments, and how long each is.

    The digits between two lines may connect them.
    """
    while columns.size and np.ptp(columns) >= shortest:
        near = np.ones(len(columns), np.bool_)
        line = _fitted(rows, columns, runs)
        if line is None or line.off(rows, columns).mean() > line.thickness:
            near = _on_longest(rows, columns)
            if len(np.unique(columns[near])) < shortest:
                return
            line = _fitted(rows[near], columns[near], runs)
        if line is not None:
            near &= line.off(rows, columns) <= line.thickness + TOUCHING
            yield line, int(np.ptp(columns[near])) + 1
        rows, columns = rows[~near], columns[~near]


def _on_longest(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Mask:
    """Return which pixels lie near the straight line that passes most of them (Hough)."""
    width = max(4, int(np.ptp(columns)) // 100)
    voters = slice(None, None, max(1, len(rows) // _VOTERS))
    offsets = rows[voters] - _FINE_SLOPES[:, None] * columns[voters]
    strips = ((offsets - offsets.min()) / width).astype(np.intp)
    count = int(strips.max()) + 1
    votes = np.bincount((strips + count * np.arange(len(strips))[:, None]).ravel())
    best, strip = divmod(int(votes.argmax()), count)
    middle = offsets.min() + (strip + 0.5) * width
    near: Mask = np.abs(rows - _FINE_SLOPES[best] * columns - middle) <= width
    return near


def _on_segments(mask: Mask) -> Mask:
    """Return the pixels of straight segments as long as a strip, in half the resolution."""
    height, width = mask.shape
    half = np.maximum.reduceat(mask, np.arange(0, height, 2), axis=0)
    half = np.maximum.reduceat(half, np.arange(0, width, 2), axis=1)
    step = int(np.clip(max(mask.shape) / 100, 2, 8))
    strip = 4 * step
    least = strip if strip <= _SHORT else _FULL * strip
    reach = strip // 4
    padded = np.pad(half, ((reach, reach), (0, -half.shape[1] % step))).astype(np.uint8)
    rows, strips = padded.shape[0], padded.shape[1] // step - 3
    found = np.zeros(padded.shape, np.bool_)
    columns = [np.ascontiguousarray(padded[:, c::step][:, : max(0, strips)]) for c in range(strip)]
    for slope in _SLOPES if strips > 0 else ():
        shifts = np.rint(slope * (np.arange(strip) - (strip - 1) / 2)).astype(int).tolist()
        total = np.zeros((rows, strips), np.uint8)
        for shift, column in zip(shifts, columns, strict=True):
            low, high = max(0, -shift), rows - max(0, shift)
            total[low:high] += column[low + shift : high + shift]
        y, k = np.nonzero(total >= least)
        for c, shift in enumerate(shifts):
            found[np.clip(y + shift, 0, rows - 1), k * step + c] = True
    found = found[reach : rows - reach, : half.shape[1]]
    segments: Mask = found.repeat(2, 0).repeat(2, 1)[:height, :width] & mask
    return segments


def run_lengths(mask: Mask) -> Runs:
    """Return of each pixel of a mask, (h, w), how long the vertical run is that it is in."""
    height = len(mask)
    y = np.arange(height, dtype=np.int16)[:, None]
    before = np.maximum.accumulate(np.where(mask, np.int16(-1), y), axis=0)
    after = np.minimum.accumulate(np.where(mask, np.int16(height), y)[::-1], axis=0)[::-1]
    return (after - before - np.int16(1)) * mask


def _fitted(rows: NDArray[np.intp], columns: NDArray[np.intp], runs: Runs) -> Line | None:
    """Fit a line, slightly bent at most, to pixels on segments; None if it is none.

    Strokes that cross it, which have longer runs, are outliers.
    """
    first, last = int(columns.min()), int(columns.max()) + 1
    thickness = float(np.percentile(runs[rows, columns], 30))
    if last - first < SLENDER * thickness:
        return None
    thin = runs[rows, columns] <= 1.3 * thickness + 1
    rows, columns = rows[thin], columns[thin]
    x = (2 * columns - first - last) / (last - first)
    near = np.ones(len(x), np.bool_)
    for _ in range(4):
        if len(np.unique(columns[near])) < _FEWEST:
            return None
        path = Polynomial.fit(x[near], rows[near], 2, domain=[-1, 1])
        off = np.abs(rows - path(x))
        near = off <= max(thickness / 2 + 1, 1.5 * float(np.median(off[near])))
    if abs(path(1.0) - path(-1.0)) > STEEPEST * (last - first):
        return None
    along = np.arange(max(0, first - _BEYOND), min(runs.shape[1], last + _BEYOND))
    at = np.rint(path((2 * along - first - last) / (last - first))).astype(np.intp)
    inside = (at >= 0) & (at < len(runs))
    along, at = along[inside], at[inside]
    between = (along >= first) & (along < last)
    beside = np.clip(at[between] + np.array([[-1], [0], [1]]), 0, len(runs) - 1)
    is_ink = (runs[beside, along[between]] > 0).any(axis=0)
    if np.count_nonzero(is_ink) < _COVERED * (last - first):
        return None
    return Line(along, at, float(np.median(runs[rows[near], columns[near]])))
