"""Finds the pixels of a digit in a picture: the connected pieces that stand out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.ink.boxes import Mask, box_around
from core.pictures.background import Gray, contrast_to_background, edge_values, reduce_picture
from core.pictures.ink_map import WINDOWS, soft_ink
from core.pictures.main_digit import main_digit
from core.pictures.page_on_table import page_on_table, without_table
from core.pictures.pieces import grown
from core.pictures.underline import without_underline

_SMALLEST = 0.03
"""Shortest longer side of a digit, as a fraction of the picture's; at least 6 pixels."""

_PAPER = 0.5
"""What covers more than this share of a page on a table is the paper, and no digit on it."""


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
    best = _best_look(colors)
    page = page_on_table(colors) if best else None
    if best and page is not None and best.mask[page].mean() > _PAPER:
        best = _best_look(without_table(colors, colors))
    if best is None:
        return None
    ink = without_underline(best.ink)
    return best._replace(ink=ink, mask=best.mask & (ink > 0))


def _best_look(colors: Gray) -> FoundDigit | None:
    """Return the digit with the best score of a picture in working size, (h, w, 1 or 3)."""
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
