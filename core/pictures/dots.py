"""Removes patterns of dots and dashes: dotted paper, dashed frames and dotted lines."""

from __future__ import annotations

import numpy as np

from core.ink.boxes import Box
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.pieces import Pieces, grown, typical_side

_FEWEST = 12
"""So many dots are a pattern."""

_SOLID = 0.5
"""A dot or dash fills more than this share of the box around it."""

_SMALL = 0.3
"""It is shorter than this part of a digit's longer side."""

_ALIKE = 0.6
"""The middle half of the dots' areas lies within this part of their median."""


def without_dots(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without patterns of dots; itself if there is none."""
    pieces = Pieces(inked(ink))
    if len(pieces.boxes) <= _FEWEST:
        return ink
    top, bottom, left, right = np.array(pieces.boxes).T
    is_solid = pieces.areas > _SOLID * (bottom - top) * (right - left)
    while np.count_nonzero(is_solid) >= _FEWEST:
        longest = pieces.sides[is_solid].max()
        others = ~is_solid
        low, middle, high = np.percentile(pieces.areas[is_solid], (25, 50, 75))
        if others.any() and high - low <= _ALIKE * middle:
            typical = typical_side(pieces.sides[others], pieces.areas[others])
            if longest < _SMALL * typical:
                height, width = ink.shape
                dots = pieces.mask(np.flatnonzero(is_solid).tolist(), Box(0, height, 0, width))
                return np.where(grown(dots), np.float32(0), ink)
        is_solid &= pieces.sides < longest
    return ink
