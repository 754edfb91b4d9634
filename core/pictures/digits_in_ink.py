"""The digits in the ink of a drawing, screenshot, scan or small picture.

Several stand beside each other; a single one may fill the picture, as its margins were cut off.
"""

from __future__ import annotations

from core.ink.boxes import box_around
from core.pictures.background import Gray
from core.pictures.digit_cutting import SMALLEST, CutDigit, cut_digits
from core.pictures.forms import without_forms
from core.pictures.ink_map import inked
from core.pictures.main_digit import count_specks, main_digit
from core.pictures.pieces import grown
from core.pictures.ruled_lines import without_lines
from core.pictures.underline import without_underline

_INK = 0.5
"""What is more is ink, and not the edge of a line."""

_FILLS = 0.9
"""A digit with this share of the picture's height and width has no margin."""

_LARGE = 0.25
"""A piece that touches the edge is part of the digit if all others are less than this of it."""

_ACROSS = 0.98
"""Ruled lines reach across this share of the picture; the strokes of a thin digit do not."""

_TINY = 40
"""Smaller pictures, in pixels, show a single digit."""

_FAINT, _NOISY = 0.16, 3
"""A small picture with this many specks, of ink above the first level, is noisy: of MNIST's
training images 0.03 % are."""


def digits_in_ink(ink: Gray) -> list[CutDigit]:
    """Return the digits of ink, float32 (h, w), 0…1, in reading order; not mutated.

    What fills the picture is one digit whose margins were cut off.
    """
    ink = without_forms(ink)
    if not (ink > _INK).any():
        return []
    box = box_around(ink > _INK)
    height, width = ink.shape
    shares = (box.bottom - box.top) / height, (box.right - box.left) / width
    if max(ink.shape) < _TINY:
        return [_without_noise(ink)]
    digits = cut_digits(ink)
    is_across = max(shares) > _ACROSS
    rest = without_lines(ink) if is_across or not digits else ink
    if not (rest > _INK).any():
        return []
    if is_across and rest is not ink:
        ink = rest
    elif min(shares) > _FILLS and (len(digits) <= 1 or (len(digits) == 2 and width <= height)):
        return [CutDigit(box, ink)]
    if len(digits) > 1:
        return digits
    ink = without_underline(ink)
    # The one digit, with loose parts near it; and with the pieces that reach over the edge.
    mask = main_digit(inked(ink), _LARGE)
    for digit in digits:
        top, left = max(0, digit.box.top - 1), max(0, digit.box.left - 1)
        height, width = digit.ink.shape
        mask[top : top + height, left : left + width] |= inked(digit.ink)
    box = box_around(mask)
    return [CutDigit(box, ink * grown(mask))] if box.side >= SMALLEST else []


def _without_noise(ink: Gray) -> CutDigit:
    """Return all ink of a small picture as a digit; of a noisy one, only the main pieces."""
    mask = ink > _INK
    if count_specks(ink > _FAINT) >= _NOISY:
        mask = main_digit(mask, _LARGE)
        ink = ink * grown(mask)
    return CutDigit(box_around(mask), ink)
