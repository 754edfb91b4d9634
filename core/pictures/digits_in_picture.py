"""The digits that a photo, scan or screenshot shows, as ink on the pad.

A picture is reduced to a working size, and its background is estimated and subtracted; what then
stands out is ink. The digit is cut out of the full picture and searched once more at a larger
scale, which shows the thin lines of a digit that is small in the picture.

Limits: a line or a sharp shadow that touches the digit and is as dark as its ink becomes part of
the digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.ink.boxes import Box, box_around
from core.pictures.background import WORKING_SIDE, reduce_picture
from core.pictures.contrast import TINY
from core.pictures.digit_cutting import CutDigit, cut_digits
from core.pictures.digit_finder import FoundDigit, find_digit
from core.pictures.digits_in_ink import digits_in_ink
from core.pictures.dither import without_dither
from core.pictures.even_light import ink_in_even_light, shows_tiles
from core.pictures.forms import without_forms
from core.pictures.ink_map import PAGE_SIDE, ink_map, inked
from core.pictures.outlines import outline_of
from core.pictures.pad_ink import on_pad
from core.pictures.pieces import Pieces
from core.pictures.underline import without_underline
from core.progress import Progress, no_progress

_MARGIN = 0.5
"""Margin around the digit in the second search, as a fraction of its longer side: of the 400 pixels
that the part is reduced to, the digit then has 200, one for each unit of the pad."""

_CLOSER = 0.6
"""There is a second search only if its part is less than this share of the picture."""

_INK = 0.5
"""What is more is ink, and not the edge of a line."""

_PART, _PAGE = 0.25, 0.8
"""What is smaller or larger, as a part of the picture's sides, may be one of many, or all."""

_TORN = 5
"""Parts of a digit that was torn, at most."""

_SHARP = 25.0
"""Clearness from which on a picture is drawn by a program, or scanned: photos have more noise."""

_MOST_PARTS, _LARGE = 5, 0.1
"""A digit has at most the first number of pieces and holes; the lines between the images of a
figure have more. A piece counts if its longer side is at least the second part of the largest."""

_SMALL = 16
"""Of digits that are smaller than this, in pixels, a good part is their soft edge."""

_STAGES = 4
"""Searches after which the work can be cancelled."""


class PictureDigit(NamedTuple):
    """A digit in a picture.

    Attributes
    ----------
    ink
        uint8, (280, 280), as on the pad: 0 is background, 255 is ink.
    box
        Where it is, in pixels of the upright picture.
    row
        The row of digits in which it stands, from 0.
    """

    ink: NDArray[np.uint8]
    box: Box
    row: int = 0


@dataclass(frozen=True)
class _Cuts:
    """The digits of an ink map, of whose pixels there are `scale` in the picture.

    `is_sharp` says that the picture has no noise, so that its ink is certain; `is_tiled`, that they
    were found in tiles.
    """

    digits: list[CutDigit]
    scale: float
    is_sharp: bool = False
    is_tiled: bool = False

    def __len__(self) -> int:
        return len(self.digits)

    @property
    def is_small(self) -> bool:
        """Whether the digits are so small in the map that their soft edges seem to be noise."""
        sides = [digit.box.side for digit in self.digits]
        return bool(sides) and float(np.median(sides)) < _SMALL

    def box(self, index: int) -> Box:
        """Return where a digit is in the picture."""
        return Box(*(round(edge * self.scale) for edge in self.digits[index].box))

    def on_pads(self) -> list[PictureDigit]:
        """Return each digit as it is on the pad."""
        return [
            PictureDigit(on_pad(digit.ink), self.box(index), digit.row)
            for index, digit in enumerate(self.digits)
        ]


def digits_in(pixels: NDArray[np.uint8], progress: Progress = no_progress) -> list[PictureDigit]:
    """Return the digits that a picture shows, in reading order; at least one.

    Parameters
    ----------
    pixels
        uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA, of any size, upright; not mutated. The
        ink may be darker or lighter than the background.
    progress
        Called between the searches; may raise Cancelled.

    Raises
    ------
    DataError
        If there is none; it says why, and what to do.
    """
    progress(0, _STAGES)
    pixels = without_dither(pixels)
    even = _cut_in_even_light(pixels, WORKING_SIDE)
    if len(even) == 1 and _is_main(even, pixels):
        return even.on_pads()
    progress(1, _STAGES)
    larger_copy = cache(partial(_cut_in_even_light, pixels, PAGE_SIDE))
    if max(pixels.shape[:2]) > WORKING_SIDE and (
        even.is_sharp or even.is_small or shows_tiles(reduce_picture(pixels, WORKING_SIDE))
    ):
        closer = larger_copy()
        is_better = even.is_sharp or (even.is_small and closer.is_sharp)
        if len(closer) and (closer.is_tiled or (is_better and not even.is_tiled)):
            even = closer
    if even.is_sharp and len(even):
        return even.on_pads()
    found = _cut_sheet(pixels)
    progress(2, _STAGES)
    if len(even) == 1 and 1 != len(found) <= _TORN:
        return even.on_pads()
    if len(found) < len(even):
        found = max(found, larger_copy(), key=len)
    if len(found):
        return found.on_pads()
    progress(3, _STAGES)
    return [_closer_up(pixels)]


