"""Patterns of dots and dashes are no digits."""

import numpy as np
import pytest
from PIL import ImageDraw

from core.pictures.dots import without_dots
from tests.core.pictures.inked_pages import INKS, SAME, likenesses, page


@pytest.mark.parametrize("radius", [1, 2, 4])
def test_dotted_paper_is_read(radius):
    image = page(400, 400, (INKS[0], 200, (90, 90)))
    for y in range(10, 400, 24):
        for x in range(10, 400, 24):
            box = (x - radius, y - radius, x + radius, y + radius)
            ImageDraw.Draw(image).ellipse(box, fill=40)
    assert min(likenesses(image, INKS[:1])) > SAME


@pytest.mark.parametrize("thickness", [2, 4])
@pytest.mark.parametrize("inset", [12, 40])
def test_a_frame_may_be_dashed(inset, thickness):
    image = page(300, 300, (INKS[0], 160, (70, 70)))
    low, high = inset, 299 - inset
    for at in range(low, high - 8, 16):
        for line in ((at, low, at + 8, low), (at, high, at + 8, high)):
            ImageDraw.Draw(image).line(line, fill=0, width=thickness)
            ImageDraw.Draw(image).line((*line[1::-1], *line[:1:-1]), fill=0, width=thickness)
    assert min(likenesses(image, INKS[:1])) > SAME


def test_digits_over_dotted_lines_are_told_apart():
    image = page(280, 840, *((ink, 180, (50 + 280 * k, 50)) for k, ink in enumerate(INKS)))
    for x in range(20, 820, 14):
        ImageDraw.Draw(image).rectangle((x, 250, x + 4, 254), fill=0)
    assert min(likenesses(image)) > SAME


def ink_with(*boxes):
    ink = np.zeros((200, 400), np.float32)
    for top, left, height, width in boxes:
        ink[top : top + height, left : left + width] = 1
    return ink


@pytest.mark.parametrize(
    "boxes",
    [
        [(20 + 60 * row, 10 + 30 * column, 40, 6) for row in range(3) for column in range(12)],
        [(90, 10, 60, 5), *((20, 10 + 30 * column, 4, 4) for column in range(8))],
        [
            *((5, 5, 2, 390), (190, 5, 2, 390), (5, 5, 187, 2), (5, 395, 187, 2)),
            *((40, 20 + 28 * column, 20, 9) for column in range(13)),
        ],
        [(90, 10, 20, 5), *((20, 10 + 30 * column, 10, 10) for column in range(13))],
    ],
    ids=["many ones", "few dots", "bold ones in a box", "large dots"],
)
def test_what_is_no_pattern_of_dots_stays(boxes):
    ink = ink_with(*boxes)
    assert without_dots(ink) is ink


@pytest.mark.parametrize(("height", "width"), [(4, 4), (3, 20)])
def test_dots_alone_go(height, width):
    ink = ink_with(*((20, 10 + 30 * column, height, width) for column in range(13)))
    assert not without_dots(ink).any()
