"""Symbols of the transport bar, drawn as vectors in the color of the text beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

SIZE = QSize(19, 16)
"""Logical pixels; the last three columns keep the text away."""
_SIDE = 16
_RATIOS = (1, 2, 3)
"""Device pixels per logical pixel that a symbol is drawn for."""


def symbol_icon(name: str, color: QColor, disabled: QColor) -> QIcon:
    """Return a symbol (restart, play, pause, step, epoch or branch) in two colors."""
    icon = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        for ratio in _RATIOS:
            icon.addPixmap(_pixmap(name, ink, ratio), mode)
    return icon


def _pixmap(name: str, color: QColor, ratio: int) -> QPixmap:
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    _SYMBOLS[name](painter)
    painter.end()
    return pixmap


def _triangle(painter: QPainter, left: float, width: float, top: float = 2.5) -> None:
    """Draw a triangle that points right, between `top` and the same distance from below."""
    corners = ((left, top), (left + width, _SIDE / 2), (left, _SIDE - top))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def _bar(painter: QPainter, left: float, width: float, top: float = 2.5) -> None:
    painter.drawRect(QRectF(left, top, width, _SIDE - 2 * top))


def _play(painter: QPainter) -> None:
    _triangle(painter, 3.5, 10)


def _pause(painter: QPainter) -> None:
    _bar(painter, 3.5, 3)
    _bar(painter, 9.5, 3)


def _step(painter: QPainter) -> None:
    _triangle(painter, 3, 7.5, 3.5)
    _bar(painter, 11, 2, 3.5)


def _epoch(painter: QPainter) -> None:
    _triangle(painter, 1, 6, 3.5)
    _triangle(painter, 7, 6, 3.5)
    _bar(painter, 13, 2, 3.5)


def _restart(painter: QPainter) -> None:
    """Draw an arrow that runs around, and ends where it began."""
    ring = QRectF(3, 3, 10, 10)
    arc = QPainterPath()
    arc.arcMoveTo(ring, 60)
    arc.arcTo(ring, 60, -300)
    pen = QPen(painter.brush().color(), 1.75)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.strokePath(arc, pen)
    tip = arc.pointAtPercent(0)
    corners = ((-3.5, 2.0), (1.8, -4.0), (2.6, 2.8))
    painter.drawPolygon(QPolygonF([tip + QPointF(x, y) for x, y in corners]))


def _branch(painter: QPainter) -> None:
    """Draw a line from which another turns off, with an arrow at its end."""
    pen = QPen(painter.brush().color(), 1.75)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.strokePath(_path((1.5, 11.5), (14.5, 11.5)), pen)
    painter.strokePath(_path((3.5, 11.5), (7, 5), (10, 5)), pen)
    painter.drawPolygon(QPolygonF([QPointF(9.5, 1.5), QPointF(15, 5), QPointF(9.5, 8.5)]))


def _path(first: tuple[float, float], *others: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*first))
    for place in others:
        path.lineTo(QPointF(*place))
    return path


_SYMBOLS: dict[str, Callable[[QPainter], None]] = {
    "restart": _restart,
    "play": _play,
    "pause": _pause,
    "step": _step,
    "epoch": _epoch,
    "branch": _branch,
}
