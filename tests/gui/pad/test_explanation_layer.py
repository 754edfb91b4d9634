"""The pixels that support the answer and those against it, over the drawing."""

import numpy as np
import pytest

from core.colors import DARK, LIGHT, rgb
from gui.pad.draw_pad import DrawPad

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
SCALE = 10


@pytest.fixture
def pad(qtbot):
    """A pad with an image of a data set, all background, so that it lies where its input does."""
    pad = DrawPad()
    qtbot.addWidget(pad)
    pad.resize(28 * SCALE, 28 * SCALE)
    pad.place_example(np.zeros((28, 28), np.uint8))
    return pad


def picture(pad):
    """The colors of the middles of the input's pixels, (26, 28, 3), without the legend's rows."""
    image = pad.grab().toImage()
    at = [SCALE * i + SCALE // 2 for i in range(28)]
    return np.array([[image.pixelColor(x, y).getRgb()[:3] for x in at] for y in at[:25]])


def saliency(**pixels):
    """Zero but for the pixels of row 2 that are named by their column, as c5=0.3."""
    result = np.zeros((28, 28), np.float32)
    for column, value in pixels.items():
        result[2, int(column[1:])] = value
    return result


def explain(pad, values, digit):
    pad.explanation.show(values, pad.drawing.input_frame(), str(digit))


def distance(a, b):
    return np.abs(a.astype(int) - b.astype(int)).sum()


@THEMES
def test_what_speaks_for_the_answer_is_orange_and_against_it_blue(pad, theme):
    pad.apply_theme(theme)
    explain(pad, saliency(c5=1, c9=-1), 3)
    pixels = picture(pad)
    assert distance(pixels[2, 5], rgb(theme.positive)) < distance(pixels[2, 5], rgb(theme.surface))
    assert distance(pixels[2, 9], rgb(theme.negative)) < distance(pixels[2, 9], rgb(theme.surface))
    pixels[2, [5, 9]] = rgb(theme.surface)
    np.testing.assert_array_equal(pixels, np.tile(rgb(theme.surface), (25, 28, 1)))


@THEMES
def test_the_ink_shows_under_the_deepest_colors(pad, theme):
    pad.apply_theme(theme)
    image = np.zeros((28, 28), np.uint8)
    image[2, [5, 9]] = 255
    pad.place_example(image)
    explain(pad, saliency(c5=1, c6=1, c9=-1, c10=-1), 3)
    pixels = picture(pad).astype(int)
    toward_ink = np.sign(rgb(theme.text).astype(int) - rgb(theme.surface))
    for ink, background in ((5, 6), (9, 10)):
        assert ((pixels[2, ink] - pixels[2, background]) * toward_ink).min() >= 24


def test_the_scale_is_symmetric_about_zero(pad):
    """Half the largest magnitude has half its color, whichever has the largest."""
    explain(pad, saliency(c5=-2, c9=1), 3)
    low = picture(pad)
    explain(pad, saliency(c5=-1, c9=2), 3)
    high = picture(pad)
    background = rgb(LIGHT.surface).astype(int)
    np.testing.assert_allclose(low[2, 9] - background, (high[2, 9] - background) / 2, atol=2)
    np.testing.assert_allclose(high[2, 5] - background, (low[2, 5] - background) / 2, atol=2)
    explain(pad, saliency(c5=-1e-6, c9=2e-6), 3)
    np.testing.assert_array_equal(picture(pad), high)


def test_an_array_in_columns_is_shown_as_one_in_rows(pad):
    values = np.random.default_rng(0).standard_normal((28, 28))
    explain(pad, values, 3)
    rows = picture(pad)
    explain(pad, np.asfortranarray(values), 3)
    np.testing.assert_array_equal(picture(pad), rows)


@pytest.mark.parametrize("value", [0, np.nan, np.inf])
def test_nothing_to_show_leaves_the_drawing_alone(pad, value):
    """Of a network that knows nothing yet, or has diverged."""
    pad.place_example(np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8))
    plain = picture(pad)
    explain(pad, np.full((28, 28), value, np.float32), 3)
    np.testing.assert_array_equal(picture(pad), plain)


def test_hiding_it(pad):
    plain = pad.grab().toImage()
    explain(pad, saliency(c5=1), 3)
    assert pad.grab().toImage() != plain
    pad.explanation.hide()
    assert pad.grab().toImage() == plain


@THEMES
def test_a_legend_shows_both_colors_and_names_the_digit(pad, theme):
    pad.apply_theme(theme)
    explain(pad, saliency(), 3)
    threes = pad.grab().toImage()
    bottom = {threes.pixelColor(x, y).name() for x in range(280) for y in range(262, 279)}
    assert {theme.positive.lower(), theme.negative.lower()} <= bottom
    explain(pad, saliency(), 8)
    assert pad.grab().toImage() != threes


def test_it_lies_on_the_ink_that_the_network_sees(pad):
    """A small drawing in a corner: the input is cut out around it."""
    ink = np.zeros((280, 280), np.uint8)
    ink[30:70, 40:60] = 255
    pad.place(ink)
    seen = pad.drawing.image() > 127
    explain(pad, seen.astype(np.float32), 1)
    image = pad.grab().toImage()
    tinted = [
        (x, y)
        for x in range(1, 279)
        for y in range(1, 260)
        if image.pixelColor(x, y).name() not in (LIGHT.surface.lower(), LIGHT.text.lower())
    ]
    xs, ys = zip(*tinted, strict=True)
    assert (min(xs), max(xs) + 1) == pytest.approx((40, 60), abs=2)
    assert (min(ys), max(ys) + 1) == pytest.approx((30, 70), abs=2)
