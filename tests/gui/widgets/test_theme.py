import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QScrollBar

from core.colors import DARK, LIGHT, rgb
from gui.widgets.style_sheet import make_palette, make_style_sheet


def luminance(color):
    """Relative luminance as WCAG 2.2 defines it."""
    shares = [c / 255 for c in rgb(color).tolist()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
GROUNDS = ("window", "surface", "raised", "hairline", "accent_surface", "warning_surface")
"""What text and controls lie on."""


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("front", ["text", "quiet"])
def test_text_can_be_read(theme, front, ground):
    assert contrast(getattr(theme, front), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(
    ("front", "ground"),
    [("on_accent", "accent"), ("fault", "window"), ("fault", "surface"), ("window", "text")],
)
def test_text_in_color_can_be_read(theme, front, ground):
    assert contrast(getattr(theme, front), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", ["window", "surface"])
@pytest.mark.parametrize(
    "line",
    ["train", "train_faint", "test", "validation", "negative", "positive", "control", "warning"],
)
def test_lines_and_controls_stand_out(theme, line, ground):
    """WCAG asks for 3:1 of graphics."""
    assert contrast(getattr(theme, line), getattr(theme, ground)) >= 3


@THEMES
@pytest.mark.parametrize("ground", ["window", "surface"])
def test_curves_of_earlier_runs_stand_out(theme, ground):
    assert all(contrast(color, getattr(theme, ground)) >= 3 for color in theme.overlays)


@THEMES
@pytest.mark.parametrize(
    ("front", "ground"),
    [
        ("text", "control"),  # a slider's handle on its track
        ("control", "hairline"),  # a bar on its track
        ("accent", "hairline"),
        ("accent", "raised"),  # the ring of a button that has the focus
        ("warning", "warning_surface"),
        ("control", "raised"),
    ],
)
def test_parts_of_a_control_stand_out_from_each_other(theme, front, ground):
    assert contrast(getattr(theme, front), getattr(theme, ground)) >= 3


@THEMES
def test_a_palette_has_no_color_of_its_own(qapp, theme):
    """Otherwise Qt works one out, and nobody looks at its contrast."""
    palette = make_palette(theme)
    tokens = {getattr(theme, field.name) for field in dataclasses.fields(theme)} - {theme.overlays}
    tokens = {token.lower() for token in tokens}
    for role in QPalette.ColorRole:
        if role not in (QPalette.ColorRole.NColorRoles, QPalette.ColorRole.NoRole):
            assert palette.color(QPalette.ColorGroup.Active, role).name() in tokens, role


@THEMES
@pytest.mark.parametrize("orientation", list(Qt.Orientation), ids=lambda way: way.name)
def test_both_scroll_bars_are_a_handle_without_arrows(qtbot, theme, orientation):
    bar = QScrollBar(orientation)
    qtbot.addWidget(bar)
    bar.setStyleSheet(make_style_sheet(theme))
    bar.setRange(0, 100)
    bar.resize(*((200, 12) if orientation == Qt.Orientation.Horizontal else (12, 200)))
    picture = bar.grab().toImage()
    names = {
        picture.pixelColor(x, y).name() for x in range(bar.width()) for y in range(bar.height())
    }
    assert theme.control.lower() in names
    ends = picture.pixelColor(bar.width() - 2, bar.height() - 2), picture.pixelColor(6, 6)
    assert ends[0].name() != theme.control.lower() == ends[1].name()


@THEMES
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


@THEMES
def test_curves_can_be_told_apart_without_green(theme):
    curves = [as_seen_without_green(c) for c in (theme.train, theme.test, theme.validation)]
    for a, b in itertools.combinations(curves, 2):
        assert np.linalg.norm(a - b) > 0.15
