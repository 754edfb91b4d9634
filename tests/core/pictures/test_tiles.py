"""Digits that each have a tile of their own, as in a figure of several images, are all found."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.datasets.strokes import make_strokes
from core.pictures.digits_in_picture import digits_in
from core.pictures.tiles import tiles_in
from tests.pages import Score, make_page, score

DIGITS = make_strokes(10, 300, seed=5).test


@pytest.mark.parametrize("count", [2, 3, 5, 10, 16, 40, 123])
@pytest.mark.parametrize("seed", [0, 1])
def test_all_digits_of_a_figure_are_found_in_order(count, seed):
    first = 40 * seed
    page = make_page(
        DIGITS.images[first : first + count], DIGITS.labels[first : first + count], "figure", seed
    )
    assert score(page, [digit.box for digit in digits_in(page.pixels)]) == Score(count, 0, 0)


def image(digit: int, side: int) -> Image.Image:
    """Return a white digit on black."""
    pixels = DIGITS.images[DIGITS.labels == digit][0].reshape(28, 28)
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC)


def figure(rows: int, columns: int, page: int) -> Image.Image:
    """Return a white figure of small images, 87 and 103 pixels apart, on a page of this gray."""
    picture = Image.new("L", (900, 103 * rows + 66), page)
    picture.paste(255, (110, 40, 110 + 87 * columns, 26 + 103 * rows))
    for place in range(rows * columns):
        row, column = divmod(place, columns)
        pixels = DIGITS.images[DIGITS.labels == place % 10][1].reshape(28, 28)
        tile = Image.fromarray(pixels).resize((72, 72), Image.Resampling.NEAREST)
        picture.paste(tile, (117 + 87 * column, 47 + 103 * row))
    return picture


@pytest.mark.parametrize("page", [255, 30], ids=["light page", "dark page"])
@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (2, 5), (3, 3), (4, 4)])
def test_the_images_of_a_figure_are_no_digits_themselves(rows, columns, page):
    boxes = [digit.box for digit in digits_in(np.array(figure(rows, columns, page)))]
    places = [((box.top - 47) // 103, (box.left - 117) // 87) for box in boxes]
    assert places == [(row, column) for row in range(rows) for column in range(columns)]
    assert max(box.side for box in boxes) < 65


@pytest.mark.parametrize(
    ("color", "line"),
    [((255, 230, 150), 2), ((140, 180, 235), 2), ((160, 220, 160), 2), ((140, 180, 235), 3)],
    ids=["yellow", "blue", "green", "blue with a thicker line"],
)
@pytest.mark.parametrize("first", [0, 4, 9])
def test_the_colored_boxes_of_a_form_are_no_digits_themselves(color, first, line):
    picture = Image.new("RGB", (750, 140), "white")
    draw = ImageDraw.Draw(picture)
    for place in range(8):
        left = 20 + 90 * place
        draw.rectangle((left, 30, left + 70, 110), color, (60, 60, 60), line)
        pixels = DIGITS.images[DIGITS.labels == place][first].reshape(28, 28)
        pen = Image.fromarray(pixels).resize((64, 64), Image.Resampling.BICUBIC)
        picture.paste((20, 30, 90), (left + 4, 36), pen)
    boxes = [digit.box for digit in digits_in(np.array(picture))]
    assert [(box.left - 20) // 90 for box in boxes] == list(range(8))
    assert all(35 < box.top < box.bottom < 105 for box in boxes)


def test_ticks_and_letters_that_touch_tiles_are_no_digits():
    picture = Image.new("L", (640, 300), 255)
    draw = ImageDraw.Draw(picture)
    for place in range(5):
        left = 60 + 110 * place
        picture.paste(image(place, 90), (left, 100))
        for at in (10, 50):
            draw.line((left + at, 190, left + at, 194), 0)
            draw.text((left + at - 4, 194), str(at), 0, font_size=12)
            draw.line((left - 4, 100 + at, left, 100 + at), 0)
            draw.text((left - 16, 94 + at), str(at), 0, font_size=12)
    boxes = [digit.box for digit in digits_in(np.array(picture))]
    assert [(box.left - 60) // 110 for box in boxes] == [0, 1, 2, 3, 4]
    assert all(100 <= box.top < box.bottom <= 190 for box in boxes)


def test_a_digit_that_reaches_the_edge_of_its_tile_is_found():
    picture = Image.new("L", (400, 250), 255)
    picture.paste(image(4, 120), (40, 60))
    lower = image(7, 120)
    lower = lower.crop((0, 0, 120, lower.getbbox()[3]))
    picture.paste(0, (220, 60, 340, 180))
    picture.paste(lower, (220, 180 - lower.height))
    first, second = (digit.box for digit in digits_in(np.array(picture)))
    assert first.right < 160
    assert second.left > 220
    assert second.bottom >= 175  # but for the soft edge of the tile


def mask_with(*rectangles: tuple[int, int, int, int]) -> np.ndarray:
    """Return a mask with filled rectangles: left, top, right, bottom."""
    picture = Image.new("1", (300, 200))
    for rectangle in rectangles:
        ImageDraw.Draw(picture).rectangle(rectangle, fill=1)
    return np.array(picture)


def test_tiles_are_two_rectangles_of_a_size_or_more():
    box, tiles = tiles_in(mask_with((20, 50, 99, 129), (120, 50, 199, 129), (20, 10, 40, 20)))
    assert box == (50, 130, 20, 200)
    assert tiles.sum() == 2 * 80 * 80
    assert not tiles[:, 80:100].any()


def test_a_letter_or_a_line_that_touches_tiles_is_no_part_of_them():
    mask = mask_with((20, 50, 99, 129), (120, 50, 199, 129), (100, 80, 119, 82), (200, 60, 215, 85))
    box, tiles = tiles_in(mask)
    assert box == (50, 130, 20, 200)
    assert tiles.sum() == 2 * 80 * 80


def test_tiles_may_be_fewer_than_the_letters_beside_them():
    letters = [(10 + 25 * place, 10, 28 + 25 * place, 26) for place in range(10)]
    mask = mask_with((20, 50, 99, 129), (120, 50, 199, 129), *letters)
    assert tiles_in(mask)[0] == (50, 130, 20, 200)


def test_a_tile_with_a_notch_is_a_tile():
    mask = mask_with((20, 50, 99, 129), (120, 50, 199, 129))
    mask[70:130, 40:75] = False
    assert tiles_in(mask)[0] == (50, 130, 20, 200)


@pytest.mark.parametrize(
    "rectangles",
    [
        [(20, 50, 99, 129)],
        [(20, 50, 99, 129), (120, 50, 239, 169)],
        [(20, 20, 40, 120), (80, 20, 100, 120)],
        [(20, 20, 29, 29), (80, 20, 89, 29)],
        [(20, 20, 49, 49), (80, 20, 109, 49), (150, 20, 280, 180)],
    ],
    ids=["one", "of two sizes", "like a bold 11", "tiny", "beside a larger area"],
)
def test_other_rectangles_are_no_tiles(rectangles):
    assert tiles_in(mask_with(*rectangles)) is None


def test_boxes_drawn_as_lines_are_no_tiles():
    mask = mask_with((20, 50, 99, 129), (120, 50, 199, 129))
    mask[60:120, 30:90] = mask[60:120, 130:190] = False
    assert tiles_in(mask) is None
