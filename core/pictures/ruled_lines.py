"""Removes ruled lines and squares from the ink of a picture, but not the digits that cross them.

A line is found where straight, nearly horizontal or vertical strips of the picture are full of ink.
Of each column that it crosses only a short run of ink goes: a longer one is a digit's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask
from core.pictures.background import Gray
from core.pictures.pieces import CONNECTED, grown

_SLOPES = np.tan(np.radians(np.arange(-13.5, 13.6, 1.5)))
"""A page may lie askew by 10°, and a little more where it is seen at an angle."""

_FINE_SLOPES = np.tan(np.radians(np.arange(-15, 15.1, 0.5)))

_VOTERS = 3_000
"""Pixels, at most, of which a line is sought that passes most."""

_STEEPEST = math.tan(math.radians(15))
"""A steeper line is a stroke: segments are found inside of a thick one at any angle."""

_FAINT = 0.2
"""Lines are often paler than ink: they are sought above this level."""

_FULL = 0.9
"""The part of a strip that is ink where it lies on a line."""

_COVERED = 0.8
"""The part of a line that is ink: of one through a row of digits, less is."""

_SHORTEST = 0.15
"""The shortest line, as a part of the picture's longer side."""

_SLENDER = 12
"""A line is at least this many times as long as it is thick: the stroke of a 1 is not."""

_TOUCHING = 2
"""Pixels between a line and what touches it: the soft edge of the line."""

_FEWEST = 10
"""Columns, at least, that tell where a line is."""

_BREAK = 24
"""Pixels on both sides of a break in a line: a thin one that is askew is a flight of steps."""

_BEYOND = 32
"""Pixels that a line is followed beyond both ends: there, strips are not full."""

Runs = NDArray[np.int16]
"""Of each pixel, the length of the vertical run of ink that it is in, (h, w); 0 where none is."""

_ACROSS = 0.98
"""A line this long, as a part of the picture's side, goes across the picture: no stroke does."""

_ALONG, _GRID = 0.9, 3
"""A piece of ink is a grid or a box if this many lines are as long as this part of it."""

_RULED = 4
"""A page with this many lines is ruled, even if all are broken: a digit has fewer strokes."""

_LYING, _FLAT = 0.3, 2.5
"""A lying line may be shorter than the picture by the first part of it, if its piece of ink is this
many times as long as it is high. A standing one would be a 1."""


