"""Over the drawing of a number: a faint frame around the digit that is selected."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.ink.components import Box
from core.ink.drawing import RASTER_SIDE
from gui.widgets.theme import LIGHT, Theme

_MARGIN = 4
_ROUNDED = 6


class DigitBracket:
    """Paints the frame on `pad`."""

    def __init__(self, pad: QWidget) -> None:
        self._pad = pad
        self._theme = LIGHT
        self.box: Box | None = None

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colors of `theme`."""
        self._theme = theme

    def show(self, box: Box | None) -> None:
        """Frame this part of the drawing, in its units, or nothing."""
        if box != self.box:
            self.box = box
            self._pad.update()

    def paint(self, painter: QPainter, square: QRectF) -> None:
        """Paint over the drawing in `square`."""
        if self.box is None:
            return
        scale = square.width() / RASTER_SIDE
        box = QRectF(
            QPointF(self.box.left, self.box.top) * scale,
            QPointF(self.box.right, self.box.bottom) * scale,
        )
        frame = box.translated(square.topLeft()).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.control), 1))
        painter.drawRoundedRect(frame & square.adjusted(2, 2, -2, -2), _ROUNDED, _ROUNDED)
        painter.restore()
