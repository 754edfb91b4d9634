"""Bold digits are read: they are neither panels, nor what is left free in them."""

from itertools import product

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from core.datasets.strokes import make_strokes
from core.errors import DataError
from core.ink.boxes import Box, box_around
from core.pictures.borders import fills_picture
from core.pictures.digits_in_picture import digits_in

DIGITS = make_strokes(10, 300, seed=5).test


def bold(digit: int, number: int, more: float) -> np.ndarray:
    """Return a digit at four times its size, whose pen is wider by this many pixels of 28."""
    image = np.pad(DIGITS.images[DIGITS.labels == digit][number].reshape(28, 28), 4)
    large = Image.fromarray(image).resize((144, 144), Image.Resampling.BICUBIC)
    disc = np.hypot(*np.mgrid[-16:17, -16:17]) <= 4 * more
    return ndimage.grey_dilation(np.array(large), footprint=disc)


def boxes(pixels: np.ndarray) -> list[Box]:
    """Return where digits are found in a picture."""
    try:
        return [digit.box for digit in digits_in(pixels)]
    except DataError:
        return []


@pytest.mark.parametrize("digit", range(10))
def test_a_bold_digit_is_the_only_one_in_its_picture(digit):
    whole = 0
    for number in range(12):
        ink = bold(digit, number, 2.5)
        found = boxes(255 - ink)
        difference = np.subtract(found, box_around(ink > 127))
        whole += len(found) == 1 and np.abs(difference).max() <= 4
    assert whole >= 11  # one of the 8s is a blob


def test_a_bold_digit_that_fills_a_tiny_picture_is_the_ink():
    whole = 0
    for digit, number in product(range(10), range(12)):
        ink = bold(digit, number, 2)
        top, bottom, left, right = box_around(ink > 127)
        cut = Image.fromarray(ink[top:bottom, left:right])
        tiny = np.array(cut.resize((16, 16), Image.Resampling.BOX))
        whole += sum(boxes(pixels) == [(0, 16, 0, 16)] for pixels in (tiny, 255 - tiny))
    assert whole >= 228  # of 240; others are blobs


@pytest.mark.parametrize("edges", [(60, 60), (0, 40)])
@pytest.mark.parametrize("row", [0, 10, 19])
@pytest.mark.parametrize("speck", [60, 120])
def test_a_bold_1_that_is_all_of_a_tiny_picture_is_one_digit(edges, row, speck):
    """What stands out in it may be a few specks."""
    pixels = np.zeros((20, 4), np.uint8)
    pixels[:, 0], pixels[:, 3] = edges
    pixels[row] += np.uint8(speck)
    pixels[(row + 5) % 20, 1] = speck
    assert len(boxes(pixels)) == 1


def test_the_bays_around_a_digit_are_not_what_fills_the_picture():
    digit = np.zeros((16, 16), bool)
    digit[:, 6:10] = digit[:4, :10] = digit[-4:, 6:] = True
    assert fills_picture(digit)
    assert not fills_picture(~digit)


def test_neither_a_table_around_paper_nor_a_frame_fills_the_picture():
    table = np.ones((16, 16), bool)
    table[:12, 4:] = False
    frame = np.ones((16, 16), bool)
    frame[3:13, 3:13] = frame[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    assert not fills_picture(table)
    assert not fills_picture(frame)
