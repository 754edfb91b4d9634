"""The scale of the weights' colors: a bar with the weights at its ends."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from gui.widgets.indexed_image import indexed_image
from gui.widgets.theme import HINT_SIZE, SPACE, Theme

LEGEND_WIDTH = 64
_BAR = 12
_MARGIN = 8
_HIGHEST = 160
_LINE = 16


def paint_legend(
    painter: QPainter, area: QRect, words: tuple[str, str, str], colors: list[int], theme: Theme
) -> None:
    """Draw the bar and its three words, from above, at the right edge of `area`."""
    left = area.right() + 1 - LEGEND_WIDTH + _MARGIN
    height = min(_HIGHEST, area.height() - 2 * _MARGIN)
    bar = QRectF(left, area.top() + _MARGIN, _BAR, height)
    shades = np.arange(255, 0, -1, dtype=np.uint8)[:, np.newaxis]
    painter.drawImage(bar, indexed_image(shades, colors))
    painter.setPen(QColor(theme.hairline))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(QColor(theme.quiet))
    font = painter.font()
    font.setPixelSize(HINT_SIZE)
    painter.setFont(font)
    for share, text in zip((0.0, 0.5, 1.0), words, strict=True):
        y = bar.top() + share * bar.height() - _LINE / 2
        place = QRectF(bar.right() + SPACE, y, LEGEND_WIDTH - _MARGIN - _BAR - SPACE, _LINE)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
