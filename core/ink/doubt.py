"""Whether a drawing looks like one digit at all: a network answers whatever it is shown.

Two kinds of drawings are recognized by their geometry alone. Digits side by side, as in "12", fall
into groups of lines that stand beside each other and are about equally high. A scribble is longer
than any digit, or has more sharp corners.

Measured on 7,494 digits of 30 people (UCI Pen-Based Recognition of Handwritten Digits): none falls
into two such groups; the longest line is 5.0 times as long as its digit is large, and no digit has
more than 4 sharp corners.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.ink.components import Box, Mask, box_around, label_components
from core.ink.drawing import RASTER_SIDE, Drawing, Picture, Stroke

_CELL = 4
"""Side of a grid cell in units; lines in neighboring cells count as touching."""

_CELLS = RASTER_SIDE // _CELL

_ABOVE_EACH_OTHER = 0.5
"""Pieces that share this part of the narrower one's width belong to one digit, such as the bar of a
5."""

_TALL = 0.6
"""A group at least this part of the drawing's height may be a digit of its own."""

_ALIGNED = 0.25
"""How far the tops, and the bottoms, of two such groups may differ, as a part of the drawing's
height. The left part of an open 4 ends higher than its bar."""

_LONGEST = 5.5
"""The longest line of a digit, in multiples of its longer side."""

_STEP = 0.1
"""Distance between the points among which corners are sought, in multiples of the digit's longer
side: the trembling of a hand is no corner."""

_SHARP = np.radians(100)
"""A corner is where the direction changes by more than this within two steps."""

_APART = 3
"""Fewer steps apart, two sharp turns are one corner."""

_MOST_CORNERS = 4

Line = NDArray[np.complex128]
"""Points of a stroke, (n,), as x + iy, in units."""


class Doubt(Enum):
    """Why a drawing is not taken for a digit."""

    SEVERAL = auto()
    SCRIBBLE = auto()


def doubt_about(drawing: Drawing) -> Doubt | None:
    """Return why a drawing does not look like one digit; None if it does, or is blank.

    An unchanged image of a data set is never doubted.
    """
    if drawing.is_blank or drawing.example is not None:
        return None
    lines = [_line(item) for item in drawing.items if isinstance(item, Stroke)]
    pictures = [item.ink for item in drawing.items if isinstance(item, Picture)]
    if _is_several(lines, pictures):
        return Doubt.SEVERAL
    return Doubt.SCRIBBLE if _is_scribble(lines, drawing.ink) else None


def _line(stroke: Stroke) -> Line:
    """Return the pen's positions, limited to the pad."""
    points = np.array([(x, y) for x, y, _ in stroke.points])
    line: Line = np.clip(points, 0, RASTER_SIDE - 1).view(complex)[:, 0]
    return line


def _inked(ink: NDArray[np.uint8]) -> Mask:
    """Return which cells hold ink, (70, 70)."""
    # A reduction over two axes at once would take ten times as long.
    rows = np.maximum.reduce([ink[row::_CELL] for row in range(_CELL)])
    darkest = np.maximum.reduce([rows[:, column::_CELL] for column in range(_CELL)])
    inked: Mask = darkest > 127
    return inked


# --- a scribble -----------------------------------------------------------------------------


def _is_scribble(lines: list[Line], ink: NDArray[np.uint8]) -> bool:
    inked = _inked(ink)
    if not inked.any():
        return False  # it was drawn beside the pad
    side = _CELL * box_around(inked).side
    distances = [_distances(line) for line in lines]
    return (
        sum(along[-1] for along in distances) > _LONGEST * side
        or sum(map(partial(_corners, step=_STEP * side), lines, distances)) > _MOST_CORNERS
    )


def _distances(line: Line) -> NDArray[np.float64]:
    """Return how far along a line its points lie, (n,)."""
    return np.append(0, np.cumsum(np.abs(np.diff(line))))


def _resampled(line: Line, along: NDArray[np.float64], pieces: int) -> Line:
    """Return points of a line that divide it into this many pieces of one length."""
    points: Line = np.interp(np.arange(pieces + 1) * (along[-1] / pieces), along, line)
    return points


def _corners(line: Line, along: NDArray[np.float64], step: float) -> int:
    """Count the sharp corners of a line."""
    points = _resampled(line, along, max(1, int(along[-1] / step)))
    way = points[2:] - points[:-2]
    turn = np.abs(np.angle(way[2:] * way[:-2].conj()))
    count, last = 0, -_APART
    for index in np.flatnonzero(turn > _SHARP).tolist():
        if index >= last + _APART:
            count, last = count + 1, index
    return count


# --- digits side by side --------------------------------------------------------------------


def _is_several(lines: list[Line], pictures: list[NDArray[np.uint8]]) -> bool:
    if len(lines) == 1 and not pictures:
        return False  # a line hangs together
    marked: Mask = np.zeros((_CELLS, _CELLS), bool)
    for line in lines:
        _mark(marked, line)
    for ink in pictures:
        np.logical_or(marked, _inked(ink), out=marked)
    labels = label_components(marked)
    groups = _grouped([box_around(labels == number) for number in np.unique(labels[labels > 0])])
    top, bottom = min(box.top for box in groups), max(box.bottom for box in groups)
    height = bottom - top
    tall = [box for box in groups if box.bottom - box.top >= _TALL * height]
    return any(
        max(abs(a.top - b.top), abs(a.bottom - b.bottom)) <= _ALIGNED * height
        for a, b in pairwise(tall)
    )


def _mark(marked: Mask, line: Line) -> None:
    """Mark the cells that a line passes through, in place."""
    along = _distances(line)
    points = _resampled(line, along, 1 + int(2 * along[-1] / _CELL))
    marked[points.imag.astype(int) // _CELL, points.real.astype(int) // _CELL] = True


def _grouped(boxes: list[Box]) -> list[Box]:
    """Join boxes that lie above each other; return the rest from left to right."""
    groups: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.left):
        last = groups[-1] if groups else None
        if last is not None and last.shares_columns(box) >= _ABOVE_EACH_OTHER:
            groups[-1] = last.joined(box)
        else:
            groups.append(box)
    return groups
