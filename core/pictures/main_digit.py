"""The pixels of the one digit that a picture shows: its largest piece, and those near it."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from core.ink.boxes import Mask, box_around
from core.pictures.background import edge_values
from core.pictures.pieces import CONNECTED

_SPECK = 0.04
"""Pieces smaller than this share of the digit's largest piece are specks."""

_NEAR = 0.3
"""Largest gap between pieces of a digit, as a fraction of the largest one's longer side."""


def main_digit(dark: Mask, least_inside: float = _SPECK) -> Mask:
    """Return the digit's pixels: the largest piece, and nearby pieces that are not specks.

    Pieces that touch the picture's edge, such as the table or a shadow, count only if the others
    are smaller than `least_inside` of the largest.
    """
    labels, _ = ndimage.label(dark, CONNECTED)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0  # the background is not a piece
    inner = sizes.copy()
    inner[edge_values(labels)] = 0
    if inner.max() >= least_inside * sizes.max():
        sizes = inner
    main = box_around(labels == sizes.argmax())
    reach = math.ceil(main.side * _NEAR)
    top, left = max(0, main.top - reach), max(0, main.left - reach)
    near = np.zeros(sizes.shape, np.bool_)
    near[labels[top : main.bottom + reach, left : main.right + reach]] = True
    digit: Mask = (near & (sizes >= _SPECK * sizes.max()))[labels]
    return digit


def count_specks(dark: Mask) -> int:
    """Return how many pieces are specks beside the largest one."""
    labels, _ = ndimage.label(dark, CONNECTED)
    sizes = np.bincount(labels.ravel())[1:]
    return int(np.count_nonzero(sizes < _SPECK * sizes.max(initial=0)))
