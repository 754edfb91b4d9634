import dataclasses

import pytest

from gui.theme import DARK, LIGHT, rgb


def luminance(color):
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [c / 255 for c in rgb(color).tolist()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("text", "window"),
        ("text", "surface"),
        ("text", "warning_surface"),
        ("quiet", "window"),
        ("quiet", "surface"),
        ("on_accent", "accent"),
    ],
)
def test_text_can_be_read(theme, front, back):
    assert contrast(getattr(theme, front), getattr(theme, back)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("curve", ["train", "test", "negative", "positive"])
def test_curves_stand_out(theme, curve):
    """WCAG asks for 3:1 of graphics."""
    assert contrast(getattr(theme, curve), theme.surface) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_tokens_are_colours(theme):
    for field in dataclasses.fields(theme):
        if field.name != "name":
            assert rgb(getattr(theme, field.name)).shape == (3,)
            assert getattr(theme, field.name).startswith("#")
