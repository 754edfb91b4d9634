"""A line below a digit is no part of it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.pictures.underline import without_underline
from tests.core.pictures.inked_pages import INKS, SAME, likenesses, page
from tests.core.pictures.test_pictures import draw


def underlined(ink, thickness, gap, length=120, lines=1):
    image = page(220, 220, (ink, 160, (30, 20)))
    lowest = np.flatnonzero((np.asarray(image) < 128).any(axis=1))[-1]
    for line in range(lines):
        top = lowest + 1 + gap + 3 * thickness * line
        left = 110 - length // 2
        ImageDraw.Draw(image).rectangle((left, top, left + length, top + thickness - 1), fill=0)
    return image


def photographed(image):
    """A soft picture in a light that fades to one side, with noise."""
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1)), np.float32)
    light = np.linspace(0.9, 0.6, image.width)
    noise = np.random.default_rng(2).normal(0, 3, soft.shape)
    return Image.fromarray(np.clip(soft * light + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("ink", INKS, ids=["5", "4", "7"])
@pytest.mark.parametrize(
    ("thickness", "gap", "length", "lines"),
    [(3, 8, 100, 1), (5, 15, 100, 1), (10, 20, 100, 1), (5, 15, 180, 1), (4, 10, 100, 2)],
)
@pytest.mark.parametrize("seen", [lambda image: image, photographed], ids=["drawn", "photo"])
def test_an_underline_is_no_part_of_a_digit(seen, ink, thickness, gap, length, lines):
    image = underlined(ink, thickness, gap, length, lines)
    assert min(likenesses(seen(image), [ink])) > SAME


def test_an_underline_may_be_askew():
    turned = underlined(INKS[0], 5, 15).rotate(8, Image.Resampling.BICUBIC, fillcolor=255)
    ink = np.asarray(Image.fromarray(INKS[0]).rotate(8, Image.Resampling.BICUBIC))
    assert min(likenesses(turned, [ink])) > SAME


BAR_ABOVE = ([(90, 50), (190, 50)], [(92, 75), (90, 120), (170, 130), (170, 200), (90, 210)])
FOOT = ([(120, 90), (150, 50), (150, 200)], [(100, 216), (200, 216)])


@pytest.mark.parametrize("strokes", [BAR_ABOVE, FOOT], ids=["5", "1"])
def test_a_loose_stroke_of_a_digit_stays(strokes):
    ink = draw(*strokes, brush=14).astype(np.float32) / 255
    assert without_underline(ink) is ink


def test_a_lying_stroke_alone_is_no_underline():
    ink = draw([(40, 140), (240, 150)]).astype(np.float32) / 255
    assert without_underline(ink) is ink
