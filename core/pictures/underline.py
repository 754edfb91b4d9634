"""Removes the lines below a digit."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.ink.boxes import box_around
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.main_digit import main_digit
from core.pictures.pieces import CONNECTED, grown

_SLENDER, _STEEPEST = 5, 0.35
"""An underline is at least this many times as long as it is thick, and no steeper than this."""

_BELOW = 0.04
"""It is farther below its digit than this part of the digit's height."""


def without_underline(ink: Gray) -> Gray:
    """Return the ink of a digit, float32 (h, w), without lines below it; itself if there are none.

    An underline touches nothing: what is drawn through a digit is part of it, and so is the foot of
    a 1, or the bar of a 5 above it.
    """
    mask = inked(ink)
    labels, count = ndimage.label(mask, CONNECTED)
    boxes = [(y.start, y.stop - y.start, x.stop - x.start) for y, x in ndimage.find_objects(labels)]
    top, height, width = np.array([(0, 1, 1), *boxes]).T
    thickness = np.bincount(labels.ravel(), minlength=count + 1) / width
    is_line = (width >= _SLENDER * thickness) & (height <= thickness + _STEEPEST * width)
    is_line[0] = False
    rest = mask & ~is_line[labels]
    if not is_line.any() or not rest.any():
        return ink
    digit = box_around(main_digit(rest))
    lowest = digit.bottom + max(1, round(_BELOW * (digit.bottom - digit.top)))
    under = (is_line & (top >= lowest))[labels]
    return np.where(grown(under), np.float32(0), ink) if under.any() else ink
