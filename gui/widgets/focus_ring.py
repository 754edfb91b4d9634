"""The ring of a view that paints for itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

_WIDTH = 2


def paint_focus_ring(painter: QPainter, widget: QWidget, place: QRectF | None = None) -> None:
    """Draw a line along the edge of `place`, or of `widget`, if it has the focus."""
    if widget.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Highlight), _WIDTH))
        half = _WIDTH / 2
        painter.drawRect((place or QRectF(widget.rect())).adjusted(half, half, -half, -half))
