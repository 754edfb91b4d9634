"""Numbers as colors: one hue below zero, another above it, and none at zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import qRgb, qRgba

from gui.widgets.theme import Theme, diverging_table, rgb

_MOST_OPAQUE = 217
"""Of 255: where the overlay is strongest, the picture under it still shows."""


def color_indices(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """Map -limit…limit to 1…255; what lies beyond has the end's color, and NaN is 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * np.float32(127 / limit)
        scaled += np.float32(128.5)
    np.clip(scaled, 1, 255, out=scaled)
    scaled[np.isnan(scaled)] = 0  # no value
    return scaled.astype(np.uint8)


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
