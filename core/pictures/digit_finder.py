"""Finds the pixels of a digit in a picture: the connected pieces that stand out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask, box_around
from core.pictures.background import Gray, contrast_to_background, edge_values, reduce_picture
from core.pictures.ink_map import WINDOWS, soft_ink
from core.pictures.pieces import CONNECTED, grown

_SPECK = 0.04
"""Pieces smaller than this share of the digit's largest piece are specks."""

_NEAR = 0.3
"""Largest gap between pieces of a digit, as a fraction of the largest one's longer side."""

_SMALLEST = 0.03
"""Shortest longer side of a digit, as a fraction of the picture's; at least 6 pixels."""


class FoundDigit(NamedTuple):
    """A digit in a picture of working size, (h, w).

    Attributes
    ----------
    ink
        float32, (h, w), 0 is background, 1 is ink.
    mask
        bool, (h, w), the pixels it covers.
    score
        Confidence: the clearness, halved if the digit touches the edge.
    """

    ink: Gray
    mask: Mask
    score: float


def find_digit(pixels: NDArray[np.uint8]) -> FoundDigit | None:
    """Search with each window for the background, and return the digit with the best score.

    `pixels` are uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA. None if nothing stands out
    from the background.
    """
    colors = reduce_picture(pixels)
    looks = (_look(contrast_to_background(colors, window)) for window in WINDOWS)
    return max((look for look in looks if look), key=lambda look: look.score, default=None)


def _look(contrast: Gray) -> FoundDigit | None:
    """Find the digit in the `contrast` to the background, (h, w)."""
    look = soft_ink(contrast)
    if look is None:
        return None
    digit = main_digit(look.ink > 0.5)
    if box_around(digit).side < max(6, _SMALLEST * max(digit.shape)):
        return None
    cut_off = edge_values(digit).any()
    return FoundDigit(look.ink * grown(digit), digit, look.clearness / (2 if cut_off else 1))


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
