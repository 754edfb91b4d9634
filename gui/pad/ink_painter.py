"""A drawing painted by Qt at the display's own resolution: the lines and pictures of the pad."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, qRgba

from core.ink.drawing import RASTER_SIDE, Drawing, Picture, Vertex
from gui.widgets.indexed_image import indexed_image


class InkPainter:
    """Keeps a drawing as the screen shows it, so that a line that grows costs only what is new.

    Parameters
    ----------
    drawing
        What is painted. Whoever changes it calls :meth:`grow` or :meth:`forget`.
    color
        Of the ink.
    """

    def __init__(self, drawing: Drawing, color: QColor) -> None:
        self._drawing = drawing
        self._color = color
        self._painted: QPixmap | None = None
        self._scale = 1.0

    def set_color(self, color: QColor) -> None:
        """Paint the ink in another color."""
        self._color = color
        self.forget()

    def forget(self) -> None:
        """Paint everything again when it is next needed."""
        self._painted = None

    def painted(self, side: float, ratio: float) -> QPixmap:
        """Return the ink on transparent background.

        Parameters
        ----------
        side
            Of the square that the drawing fills, in the widget's pixels.
        ratio
            How many of the display's pixels there are to one of the widget's.
        """
        painted, pixels = self._painted, round(side * ratio)
        if painted is None or (painted.width(), painted.devicePixelRatio()) != (pixels, ratio):
            painted = QPixmap(pixels, pixels)
            painted.setDevicePixelRatio(ratio)
            painted.fill(Qt.GlobalColor.transparent)
            self._scale = side / RASTER_SIDE
            painter = self._painter(painted)
            for item in self._drawing.items:
                if isinstance(item, Picture):
                    _paint_picture(painter, item, self._color)
                else:
                    _paint_line(painter, item.line, self._color)
            painter.end()
            self._painted = painted
        return painted

    def grow(self, line: list[Vertex], drawn: int) -> QRectF | None:
        """Paint a line after its first `drawn` vertices.

        Returns
        -------
        QRectF | None
            Where that is in the square, in the widget's pixels; None to paint everything again.
        """
        if self._painted is None:
            return None
        painter = self._painter(self._painted)
        _paint_line(painter, line, self._color, drawn)
        painter.end()
        x, y, widths = zip(*line[max(0, drawn - 1) :], strict=True)
        place = QRectF(QPointF(min(x), min(y)) * self._scale, QPointF(max(x), max(y)) * self._scale)
        margin = self._scale * max(widths) / 2 + 2
        return place.adjusted(-margin, -margin, margin, margin)

    def _painter(self, painted: QPixmap) -> QPainter:
        painter = QPainter(painted)
        painter.scale(self._scale, self._scale)
        return painter


def _paint_line(painter: QPainter, line: list[Vertex], color: QColor, drawn: int = 0) -> None:
    """Paint a dot at a line's begin and straight pieces from there, except the first `drawn`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    for index in range(drawn, len(line)):
        a, b = line[max(0, index - 1)], line[index]
        pen.setWidthF((a.width + b.width) / 2)
        painter.setPen(pen)
        if index:
            painter.drawLine(QPointF(a.x, a.y), QPointF(b.x, b.y))
        else:
            painter.drawPoint(QPointF(b.x, b.y))


def _paint_picture(painter: QPainter, picture: Picture, color: QColor) -> None:
    """Paint a picture's ink in one color, as opaque as there is ink."""
    rgb = color.red(), color.green(), color.blue()
    image = indexed_image(picture.ink, [qRgba(*rgb, alpha) for alpha in range(256)])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, RASTER_SIDE, RASTER_SIDE), image)
