"""Whether a digit looks like none: a network answers whatever it is shown.

A drawing is taken for a scribble if its lines are longer than those of any digit, if they are long
and have many sharp corners, or if there are many lines, corners and crossings together.

Measured on 7,494 digits of 30 people (UCI Pen-Based Recognition of Handwritten Digits): the lines
of a digit are together at most 5.0 times as long as it is large, and 0.12 % are taken for
scribbles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ink.trace import Places

_LONGEST = 5.5
"""Largest total length of a digit's lines, in multiples of its longer side."""

_STEP = 0.1
"""Distance between the points of a line that are looked at, in multiples of the digit's longer
side: the trembling of a hand is no corner."""

_SHARP = np.cos(np.radians(100))
"""A corner is where the direction changes by more than this within two steps; its cosine."""

_APART = 3
"""Fewer steps apart, two sharp turns are one corner."""

_MOST_CORNERS, _LONG = 3, 3.5
"""A digit whose lines are longer than the second has no more sharp corners than the first; a
shorter one trembles."""

_ACROSS = np.sin(np.radians(30))
"""The sine of the least angle of a crossing: who draws a line over again crosses it often."""

_MOST_IN_ALL = 6
"""Lines, corners and crossings of a digit."""

_SHORT = 0.25
"""A line shorter than this part of the digit's longer side does not count: a pen may skip."""


def is_scribble(lines: Sequence[Places], side: float) -> bool:
    """Return whether lines do not look like a digit, whose ink has this longer side, in units."""
    if not side:
        return False  # a dot of a pen without width
    length, corners, count = 0.0, 0, 0
    points: list[Places] = []
    for line in lines:
        along = np.zeros(len(line))
        np.cumsum(np.abs(line[1:] - line[:-1]), out=along[1:])
        length += float(along[-1])
        count += bool(along[-1] >= _SHORT * side)
        pieces = int(along[-1] / (_STEP * side))
        points.append(np.interp(np.linspace(0, along[-1], pieces + 1), along, line))
        corners += _corners(points[-1])
    has_corners = corners > _MOST_CORNERS and length > _LONG * side
    if has_corners or length > _LONGEST * side:
        return True
    return count + corners + _crossings(points) > _MOST_IN_ALL


def _corners(points: Places) -> int:
    """Count the sharp corners of a line, of which these are points."""
    if len(points) <= 2 * _APART:
        return 0  # too short
    way = points[2:] - points[:-2]
    turn = way[2:] * way[:-2].conj()
    count, last = 0, -_APART
    for index in np.flatnonzero(turn.real < _SHARP * np.abs(turn)).tolist():
        if index >= last + _APART:
            count, last = count + 1, index
    return count


def _crossings(lines: Sequence[Places]) -> int:
    """Count how often lines, of which these are points, cross each other and themselves."""
    begin = np.concatenate([points[:-1] for points in lines])
    way = np.concatenate([np.diff(points) for points in lines])
    of_line = np.repeat(np.arange(len(lines)), [len(points) - 1 for points in lines])
    one, other = np.triu_indices(len(way), 1)
    apart = (other - one > 1) | (of_line[one] != of_line[other])  # neighbors share a point
    one, other = one[apart], other[apart]
    # One piece crosses another at begin + t * way, if t of both is between 0 and 1.
    slant = _cross(way[one], way[other])
    between = begin[other] - begin[one]
    t, t_other = _cross(between, way[other]), _cross(between, way[one])
    size = np.abs(slant)
    t, t_other = t * np.sign(slant), t_other * np.sign(slant)
    crosses = (t >= 0) & (t < size) & (t_other >= 0) & (t_other < size)
    is_clear = size > _ACROSS * np.abs(way[one] * way[other])
    return int(np.count_nonzero(crosses & is_clear))


def _cross(a: Places, b: Places) -> NDArray[np.float64]:
    """Return the cross product of vectors: the sine of the angle between them, times lengths."""
    product: NDArray[np.float64] = (a.conj() * b).imag
    return product
