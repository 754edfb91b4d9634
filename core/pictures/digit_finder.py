"""Finds the pixels of a digit in a picture: the connected pieces that stand out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.ink.boxes import Mask, box_around
from core.pictures.background import Gray, contrast_to_background, edge_values, reduce_picture
from core.pictures.digit_cutting import SMALLEST
from core.pictures.dots import without_dots
from core.pictures.ink_map import WINDOWS, SoftInk, soft_ink
from core.pictures.main_digit import main_digit
from core.pictures.outlines import without_outlines
from core.pictures.page_on_table import page_on_table, without_table
from core.pictures.pieces import grown
from core.pictures.ruled_lines import without_lines
from core.pictures.underline import without_underline

_SMALL = 0.03
"""Shortest longer side of a digit, as a fraction of the picture's."""

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


def find_digit(pixels: NDArray[np.uint8], is_digit: bool = True) -> FoundDigit | None:
    """Search with each window for the background, and return the digit with the best score.

    `pixels` are uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA. None if nothing stands out
    from the background, or if that is only a sheet of paper or the lines of a form. Unless it
    `is_digit`, all that stands out may be what the picture shows.
    """
    colors = reduce_picture(pixels)
    best, look = _best_look(colors)
    page = page_on_table(colors) if best and is_digit else None
    if best and page is not None and best.mask[page].mean() > _PAPER:
        best, look = _best_look(without_table(colors, colors))
    if best is None or look is None:
        return None
    if is_digit:
        rest = without_outlines(without_lines(without_dots(look.ink)))
        if _digit_of(look._replace(ink=rest)) is None:
            return None
    ink = without_underline(best.ink)
    return best._replace(ink=ink, mask=best.mask & (ink > 0))


def _best_look(colors: Gray) -> tuple[FoundDigit, SoftInk] | tuple[None, None]:
    """Return the digit with the best score, and the ink in which it was found.

    `colors` are those of a picture in working size, (h, w, 1 or 3).
    """
    looks = [look for w in WINDOWS if (look := soft_ink(contrast_to_background(colors, w)))]
    found = [(digit, look) for look in looks if (digit := _digit_of(look))]
    return max(found, key=lambda pair: pair[0].score, default=(None, None))


def _digit_of(look: SoftInk) -> FoundDigit | None:
    """Return the main digit of ink, (h, w); None if there is none, or only specks."""
    if not (look.ink > 0.5).any():
        return None
    digit = main_digit(look.ink > 0.5)
    if box_around(digit).side < max(SMALLEST, _SMALL * max(digit.shape)):
        return None
    cut_off = edge_values(digit).any()
    return FoundDigit(look.ink * grown(digit), digit, look.clearness / (2 if cut_off else 1))
