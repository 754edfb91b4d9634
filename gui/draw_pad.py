"""A square to draw a digit on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import LIGHT, Theme

RASTER_SIDE = 280
"""The drawing's own size. It does not depend on how large or on which display the pad is shown."""

_BRUSH = 22.0
"""Width of the pen in raster units: about as thick in proportion as MNIST's digits."""


@dataclass
class Stroke:
    """What the pen drew from touching down to lifting: points and widths in raster units."""

    points: list[QPointF] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)


class DrawPad(QWidget):
    """Takes strokes from mouse, pen or finger.

    The same strokes are painted twice: on the screen, smooth at any scale, and into a small raster
    that is handed to the network.

    Signals
    -------
    drawing_changed
        A stroke grew, or was taken back.
    """

    drawing_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draw_pad")
        self.setAccessibleName("Drawing pad")
        self.setToolTip("Draw a digit with the mouse, a pen or a finger")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._theme = LIGHT
        self._strokes: list[Stroke] = []
        self._pen_is_down = False
        self._tablet_in_use = False
        self._raster = _blank_raster()
        self._ink_on_screen: QPixmap | None = None

    def sizeHint(self) -> QSize:
        """One screen pixel a raster unit."""
        return QSize(RASTER_SIDE, RASTER_SIDE)

    def hasHeightForWidth(self) -> bool:
        """The pad is square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The pad is square."""
        return width

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return not self._strokes

    @property
    def ink(self) -> NDArray[np.uint8]:
        """A copy of the drawing, uint8, (280, 280): 0 is paper, 255 is ink."""
        raster = self._raster
        view = np.frombuffer(raster.constBits(), np.uint8)
        # A line of the image may be longer than its pixels.
        return view.reshape(RASTER_SIDE, raster.bytesPerLine())[:, :RASTER_SIDE].copy()

    # --- strokes --------------------------------------------------------------------------

    def begin_stroke(self, point: QPointF, pressure: float = 1.0) -> None:
        """Put the pen down at a point of the raster; `pressure` is 0…1."""
        self._strokes.append(Stroke())
        self.extend_stroke(point, pressure)

    def extend_stroke(self, point: QPointF, pressure: float = 1.0) -> None:
        """Draw on to a point of the raster."""
        stroke = self._strokes[-1]
        stroke.points.append(point)
        stroke.widths.append(_BRUSH * (0.4 + 0.6 * pressure))
        newest = len(stroke.points) - 1
        painter = QPainter(self._raster)
        _paint_stroke(painter, stroke, QColor(Qt.GlobalColor.white), newest)
        painter.end()
        if self._ink_on_screen is None:
            self.update()
        else:
            painter = self._painter_on_screen(self._ink_on_screen)
            _paint_stroke(painter, stroke, QColor(self._theme.text), newest)
            painter.end()
            self.update(self._place_of_segment(stroke))
        self.drawing_changed.emit()

    @Slot()
    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
            self._repaint_raster()

    @Slot()
    def clear(self) -> None:
        """Take all strokes away."""
        if self._strokes:
            self._strokes.clear()
            self._repaint_raster()

    def _repaint_raster(self) -> None:
        self._raster = _blank_raster()
        painter = QPainter(self._raster)
        for stroke in self._strokes:
            _paint_stroke(painter, stroke, QColor(Qt.GlobalColor.white))
        painter.end()
        self._pen_is_down = False
        self._ink_on_screen = None
        self.update()
        self.drawing_changed.emit()

    # --- mouse, pen, finger ---------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and not self._tablet_in_use:
            self._pen_is_down = True
            self.begin_stroke(self._to_raster(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if self._pen_is_down and not self._tablet_in_use:
            self.extend_stroke(self._to_raster(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pen_is_down = False

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen, whose pressure widens the line."""
        event.accept()
        point, pressure = self._to_raster(event.position()), event.pressure()
        if event.type() == QEvent.Type.TabletPress:
            # The system may send mouse events for the same pen.
            self._tablet_in_use = self._pen_is_down = True
            self.begin_stroke(point, pressure)
        elif event.type() == QEvent.Type.TabletMove and self._pen_is_down:
            self.extend_stroke(point, pressure)
        elif event.type() == QEvent.Type.TabletRelease:
            self._tablet_in_use = self._pen_is_down = False

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger."""
        kind = QEvent.Type
        if event.type() in (kind.TouchBegin, kind.TouchUpdate, kind.TouchEnd, kind.TouchCancel):
            assert isinstance(event, QTouchEvent)
            event.accept()
            points = event.points()
            if event.type() == kind.TouchBegin:
                self._pen_is_down = True
                self.begin_stroke(self._to_raster(points[0].position()))
            elif event.type() == kind.TouchUpdate and self._pen_is_down:
                self.extend_stroke(self._to_raster(points[0].position()))
            else:
                self._pen_is_down = False
            return True
        return super().event(event)

    # --- painting -------------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._ink_on_screen = None
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw the strokes at the new scale."""
        self._ink_on_screen = None

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _to_raster(self, position: QPointF) -> QPointF:
        square = self._square()
        return (position - square.topLeft()) * (RASTER_SIDE / max(square.width(), 1))

    def _place_of_segment(self, stroke: Stroke) -> QRect:
        """Return what the newest segment of `stroke` covers of the widget."""
        square = self._square()
        scale = square.width() / RASTER_SIDE
        begin, end = stroke.points[-2:][0], stroke.points[-1]
        margin = scale * stroke.widths[-1] / 2 + 2
        place = QRectF(begin * scale, end * scale).normalized()
        place.adjust(-margin, -margin, margin, margin)
        return place.translated(square.topLeft()).toAlignedRect()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, a hint or the strokes, and a frame."""
        theme, square = self._theme, self._square()
        painter = QPainter(self)
        painter.fillRect(square, QColor(theme.surface))
        if self._strokes:
            painter.drawPixmap(square.topLeft(), self._strokes_on_screen())
        else:
            painter.setPen(QColor(theme.quiet))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "Draw a digit here")
        painter.setPen(QColor(theme.control))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))

    def _strokes_on_screen(self) -> QPixmap:
        """Return the ink at the display's own resolution; it grows with the strokes."""
        ratio = self.devicePixelRatioF()
        side = round(self._square().width() * ratio)
        ink = self._ink_on_screen
        if ink is None or ink.width() != side:
            ink = QPixmap(side, side)
            ink.setDevicePixelRatio(ratio)
            ink.fill(Qt.GlobalColor.transparent)
            painter = self._painter_on_screen(ink)
            for stroke in self._strokes:
                _paint_stroke(painter, stroke, QColor(self._theme.text))
            painter.end()
            self._ink_on_screen = ink
        return ink

    def _painter_on_screen(self, ink: QPixmap) -> QPainter:
        painter = QPainter(ink)
        scale = self._square().width() / RASTER_SIDE
        painter.scale(scale, scale)
        return painter


def _blank_raster() -> QImage:
    raster = QImage(RASTER_SIDE, RASTER_SIDE, QImage.Format.Format_Grayscale8)
    raster.fill(0)
    return raster


def _paint_stroke(painter: QPainter, stroke: Stroke, color: QColor, begin: int = 0) -> None:
    """Paint the stroke's lines from point `begin` on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(color)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    points = stroke.points
    for index in range(begin, len(points)):
        pen.setWidthF(stroke.widths[index])
        painter.setPen(pen)
        if index:
            painter.drawLine(points[index - 1], points[index])
        else:
            painter.drawPoint(points[0])
