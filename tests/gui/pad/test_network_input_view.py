import numpy as np
import pytest

from gui.pad.network_input_view import NetworkInputView
from gui.widgets.theme import DARK, LIGHT, rgb

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.fixture
def view(qtbot):
    view = NetworkInputView()
    qtbot.addWidget(view)
    return view


def picture(view):
    """The colors of the 28×28 pixels as they are painted, (28, 28, 3)."""
    image = view.grab().toImage()
    scale = image.width() / view.width()
    at = [int((1 + 4 * i + 2) * scale) for i in range(28)]
    return np.array([[image.pixelColor(x, y).getRgb()[:3] for x in at] for y in at])


def saliency(**pixels):
    """Zero but for the pixels of row 2 that are named by their column, as c5=0.3."""
    result = np.zeros((28, 28), np.float32)
    for column, value in pixels.items():
        result[2, int(column[1:])] = value
    return result


def distance(a, b):
    return np.abs(a.astype(int) - b.astype(int)).sum()


@THEMES
def test_the_ink_is_shown_pixel_by_pixel(view, theme):
    view.apply_theme(theme)
    image = np.zeros((28, 28), np.uint8)
    image[3, 20] = 255
    view.show_image(image)
    expected = np.tile(rgb(theme.surface), (28, 28, 1))
    expected[3, 20] = rgb(theme.text)
    np.testing.assert_array_equal(picture(view), expected)


@THEMES
def test_support_is_orange_and_opposition_blue(view, theme):
    view.apply_theme(theme)
    view.show_saliency(saliency(c5=1, c9=-1))
    pixels = picture(view)
    assert distance(pixels[2, 5], rgb(theme.positive)) < distance(pixels[2, 5], rgb(theme.surface))
    assert distance(pixels[2, 9], rgb(theme.negative)) < distance(pixels[2, 9], rgb(theme.surface))
    pixels[2, [5, 9]] = rgb(theme.surface)
    np.testing.assert_array_equal(pixels, np.tile(rgb(theme.surface), (28, 28, 1)))


@THEMES
def test_the_ink_shows_under_the_deepest_colors(view, theme):
    view.apply_theme(theme)
    image = np.zeros((28, 28), np.uint8)
    image[2, [5, 9]] = 255
    view.show_image(image)
    view.show_saliency(saliency(c5=1, c6=1, c9=-1, c10=-1))
    pixels = picture(view).astype(int)
    toward_ink = np.sign(rgb(theme.text).astype(int) - rgb(theme.surface))
    for ink, background in ((5, 6), (9, 10)):
        assert ((pixels[2, ink] - pixels[2, background]) * toward_ink).min() >= 24


def test_the_scale_is_symmetric_about_zero(view):
    """Half the largest magnitude has half its color, whichever has the largest."""
    view.show_saliency(saliency(c5=-2, c9=1))
    low = picture(view)
    view.show_saliency(saliency(c5=-1, c9=2))
    high = picture(view)
    background = rgb(LIGHT.surface).astype(int)
    np.testing.assert_allclose(low[2, 9] - background, (high[2, 9] - background) / 2, atol=2)
    np.testing.assert_allclose(high[2, 5] - background, (low[2, 5] - background) / 2, atol=2)
    view.show_saliency(saliency(c5=-1e-6, c9=2e-6))
    np.testing.assert_array_equal(picture(view), high)


def test_an_array_in_columns_is_shown_as_one_in_rows(view):
    values = np.random.default_rng(0).standard_normal((28, 28))
    view.show_saliency(values)
    rows = picture(view)
    view.show_saliency(np.asfortranarray(values))
    np.testing.assert_array_equal(picture(view), rows)


@pytest.mark.parametrize("value", [0, np.nan, np.inf])
def test_without_an_explanation_the_image_is_unchanged(view, value):
    """Of an untrained or diverged network."""
    image = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    view.show_image(image)
    plain = picture(view)
    view.show_saliency(np.full((28, 28), value, np.float32))
    np.testing.assert_array_equal(picture(view), plain)


def test_removing_the_overlay(view):
    plain, tip = picture(view), view.toolTip()
    view.show_saliency(saliency(c5=1))
    assert "Orange" in view.toolTip()
    assert "Blue" in view.toolTip()
    view.show_saliency(None)
    assert view.toolTip() == tip
    np.testing.assert_array_equal(picture(view), plain)
