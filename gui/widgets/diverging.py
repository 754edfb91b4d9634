"""Numbers as colors: one hue below zero, another above it, and none at zero."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import qRgb, qRgba

from core.colors import Theme, diverging_table, rgb

_MOST_OPAQUE = 217
"""Of 255: where the overlay is strongest, the picture under it still shows."""


def color_table(theme: Theme) -> list[int]:
    """Return the colors of the 256 indices; zero has the surface's."""
    return [qRgb(*color) for color in diverging_table(theme).tolist()]


def strip_table(theme: Theme) -> list[int]:
    """Return the same, but that index 0, no value, is transparent."""
    return [0, *color_table(theme)[1:]]


def overlay_table(theme: Theme) -> list[int]:
    """Return the colors of the 256 indices for painting over a picture; zero is transparent."""
    negative, positive = rgb(theme.negative).tolist(), rgb(theme.positive).tolist()
    colors = [0]
    for share in np.linspace(-1, 1, 255).tolist():
        red, green, blue = negative if share < 0 else positive
        colors.append(qRgba(red, green, blue, round(abs(share) * _MOST_OPAQUE)))
    return colors