def thing_in(pixels: NDArray[np.uint8]) -> PictureDigit:
    """Return all that stands out in a picture as one thing, whether or not it is a digit.

    Takes and raises what :func:`digits_in` does.
    """
    pixels = without_dither(pixels)
    found = ink_in_even_light(reduce_picture(pixels, WORKING_SIDE))
    if found is None or not (found.ink > _INK).any():
        return _closer_up(pixels, is_digit=False)
    thing = CutDigit(box_around(found.ink > _INK), found.ink)
    return _Cuts([thing], max(pixels.shape[:2]) / max(found.ink.shape)).on_pads()[0]


def _closer_up(pixels: NDArray[np.uint8], is_digit: bool = True) -> PictureDigit:
    """Return the one digit, or other thing, of a picture, cut out and searched once more."""
    found = find_digit(pixels, is_digit)
    if found is None:
        raise DataError(
            "No digit was found in the picture: nothing that may be one stands out from the "
            "background. Use a picture whose digits are clearly darker or lighter than its "
            "background, and not too small: take a photo from closer, or crop it."
        )
    box = _box_in_picture(found, pixels)
    closer, top, left = _around(pixels, box)
    if closer.size < _CLOSER * pixels.size and (again := find_digit(closer, is_digit=False)):
        found = again
        inner = _box_in_picture(found, closer)
        box = Box(inner.top + top, inner.bottom + top, inner.left + left, inner.right + left)
    return PictureDigit(on_pad(found.ink), box)


def _is_main(cuts: _Cuts, pixels: NDArray[np.uint8]) -> bool:
    """Whether the only digit is what a picture shows: neither a small part, nor a page or grid.

    A tiny picture is no page.
    """
    height, width = pixels.shape[:2]
    box = cuts.box(0)
    fills = (box.bottom - box.top) / height, (box.right - box.left) / width
    is_page = max(fills) >= _PAGE and max(height, width) >= TINY
    if is_page or box.side <= _PART * int(max(height, width)):
        return False
    mask = inked(cuts.digits[0].ink)
    sides = Pieces(mask).sides
    holes = outline_of(mask.astype(np.int32), 1).holes
    large = np.count_nonzero(sides >= _LARGE * sides.max(initial=0))
    return int(large) + holes <= _MOST_PARTS


def _cut_in_even_light(pixels: NDArray[np.uint8], side: int) -> _Cuts:
    """Cut a drawing, screenshot, scan or small picture into its digits; none if it is no such.

    The picture is reduced to a longer side of `side` pixels.
    """
    found = ink_in_even_light(reduce_picture(pixels, side))
    if found is None or not (found.ink > _INK).any():
        return _Cuts([], 1)
    scale = max(pixels.shape[:2]) / max(found.ink.shape)
    return _Cuts(digits_in_ink(found.ink), scale, found.clearness >= _SHARP, found.is_tiled)


def _cut_sheet(pixels: NDArray[np.uint8]) -> _Cuts:
    """Cut out the digits that stand beside each other; a single one is found better closer up."""
    found = ink_map(pixels)
    if found is None:
        return _Cuts([], 1)
    digits = cut_digits(without_forms(found.ink))
    return _Cuts([_alone(*digits)] if len(digits) == 1 else digits, found.scale)


def _alone(digit: CutDigit) -> CutDigit:
    """Return the only digit of a page without an underline."""
    ink = without_underline(digit.ink)
    if ink is digit.ink or not (ink > _INK).any():
        return digit
    top, bottom, left, right = box_around(ink > _INK)
    corner = max(0, digit.box.top - 1), max(0, digit.box.left - 1)
    box = Box(corner[0] + top, corner[0] + bottom, corner[1] + left, corner[1] + right)
    return digit._replace(box=box, ink=ink)


def _box_in_picture(found: FoundDigit, pixels: NDArray[np.uint8]) -> Box:
    """Return the box around a digit, in the pixels of the picture in which it was found."""
    scale = max(pixels.shape[:2]) / max(found.mask.shape)
    top, bottom, left, right = box_around(found.mask)
    height, width = pixels.shape[:2]
    return Box(
        int(top * scale),
        min(height, math.ceil(bottom * scale)),
        int(left * scale),
        min(width, math.ceil(right * scale)),
    )


def _around(pixels: NDArray[np.uint8], box: Box) -> tuple[NDArray[np.uint8], int, int]:
    """Return the part of the picture with the digit and a margin around it, and its corner."""
    margin = math.ceil(box.side * _MARGIN)
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    return pixels[top : box.bottom + margin, left : box.right + margin], top, left


def ink_from_picture(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the ink of the first digit of a picture; see :func:`digits_in`."""
    return digits_in(pixels)[0].ink