class _Line(NamedTuple):
    """A line: its columns and its row in each, (n,), and how thick it is, in pixels."""

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    thickness: float

    def off(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how far pixels are above or below the line."""
        return np.abs(rows - np.interp(columns, self.columns, self.rows))


class _Candidate(NamedTuple):
    """What may be a line, or the stroke of a digit.

    `piece` is the number of the piece of ink that it is a part of, `across` its length as a part of
    the picture's, and `along` as a part of the piece's; `flatness` is the piece's length over its
    height.
    """

    line: _Line
    piece: int
    across: float
    along: float
    flatness: float


def without_lines(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without ruled lines; itself if there are none."""
    mask = ink > _FAINT
    pieces, _ = ndimage.label(mask, CONNECTED)
    lying = _candidates(mask, pieces)
    standing = _candidates(np.ascontiguousarray(mask.T), pieces.T)
    in_piece = Counter(line.piece for line in [*lying, *standing] if line.along >= _ALONG)
    is_ruled = len(lying) + len(standing) >= _RULED
    chosen: tuple[list[_Line], list[_Line]] = ([], [])
    for found, kept in zip((lying, standing), chosen, strict=True):
        for line in found:
            is_flat = found is lying and line.across >= _LYING and line.flatness >= _FLAT
            if is_ruled or line.across >= _ACROSS or is_flat or in_piece[line.piece] >= _GRID:
                kept.append(line.line)
    if not any(chosen):
        return ink
    lines = _marked(mask, *chosen)
    lines |= _rungs(mask & ~lines, lines) | _rungs((mask & ~lines).T, lines.T).T
    if not (mask & ~lines).any():
        return ink
    soft_edge = grown(lines) & ~mask
    return np.where(lines | soft_edge, np.float32(0), ink)


def _marked(mask: Mask, lying: list[_Line], standing: list[_Line]) -> Mask:
    """Return the short runs of ink on lines, (h, w).

    Where two lines cross, both runs are long until the lines around have gone.
    """
    lines = np.zeros_like(mask)
    for _ in range(2):
        rest = mask & ~lines
        for found, part, marks in ((lying, rest, lines), (standing, rest.T, lines.T)):
            runs = _run_lengths(part)
            for line in found:
                _mark(marks, part, runs, line)
    return lines


def _rungs(rest: Mask, lines: Mask) -> Mask:
    """Return the short lines between two lines: the sides of the boxes of a form, (h, w).

    They are what is left of the ink that is slender and reaches from a line above to one below.
    """
    labels, _ = ndimage.label(rest, CONNECTED)
    near = grown(lines, _TOUCHING)
    areas = np.bincount(labels.ravel())
    found = np.zeros_like(rest)
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        ends = near[rows.start, columns], near[rows.stop - 1, columns]
        thickness = areas[number] / height
        is_slender = height >= _SLENDER * thickness and width <= _STEEPEST * height + 2 * thickness
        if is_slender and all(end.any() for end in ends):
            found[rows, columns] |= labels[rows, columns] == number
    return found


def _candidates(mask: Mask, pieces: NDArray[np.int32]) -> list[_Candidate]:
    """Return what may be nearly horizontal lines; `pieces` are the labels of connected ink."""
    segments = _on_segments(mask)
    bridged = ndimage.maximum_filter(segments, (3, 2 * _BREAK + 1))
    labels, count = ndimage.label(bridged, CONNECTED)
    labels *= segments
    if not count:
        return []
    runs, boxes = _run_lengths(mask), ndimage.find_objects(pieces)
    shortest = _SHORTEST * max(mask.shape)
    candidates = []
    for number, where in enumerate(ndimage.find_objects(labels), 1):
        if where[1].stop - where[1].start < shortest:
            continue
        rows, columns = np.nonzero(labels[where] == number)
        rows, columns = rows + where[0].start, columns + where[1].start
        for line, length in _lines_through(rows, columns, runs, shortest):
            on_line = pieces[line.rows, line.columns]
            piece = int(np.bincount(on_line[on_line > 0]).argmax())
            box = boxes[piece - 1]
            wide, high = (side.stop - side.start for side in (box[1], box[0]))
            sizes = length / mask.shape[1], length / wide, wide / high
            candidates.append(_Candidate(line, piece, *sizes))
    return candidates


def _lines_through(
    rows: NDArray[np.intp], columns: NDArray[np.intp], runs: Runs, shortest: float
) -> Iterator[tuple[_Line, int]]:
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
            near &= line.off(rows, columns) <= line.thickness + _TOUCHING
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
        y, k = np.nonzero(total >= _FULL * strip)
        for c, shift in enumerate(shifts):
            found[np.clip(y + shift, 0, rows - 1), k * step + c] = True
    found = found[reach : rows - reach, : half.shape[1]]
    segments: Mask = found.repeat(2, 0).repeat(2, 1)[:height, :width] & mask
    return segments


def _run_lengths(mask: Mask) -> Runs:
    height = len(mask)
    y = np.arange(height, dtype=np.int16)[:, None]
    before = np.maximum.accumulate(np.where(mask, np.int16(-1), y), axis=0)
    after = np.minimum.accumulate(np.where(mask, np.int16(height), y)[::-1], axis=0)[::-1]
    return (after - before - np.int16(1)) * mask


def _fitted(rows: NDArray[np.intp], columns: NDArray[np.intp], runs: Runs) -> _Line | None:
    """Fit a line, slightly bent at most, to pixels on segments; None if it is none.

    Strokes that cross it, which have longer runs, are outliers.
    """
    first, last = int(columns.min()), int(columns.max()) + 1
    thickness = float(np.percentile(runs[rows, columns], 30))
    if last - first < _SLENDER * thickness:
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
    if abs(path(1.0) - path(-1.0)) > _STEEPEST * (last - first):
        return None
    along = np.arange(max(0, first - _BEYOND), min(runs.shape[1], last + _BEYOND))
    at = np.rint(path((2 * along - first - last) / (last - first))).astype(np.intp)
    inside = (at >= 0) & (at < len(runs))
    along, at = along[inside], at[inside]
    between = (along >= first) & (along < last)
    if np.count_nonzero(runs[at[between], along[between]]) < _COVERED * (last - first):
        return None
    return _Line(along, at, float(np.median(runs[rows[near], columns[near]])))


def _mark(found: Mask, mask: Mask, runs: Runs, line: _Line) -> None:
    """Mark the short runs of ink on a line, in place."""
    longest = int(line.thickness) + 2
    for beside in (-1, 0, 1):
        rows = np.clip(line.rows + beside, 0, len(mask) - 1)
        short = mask[rows, line.columns] & (runs[rows, line.columns] <= longest)
        rows, columns = rows[short], line.columns[short]
        for direction in (-1, 1):
            going, y = np.ones(len(rows), np.bool_), rows
            for _ in range(longest):
                going = going & (y >= 0) & (y < len(mask))
                going[going] = mask[y[going], columns[going]]
                found[y[going], columns[going]] = True
                y = y + direction
