"""Tells the two strokes of an open 4, which do not touch, from two digits side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ink.trace import Places

_LOWER = 0.12
"""How much lower than the left part the stem reaches at least."""

_STEM = 0.2
"""Largest width of the stem in any row: no 7, 9 or 1 with a base line."""

_GAP = 0.3
"""Largest gap between both."""

_FROM_END = 0.08
"""How much farther from the stem than the left part its end is at most: the bar leads there. A
curve of a 3 or 0, or the corner of a 7, does not."""

_BEGINS, _ENDS = 0.15, 0.2
"""The left part of a 4 begins less than the first below its top, and ends below the second."""

_BENDS, _SWAYS = 0.1, 0.05
"""From a straight line between its ends, it reaches at least the first to the left, and at most the
second to the right: it is like an L, C or U."""

_LAST = 0.15
"""The end of a stroke, in which that of a left part goes more to the right than down."""

_ENDS_BESIDE, _WIDER_STEM = 0.25, 0.25
"""How close to the stem it ends, and the largest width of such a stem in any row."""


def is_open_four(lower: float, gap: float, stem: float, height: float) -> bool:
    """Return whether two strokes, of which one is left of the other, are an open 4.

    All in the same unit; the limits are parts of `height`.

    Parameters
    ----------
    lower
        How much lower the right stroke reaches.
    gap
        The distance between both.
    stem
        The largest width of the right stroke in any row.
    height
        Of the higher of the two.
    """
    return lower > _LOWER * height and gap <= _GAP * height and stem <= _STEM * height


def ends_at_stem(left: Places, right: Sequence[Places], gap: float, height: float) -> bool:
    """Return whether a line ends where it is closest to the stem.

    `left` are the places of the line and `right` those of the stem's lines, in the order of the
    pen; `gap` and `height` are as :func:`is_open_four` takes them.
    """
    beside = min(float(np.abs(left[[0, -1], None] - places).min()) for places in right)
    return beside <= gap + _FROM_END * height


def leads_to_stem(left: Places, right: Sequence[Places], stem: float, height: float) -> bool:
    """Return whether a stroke is written as the left part of a 4: down, then right to the stem.

    Such a part may reach as low as its stem.

    Parameters
    ----------
    left
        Places of the stroke in the order of the pen, at least half as high as `height`.
    right
        Places of the strokes that may be its stem, of each.
    stem, height
        As :func:`is_open_four` takes them.
    """
    begin, end = left[0], left[-1]
    top, bottom = left.imag.min(), left.imag.max()
    goes_down = begin.imag <= top + _BEGINS * height and end.imag > top + _ENDS * (bottom - top)
    if stem > _WIDER_STEM * height or not goes_down:
        return False
    last = end - left[np.abs(left - end) > _LAST * height][-1]
    to_left = ((left - begin) * np.conj(end - begin)).imag / abs(end - begin)
    is_bent = to_left.max() >= _BENDS * height and to_left.min() >= -_SWAYS * height
    beside = min(float(np.abs(end - places).min()) for places in right)
    return bool(last.real >= last.imag and is_bent and beside <= _ENDS_BESIDE * height)
