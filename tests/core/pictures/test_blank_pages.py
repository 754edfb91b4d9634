"""A picture without digits gives none, whatever is printed on its paper."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from core.errors import DataError
from core.pictures.digits_in_picture import digits_in, thing_in
from core.pictures.ruled_lines import without_lines


def boxes(left, top, step, columns, rows, width, height):
    """Rectangles in columns and rows, `step` apart both ways."""
    places = [(left + step * k, top + step * j) for k in range(columns) for j in range(rows)]
    return [(x, y, x + width, y + height) for x, y in places]


FORMS = {
    "a frame": [(50, 50, 450, 450)],
    "nested frames": [(50 + k, 50 + k, 450 - k, 450 - k) for k in (0, 40, 80)],
    "boxes": boxes(20, 180, 120, 4, 1, 90, 100),
    "boxes that touch": boxes(20, 180, 60, 7, 1, 60, 100),
    "sudoku": boxes(25, 25, 50, 9, 9, 50, 50),
    "ruled": boxes(-9, -9, 40, 1, 14, 519, 40),
    "squared": boxes(-9, -9, 40, 14, 14, 40, 40),
    "dotted": boxes(20, 20, 30, 16, 16, 2, 2),
    "dashes": boxes(20, 250, 36, 13, 1, 20, 2),
}
"""The rectangles of forms, in pixels of a picture of 500."""


def form(name, is_noisy):
    image = Image.new("L", (500, 500), 235)
    for box in FORMS[name]:
        ImageDraw.Draw(image).rectangle(box, outline=60, width=2)
    pixels = np.asarray(image)
    noise = np.random.default_rng(1).normal(0, 3 if is_noisy else 0, pixels.shape)
    return np.rint(pixels + noise).astype(np.uint8)


@pytest.mark.parametrize("is_noisy", [False, True], ids=["clean", "noisy"])
@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_has_no_digits(name, is_noisy):
    with pytest.raises(DataError, match="No digit was found"):
        digits_in(form(name, is_noisy))


def test_a_blank_page_on_a_table_has_no_digits():
    pixels = np.full((900, 900), 90, np.float32)
    pixels[150:750, 200:700] = 238
    pixels += np.random.default_rng(0).normal(0, 3, pixels.shape)
    with pytest.raises(DataError, match="No digit was found"):
        digits_in(np.rint(pixels).astype(np.uint8))


def test_a_frame_is_a_thing_though_no_digit():
    assert thing_in(form("a frame", is_noisy=False)).box.side >= 400


def test_straight_strokes_alone_may_be_digits():
    eight = np.zeros((100, 60), np.float32)
    eight[[0, 1, 49, 50, 98, 99]] = eight[:, [0, 1, 58, 59]] = 1
    ones = np.zeros((100, 400), np.float32)
    ones[:, 20::40] = ones[:, 21::40] = 1
    for ink in (eight, ones):
        assert without_lines(ink) is ink


STRIPS = [(1, 1), (2, 2), (7, 7), (1, 1000), (36, 2400), (3000, 5)]


@pytest.mark.parametrize("size", STRIPS, ids=str)
def test_a_picture_of_any_size_is_read_or_refused(size):
    height, width = size
    noise = np.random.default_rng(0).integers(0, 255, size).astype(np.uint8)
    ends = np.full(size, 220, np.uint8)
    ends[:, : width // 5] = ends[:, width - width // 5 :] = 60
    halves = np.where(np.arange(width) < width / 2, 0, 255).astype(np.uint8)
    smooth = ndimage.gaussian_filter(noise, 2)
    for pixels in (noise, ends, np.tile(halves, (height, 1)), smooth):
        try:
            digits = digits_in(pixels)
        except DataError:
            continue
        assert digits
