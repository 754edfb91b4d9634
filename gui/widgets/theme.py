"""Type and spacing."""

from __future__ import annotations

from PySide6.QtGui import QFont

_TABULAR = QFont.Tag("tnum")

SPACE = 4
"""The grid: all distances are multiples of this, in logical pixels."""

SHADOW, CARD_RADIUS = 6, 8
"""Of what floats: the width of its shadow, which is a part of it, and the radius of its corners."""

HINT_SIZE, TEXT_SIZE, TITLE_SIZE, FIGURE_SIZE, DIGIT_SIZE = 12, 14, 18, 28, 72


def tabular(font: QFont) -> QFont:
    """Return `font` with figures of one width, so that changing numbers do not move."""
    font = QFont(font)
    if not font.isFeatureSet(_TABULAR):  # to set it again would cost a tenth of a millisecond
        font.setFeature(_TABULAR, 1)
    return font
