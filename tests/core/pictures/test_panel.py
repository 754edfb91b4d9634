"""A digit on a disc is read, and a bold 0 is no disc."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.datasets.strokes import make_strokes
from core.pictures.digits_in_picture import digits_in

DIGITS = make_strokes(10, 100, seed=5).test


def badge(digit, disc, pen, background):
    """Return a picture of a digit in the middle of a disc."""
    picture = Image.new("RGB", (300, 300), background)
    ImageDraw.Draw(picture).ellipse((50, 50, 250, 250), fill=disc)
    image = DIGITS.images[DIGITS.labels == digit][1].reshape(28, 28)
    cover = Image.fromarray(image).resize((168, 168), Image.Resampling.BICUBIC)
    picture.paste(pen, (66, 66), cover)
    return np.array(picture)


@pytest.mark.parametrize(
    ("disc", "pen", "background"),
    [((40, 70, 160), (255,) * 3, (255,) * 3), ((235,) * 3, (20,) * 3, (10,) * 3)],
    ids=["white on blue", "black on a light one"],
)
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_on_a_disc_is_read(read, digit, disc, pen, background):
    assert read(badge(digit, disc, pen, background))[0] == digit


@pytest.mark.parametrize(
    ("half", "width", "hole"),
    [
        (80, 30, 20),
        (80, 50, 20),
        (80, 70, 40),
        (80, 85, 20),
        (100, 40, 100),
        (100, 65, 70),
        (100, 50, 50),
        (100, 60, 160),
    ],
)
def test_a_bold_round_0_is_no_disc(read, half, width, hole):
    picture = Image.new("L", (300, 300), 255)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150 - half, 50, 150 + half, 250), fill=0)
    draw.ellipse((150 - hole / 2, 50 + width, 150 + hole / 2, 250 - width), fill=255)
    assert read(np.array(picture))[0] == 0


def test_digits_on_a_dark_band_are_read_one_by_one():
    picture = Image.new("L", (640, 300), 255)
    picture.paste(0, (60, 100, 560, 200))
    for place in range(5):
        image = DIGITS.images[DIGITS.labels == place][0].reshape(28, 28)
        picture.paste(Image.fromarray(image).resize((90, 90)), (65 + 100 * place, 105))
    boxes = [digit.box for digit in digits_in(np.array(picture))]
    assert [(box.left - 60) // 100 for box in boxes] == [0, 1, 2, 3, 4]


def on(picture, digits, side, corners):
    """Paste DIGITS in white with their dark margins, or, on light paper, in black."""
    for digit, corner in zip(digits, corners, strict=True):
        image = DIGITS.images[DIGITS.labels == digit][0].reshape(28, 28)
        tile = Image.fromarray(image).resize((side, side))
        picture.paste(picture.getpixel(corner) ^ 255, corner, tile)


@pytest.mark.parametrize("digits", [range(10), (4, 7)], ids=["ten", "two, far apart"])
def test_a_dark_band_is_read_without_the_small_letters_beside_it(digits):
    picture = Image.new("L", (640, 480), 255)
    picture.paste(0, (72, 220, 572, 270))
    apart = 500 // len(digits)
    on(picture, digits, 48, [(73 + apart * k, 221) for k in range(len(digits))])
    for left in range(250, 390, 14):
        picture.paste(0, (left, 195, left + 8, 207))
    boxes = [digit.box for digit in digits_in(np.array(picture))]
    assert all(box.top >= 220 for box in boxes)
    assert [(box.left - 72) // apart for box in boxes] == list(range(len(digits)))


def test_a_dark_heading_does_not_hide_the_digits_below_it():
    picture = Image.new("L", (640, 480), 255)
    picture.paste(0, (0, 20, 640, 70))
    on(picture, (2, 5, 6, 9), 36, [(30 + 50 * k, 27) for k in range(4)])
    corners = [(100 + 110 * column, 150 + 110 * row) for row in range(2) for column in range(4)]
    on(picture, range(8), 60, corners)
    boxes = [digit.box for digit in digits_in(np.array(picture))]
    below = [((box.left - 100) // 110, (box.top - 150) // 110) for box in boxes if box.top > 100]
    assert below == [(column, row) for row in range(2) for column in range(4)]
