"""A unit enlarged over the picture of all units."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from core.arrays import SIDE
from gui.widgets.theme import SPACE, Theme

MAGNIFIED = 7 * SIDE
"""Side of the enlarged image, in logical pixels, where there is room for it."""


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
