"""Whether a digit looks like none: a network answers whatever it is shown.

A scribble is longer than any digit, or has more sharp corners.

Measured on 7,494 digits of 30 people (UCI Pen-Based Recognition of Handwritten Digits): the longest
line is 5.0 times as long as its digit is large, and no digit has more than 4 sharp corners.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.ink.trace import Places

_LONGEST = 5.5
"""The longest line of a digit, in multiples of its longer side."""

_STEP = 0.1
"""Distance between the points among which corners are sought, in multiples of the digit's longer
side: the trembling of a hand is no corner."""

_SHARP = np.cos(np.radians(100))
"""A corner is where the direction changes by more than this within two steps; its cosine."""

_APART = 3
"""Fewer steps apart, two sharp turns are one corner."""

_MOST_CORNERS = 4


def is_scribble(lines: Iterable[Places], side: float) -> bool:
    """Return whether lines do not look like a digit, whose ink has this longer side, in units."""
    length, corners = 0.0, 0
    for line in lines:
        along = np.zeros(len(line))
        np.cumsum(np.abs(line[1:] - line[:-1]), out=along[1:])
        length += float(along[-1])
        corners += _corners(line, along, _STEP * side)
    return length > _LONGEST * side or corners > _MOST_CORNERS


def _corners(line: Places, along: NDArray[np.float64], step: float) -> int:
    """Count the sharp corners of a line; `along`, (n,), is how far along it its places lie."""
    pieces = int(along[-1] / step)
    if pieces < 2 * _APART:
        return 0  # too short
    points = np.interp(np.arange(pieces + 1) * (along[-1] / pieces), along, line)
    way = points[2:] - points[:-2]
    turn = way[2:] * way[:-2].conj()
    count, last = 0, -_APART
    for index in np.flatnonzero(turn.real < _SHARP * np.abs(turn)).tolist():
        if index >= last + _APART:
            count, last = count + 1, index
    return count
