"""Digits on paper, and whether they are found as they were drawn."""

import numpy as np
from PIL import Image

from core.pictures.digits_in_picture import digits_in
from tests.core.pictures.test_pictures import FIVE, FOUR, SEVEN, correlation, draw

SAME = 0.92
"""The lowest correlation; with a line around it, be it thin and close, a digit has at most 0.9."""

INKS = [draw(*digit) for digit in (FIVE, FOUR, SEVEN)]


def page(height, width, *digits):
    """Dark digits on white paper: each is ink, its side in pixels, and its corner."""
    image = Image.new("L", (width, height), 255)
    for ink, side, corner in digits:
        pen = Image.fromarray(ink).resize((side, side), Image.Resampling.BILINEAR)
        image.paste(0, corner, pen)
    return image


def likenesses(image, inks=INKS):
    found = digits_in(np.asarray(image))
    assert len(found) == len(inks)
    return [correlation(digit.ink, ink) for digit, ink in zip(found, inks, strict=True)]
