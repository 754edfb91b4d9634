"""Sheets of digits, made without a picture."""

import numpy as np

from core.ink.boxes import Box
from core.ink.drawing import Drawing
from core.ink.normalization import normalize_drawing
from core.pictures.digits_in_picture import PictureDigit
from core.pictures.picture_decoding import DecodedPicture
from core.pictures.sheet import Sheet

PITCH = 40
"""Between two digits, in pixels of the picture."""


def whole(pixels: np.ndarray) -> DecodedPicture:
    """Return a picture that was not reduced when it was decoded."""
    height, width = pixels.shape[:2]
    return DecodedPicture(pixels, width, height)


def slash(number: int) -> np.ndarray:
    """Return a line as ink; another one for each number."""
    drawing = Drawing()
    drawing.begin(60 + number, 40)
    drawing.extend(220 - number % 7, 240)
    drawing.end()
    return drawing.ink


def sheet_of(rows: int, columns: int, name: str = "form") -> Sheet:
    """Return a sheet of digits in equal rows; all of one hand."""
    places = [divmod(number, columns) for number in range(rows * columns)]
    boxes = [
        Box(PITCH * row + 5, PITCH * row + 35, PITCH * column + 5, PITCH * column + 25)
        for row, column in places
    ]
    digits = tuple(PictureDigit(slash(n), box, n // columns) for n, box in enumerate(boxes))
    images = tuple(normalize_drawing(digit.ink) for digit in digits)
    preview = np.full((PITCH * rows, PITCH * columns), 255, np.uint8)
    return Sheet(name, digits, images, preview, 1.0)
