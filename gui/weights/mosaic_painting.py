"""What is drawn with the picture of all units: the color scale, and an enlarged unit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from core.arrays import SIDE
from core.colors import Theme
from gui.widgets.indexed_image import indexed_image
from gui.widgets.theme import HINT_SIZE, SPACE

MAGNIFIED = 7 * SIDE
"""Side of the enlarged image, in logical pixels, where there is room for it."""
LEGEND_WIDTH = 64
_BAR = 12
_MARGIN = 8
_HIGHEST = 160
_LINE = 16


def paint_magnified(
    painter: QPainter, tile: QRectF, area: QRect, image: QImage, words: str, theme: Theme
) -> None:
    """Draw `image` with `words` below it: beside `tile`, where there is room, and inside `area`."""
    text_height = painter.fontMetrics().height() + SPACE
    side = min(MAGNIFIED, area.height() - text_height - 2)
    panel = QRectF(0, 0, side + 2, side + text_height + 2)
    left = tile.right() + 2 * SPACE
    if left + panel.width() > area.right():
        left = tile.left() - 2 * SPACE - panel.width()
    top = min(tile.top(), area.bottom() - panel.height())
    panel.moveTo(max(left, area.left()), max(top, area.top()))
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.setBrush(QColor(theme.surface))
    painter.drawRect(panel)
    square = QRectF(panel.left() + 1, panel.top() + 1, side, side)
    painter.drawImage(square, image)
    painter.setPen(QColor(theme.text))
    caption = QRectF(square.left() + SPACE, square.bottom(), side - SPACE, text_height)
    painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, words)


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
