"""Turns a photo, scan or screenshot of a digit into ink on the pad.

A picture is reduced to a working size, and its background is estimated and subtracted; what then
stands out is ink. The digit is cut out of the full picture and searched once more at a larger
scale, which shows the thin lines of a digit that is small in the picture.

Limits: a line or a sharp shadow that touches the digit and is as dark as its ink becomes part of
the digit, and of two digits only the larger one is used.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import DataError
from core.files.user_file import open_file
from core.ink.components import Mask, box_around
from core.ink.drawing import BRUSH, FILLED, RASTER_SIDE
from core.pictures.background import Gray
from core.pictures.digit_finder import find_digit
from core.pictures.picture_decoding import MOST_BYTES, decode_picture
from core.printable_text import printable

_MARGIN = 0.5
"""Margin around the digit in the second search, as a fraction of its longer side: of the 400 pixels
that the part is reduced to, the digit then has 200, one for each unit of the pad."""

_CLOSER = 0.6
"""There is a second search only if its part is less than this share of the picture."""

_THIN = 0.7
"""Lines thinner than this share of the pad's brush are thickened to its width."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture file, upright; of several frames the first that is not blank.

    Raises DataError if it cannot be read, and otherwise returns and raises the same as
    :func:`core.pictures.picture_decoding.decode_picture`.
    """
    name = f"'{printable(str(path))}'"
    try:
        stream = open_file(path, MOST_BYTES)
    except OSError as error:
        raise DataError(
            f"{name} cannot be read: {error.strerror or error}. Choose another file."
        ) from error
    with stream:
        return decode_picture(stream, name)


def ink_from_picture(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the digit that a picture shows as ink on the pad.

    Parameters
    ----------
    pixels
        uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA, of any size; not mutated. The ink may
        be darker or lighter than the background, which is what most of the edge, or of the picture,
        shows.

    Returns
    -------
    NDArray[np.uint8]
        (280, 280), 0 is background, 255 is ink: the digit in the middle, its longer side 200 units.

    Raises
    ------
    DataError
        If nothing stands out from the background.
    """
    found = find_digit(pixels)
    if found is None:
        raise DataError(
            "No digit was found in the picture: nothing stands out from the background. "
            "Use a picture of a single digit that is clearly darker or lighter than its background."
        )
    closer = _around(pixels, found.mask)
    if closer.size < _CLOSER * pixels.size:
        found = find_digit(closer) or found
    return _on_pad(found.ink)


def _around(pixels: NDArray[np.uint8], mask: Mask) -> NDArray[np.uint8]:
    """Return the part of the picture with the digit and a margin around it."""
    box = box_around(mask)
    scale = max(pixels.shape[:2]) / max(mask.shape)
    margin = box.side * _MARGIN
    top, left = (max(0, int((start - margin) * scale)) for start in (box.top, box.left))
    bottom, right = (math.ceil((end + margin) * scale) for end in (box.bottom, box.right))
    return pixels[top:bottom, left:right]


def _on_pad(ink: Gray) -> NDArray[np.uint8]:
    """Scale and center the digit; thicken its lines if they are much thinner than the pad's."""
    box = box_around(ink > 0.1)
    ink = ink[box.top : box.bottom, box.left : box.right]
    digit = _placed(ink, FILLED)
    missing = BRUSH - _thickness(digit)
    if missing > (1 - _THIN) * BRUSH:
        digit = _thickened(_placed(ink, FILLED - missing), missing / 2)
    return np.asarray(np.rint(digit * 255), np.uint8)


def _placed(ink: Gray, side: float) -> Gray:
    """Return the ink in the middle of an empty pad, with its longer side scaled to `side`."""
    height, width = (max(1, round(length * side / max(ink.shape))) for length in ink.shape)
    top, left = (RASTER_SIDE - height) // 2, (RASTER_SIDE - width) // 2
    placed = np.zeros((RASTER_SIDE, RASTER_SIDE), np.float32)
    resized = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    placed[top : top + height, left : left + width] = np.asarray(resized)
    return placed


def _thickness(digit: Gray) -> float:
    """Return the thickness of the lines in units.

    A line's area is its length times its thickness, and its outline is twice its length; the length
    of the outline is the sum of the ink's slopes.
    """
    return 2 * float(digit.sum() / np.hypot(*np.gradient(digit)).sum())


def _thickened(digit: Gray, radius: float) -> Gray:
    """Widen the lines by `radius` on each side: a maximum over a disk of this radius."""
    reach = math.ceil(radius)
    padded, thick = np.pad(digit, reach), digit.copy()
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            if math.hypot(y - reach, x - reach) <= radius:
                np.maximum(thick, padded[y : y + RASTER_SIDE, x : x + RASTER_SIDE], out=thick)
    return thick
