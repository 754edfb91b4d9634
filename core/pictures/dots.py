"""Removes patterns of dots and dashes: dotted paper, dashed frames and dotted lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.ink.boxes import Box, holding
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.pieces import Pieces, grown

_FEWEST = 12
"""A pattern has at least this many dots."""

_SOLID = 0.5
"""A dot or dash fills more than this share of the box around it."""

_SMALL = 0.3
"""It is shorter than this part of a digit's longer side."""

_AROUND = 0.9
"""What has more than this share of the dots in its box is no digit, but the lines of a form."""

_ALIKE = 0.6
"""The middle half of the dots' areas lies within this part of their median."""

_ROUND, _MOST = 1.3, 90
"""This percentage of the dots on a page without digits are at most this many times as high as wide:
among digits, more are ones and sevens."""

_LARGER = 1.5
"""And nothing is this many times as long as most dots."""


def without_dots(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without patterns of dots; itself if there is none."""
    pieces = Pieces(inked(ink))
    if len(pieces.boxes) <= _FEWEST:
        return ink
    top, bottom, left, right = np.array(pieces.boxes).T
    is_solid = pieces.areas > _SOLID * (bottom - top) * (right - left)
    while np.count_nonzero(is_solid) >= _FEWEST:
        longest = pieces.sides[is_solid].max()
        low, middle, high = np.percentile(pieces.areas[is_solid], (25, 50, 75))
        is_small = longest < _SMALL * _digit_side(pieces, is_solid)
        if high - low <= _ALIKE * middle and (is_small or _is_all(pieces, is_solid)):
            height, width = ink.shape
            dots = pieces.mask(np.flatnonzero(is_solid).tolist(), Box(0, height, 0, width))
            return np.where(grown(dots), np.float32(0), ink)
        is_solid &= pieces.sides < longest
    return ink


def _is_all(pieces: Pieces, is_dot: NDArray[np.bool_]) -> bool:
    """Whether nothing larger than the dots is there, and they are too low for ones."""
    top, bottom, left, right = np.array(pieces.boxes)[is_dot].T
    slimmest = np.percentile((bottom - top) / (right - left), _MOST)
    longest = _LARGER * np.median(pieces.sides[is_dot])
    return bool(slimmest <= _ROUND and pieces.sides.max() <= longest)


def _digit_side(pieces: Pieces, is_dot: NDArray[np.bool_]) -> float:
    """Return the longer side of what may be digits beside dots; 0 without such."""
    holds = holding(pieces.boxes)[:, is_dot]
    others = ~is_dot & (holds.mean(axis=1) <= _AROUND)
    return float(np.median(pieces.sides[others])) if others.any() else 0.0
