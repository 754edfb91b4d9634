"""Over the drawing of a number: a faint frame around the digit that is selected."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT, Theme
from core.ink.boxes import Box
from core.ink.drawing import RASTER_SIDE

_MARGIN = 4
_ROUNDED = 6


class DigitBracket:
    """Paints the frame on `pad`."""

    def __init__(self, pad: QWidget) -> None:
        self._pad = pad
        self._theme = LIGHT
        self._square = QRectF()
        self.box: Box | None = None

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colors of `theme`."""
        self._theme = theme

    def show(self, box: Box | None) -> None:
        """Frame this part of the drawing, in its units, or nothing."""
        if box != self.box:
            before, self.box = self.box, box
            for changed in (before, box):
                if changed is not None:
                    self._pad.update(self._frame(changed).toAlignedRect().adjusted(-1, -1, 1, 1))

    def paint(self, painter: QPainter, square: QRectF) -> None:
        """Paint over the drawing in `square`."""
        self._square = square
        if self.box is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.control), 1))
        painter.drawRoundedRect(self._frame(self.box), _ROUNDED, _ROUNDED)
        painter.restore()

    def _frame(self, box: Box) -> QRectF:
        """Return where the frame of a part of the drawing is, on the pad as last painted."""
        scale = self._square.width() / RASTER_SIDE
        place = QRectF(
            QPointF(box.left, box.top) * scale, QPointF(box.right, box.bottom) * scale
        ).translated(self._square.topLeft())
        frame = place.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        return frame & self._square.adjusted(2, 2, -2, -2)
