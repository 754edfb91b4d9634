"""The digits of a picture that has several, as the network sees them and as they stand in rows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.arrays import Labels
from core.errors import DataError
from core.ink.boxes import Box
from core.ink.normalization import normalize_drawing
from core.pictures.digits_in_picture import PictureDigit, digits_in, thing_in
from core.pictures.picture_decoding import DecodedPicture, reduced
from core.progress import Progress, no_progress
from core.wording import numeral

MOST_DIGITS = 2_500
"""Of more digits in a picture, not all would be found: see :mod:`core.pictures.pieces`."""

_PREVIEW_SIDE = 1_200
"""Longer side of the copy of the picture that is kept to be shown, in pixels."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """The digits of a picture in reading order, n of them.

    Attributes
    ----------
    name
        What the picture is called, for the names of files.
    digits
        Their ink, and where they are in the pixels of the file, upright.
    images
        Of each, the input of the network, uint8, (28, 28).
    preview
        uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA: the picture, at most 1,200 pixels long.
    scale
        How many of the preview's pixels there are to one of the file's.
    """

    name: str
    digits: tuple[PictureDigit, ...]
    images: tuple[NDArray[np.uint8], ...]
    preview: NDArray[np.uint8]
    scale: float

    def __len__(self) -> int:
        return len(self.digits)

    def text(self, labels: Labels, places: Iterable[int]) -> str:
        """Return the labels of digits as they stand in the picture, row by row.

        `labels` are those of all digits, (n,); `places` are some of them, ascending.
        """
        lines: dict[int, str] = {}
        for place in places:
            row = int(self.rows[place])
            lines[row] = f"{lines.get(row, '')}{labels[place]}"
        return "\n".join(lines.values())

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """The row in which each digit stands, (n,), from 0."""
        return np.array([digit.row for digit in self.digits])


def read_sheet(
    picture: DecodedPicture, name: str, progress: Progress = no_progress, as_one: bool = False
) -> Sheet:
    """Read a picture, which may show a single digit, too.

    Parameters
    ----------
    picture
        Not mutated.
    name
        See :attr:`Sheet.name`.
    progress
        Called between the searches for digits; may raise Cancelled.
    as_one
        Whether the picture is of one thing, which need not be a digit.

    Raises
    ------
    DataError
        If it shows none, or too many.
    """
    pixels = picture.pixels
    found = [thing_in(pixels)] if as_one else digits_in(pixels, progress)
    if len(found) > MOST_DIGITS:
        raise DataError(
            f"The picture shows more than {numeral(MOST_DIGITS)} digits, the most that can be read "
            "from one picture. Cut it into parts, and read each."
        )
    images = tuple(normalize_drawing(digit.ink) for digit in found)
    digits = tuple(digit._replace(box=_in_file(digit.box, picture)) for digit in found)
    preview = np.asarray(reduced(Image.fromarray(picture.pixels), _PREVIEW_SIDE))
    scale = max(preview.shape[:2]) / max(picture.width, picture.height)
    return Sheet(name, digits, images, preview, scale)


def _in_file(box: Box, picture: DecodedPicture) -> Box:
    """Return a box of the decoded pixels in those of the file, which may be more."""
    down, across = picture.height / len(picture.pixels), picture.width / len(picture.pixels[0])
    return Box(
        math.floor(box.top * down),
        math.ceil(box.bottom * down),
        math.floor(box.left * across),
        math.ceil(box.right * across),
    )
