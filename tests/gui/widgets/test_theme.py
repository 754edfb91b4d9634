import dataclasses
import itertools

import numpy as np
import pytest

from gui.widgets.theme import DARK, LIGHT, rgb


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
@pytest.mark.parametrize("curve", ["train", "test", "validation", "negative", "positive"])
def test_curves_stand_out(theme, curve):
    """WCAG requires 3:1 for graphics."""
    assert contrast(getattr(theme, curve), theme.surface) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_tokens_are_colors(theme):
    for field in dataclasses.fields(theme):
        value = getattr(theme, field.name)
        for color in value if isinstance(value, tuple) else (value,) * (field.name != "name"):
            assert rgb(color).shape == (3,)
            assert color.startswith("#")


def as_seen_without_green(color):
    """The linear RGB that a deuteranope sees, after Machado, Oliveira and Fernandes (2009)."""
    linear = [(share / 255) ** 2.2 for share in rgb(color).tolist()]
    return DEUTERANOPIA @ linear


DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_curves_are_distinguishable_without_green(theme):
    curves = [as_seen_without_green(c) for c in (theme.train, theme.test, theme.validation)]
    for a, b in itertools.combinations(curves, 2):
        assert np.linalg.norm(a - b) > 0.15
