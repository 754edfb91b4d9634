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
