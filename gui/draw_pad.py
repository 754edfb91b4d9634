"""A square to draw a digit on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEventPoint,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
    qRgba,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.drawing import BRUSH, RASTER_SIDE, Drawing, Picture, Stroke, Vertex
from core.errors import DataError
from core.pictures import read_picture
from gui.theme import LIGHT, Theme

NARROWEST_BRUSH, WIDEST_BRUSH = 10.0, 44.0
"""In the drawing's units; finer lines vanish in 28×28, and wider ones close the loops."""

_TOUCHES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)

# After these no release may come.
_LOSSES = (
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
    QEvent.Type.UngrabMouse,
    QEvent.Type.WindowDeactivate,
)


class DrawPad(QWidget):
    """Takes strokes from mouse, pen or finger, and pictures.

    What is drawn is a :class:`core.drawing.Drawing`, from which the network reads. The screen shows
    the same lines, painted by Qt at the display's own resolution.

    Attributes
    ----------
    drawing
        What is on the pad; changed only by the pad's own methods, which keep the screen in step.

    Signals
    -------
    drawing_changed
        A stroke grew, a picture came, or something was taken back.
    picture_dropped(object)
        A picture was pasted or dropped: its pixels, uint8, (h, w) grey or (h, w, 3) red, green and
        blue. The pad waits for :meth:`place`.
    picture_refused(str)
        What was pasted or dropped is no picture; the line says why.
    """

    drawing_changed = Signal()
    picture_dropped = Signal(object)
    picture_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draw_pad")
        self.setAccessibleName("Drawing pad")
        self.setToolTip("Draw a digit with the mouse, a pen or a finger, or drop a picture of one")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAcceptDrops(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.drawing = Drawing()
        self._theme = LIGHT
        self._brush = BRUSH
        self._stroke: Stroke | None = None
        self._stroke_brush = BRUSH
        # "mouse", "pen" or a finger's number: what draws the stroke, so that nothing else meddles.
        self._tool: str | int | None = None
        self._drag_is_over = False
        self._ink_on_screen: QPixmap | None = None

    def sizeHint(self) -> QSize:
        """One screen pixel a unit of the drawing."""
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
        return self.drawing.is_blank

    @property
    def ink(self) -> NDArray[np.uint8]:
        """A copy of the drawing's ink, uint8, (280, 280): 0 is paper, 255 is ink."""
        return self.drawing.ink.copy()

    @property
    def image(self) -> NDArray[np.uint8]:
        """What the network reads, uint8, (28, 28)."""
        return self.drawing.image()

    @property
    def brush(self) -> float:
        """Width of the strokes to come in the drawing's units, kept within 10…44."""
        return self._brush

    @brush.setter
    def brush(self, width: float) -> None:
        self._brush = min(max(width, NARROWEST_BRUSH), WIDEST_BRUSH)

    # --- the drawing ----------------------------------------------------------------------

    def begin_stroke(self, point: QPointF, pressure: float = 1.0) -> None:
        """Put the pen down at a point of the drawing; `pressure`, 0…1, is how wide it opens."""
        self.end_stroke()
        self._stroke_brush = self._brush
        self._stroke = self.drawing.begin(point.x(), point.y(), self._width(pressure))
        self._show_growth(self._stroke, 0)

    def extend_stroke(self, point: QPointF, pressure: float = 1.0) -> None:
        """Draw on to a point of the drawing."""
        assert self._stroke is not None
        drawn = len(self._stroke.line)
        self.drawing.extend(point.x(), point.y(), self._width(pressure))
        self._show_growth(self._stroke, drawn)

    def end_stroke(self) -> None:
        """Lift the pen; does nothing where it is not down."""
        stroke, self._stroke, self._tool = self._stroke, None, None
        if stroke is not None:
            drawn = len(stroke.line)
            self.drawing.end()
            if len(stroke.line) > drawn:
                self._show_growth(stroke, drawn)

    def _width(self, pressure: float) -> float:
        return self._stroke_brush * (0.4 + 0.6 * pressure)

    @Slot()
    def undo(self) -> None:
        """Take back the last stroke, picture or clearing."""
        self.end_stroke()
        if self.drawing.can_undo:
            self._change(self.drawing.undo)

    @Slot()
    def clear(self) -> None:
        """Take all away; :meth:`undo` brings it back."""
        self.end_stroke()
        if not self.is_blank:
            self._change(self.drawing.clear)

    def place(self, ink: NDArray[np.uint8]) -> None:
        """Put ink, uint8 (280, 280), in the place of all that is there; not to be written to."""
        self.end_stroke()
        self._change(lambda: self.drawing.place(ink))

    def place_example(self, image: NDArray[np.uint8]) -> None:
        """Put an image of a data set, uint8 (28, 28), in the place of all that is there.

        Unless something is drawn on it, the network reads it exactly as it is. It is not to be
        written to.
        """
        self.end_stroke()
        self._change(lambda: self.drawing.place_example(image))

    def _change(self, change: Callable[[], None]) -> None:
        change()
        self._ink_on_screen = None
        self.update()
        self.drawing_changed.emit()

    # --- mouse, pen, finger ---------------------------------------------------------------

    def _press(self, tool: str | int, position: QPointF, pressure: float = 1.0) -> None:
        # The same tool again: its release went astray.
        if self._tool in (None, tool):
            self.begin_stroke(self._to_raster(position), pressure)
            self._tool = tool

    def _move(self, tool: str | int, position: QPointF, pressure: float = 1.0) -> None:
        if self._tool == tool:
            self.extend_stroke(self._to_raster(position), pressure)

    def _lift(self, tool: str | int) -> None:
        if self._tool == tool:
            self.end_stroke()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press("mouse", event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move("mouse", event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift("mouse")

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen, whose pressure widens the line."""
        event.accept()
        tip = Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.TabletPress and event.button() == tip:
            self._press("pen", event.position(), event.pressure())
        elif event.type() == QEvent.Type.TabletMove and event.buttons() & tip:
            self._move("pen", event.position(), event.pressure())
        elif not event.buttons() & tip:
            self._lift("pen")

    def event(self, event: QEvent) -> bool:
        """Draw with the first finger; end a stroke whose end would be missed."""
        if event.type() in _TOUCHES:
            assert isinstance(event, QTouchEvent)
            event.accept()
            self._follow_fingers(event)
            return True
        if event.type() in _LOSSES:
            self.end_stroke()
        return super().event(event)

    def _follow_fingers(self, event: QTouchEvent) -> None:
        begins = event.type() == QEvent.Type.TouchBegin
        if (begins or event.type() == QEvent.Type.TouchCancel) and isinstance(self._tool, int):
            self.end_stroke()
        if event.type() == QEvent.Type.TouchCancel:
            return
        for finger in event.points():
            if finger.state() == QEventPoint.State.Pressed:
                self._press(finger.id(), finger.position())
            elif finger.state() == QEventPoint.State.Updated:
                self._move(finger.id(), finger.position())
            elif finger.state() == QEventPoint.State.Released:
                self._lift(finger.id())

    # --- pictures -------------------------------------------------------------------------

    @Slot()
    def paste(self) -> None:
        """Take the picture that was copied."""
        self._take_picture(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a picture may be dropped; saved runs and folders are the window's."""
        files = _files(event.mimeData())
        if any(file.is_dir() or file.suffix.lower() == ".npz" for file in files):
            event.ignore()
        elif files or event.mimeData().hasImage() or event.mimeData().hasUrls():
            _accept_copy(event)
            self._show_drag(True)
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Show the pad as it was."""
        self._show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the picture."""
        _accept_copy(event)
        self._show_drag(False)
        self._take_picture(event.mimeData())

    def _show_drag(self, is_over: bool) -> None:
        self._drag_is_over = is_over
        self.update()

    def _take_picture(self, data: QMimeData) -> None:
        try:
            pixels = _on_white(_pixels(data))
        except DataError as error:
            self.picture_refused.emit(str(error))
        else:
            self.picture_dropped.emit(pixels)

    # --- painting -------------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._ink_on_screen = None
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw everything at the new scale."""
        self._ink_on_screen = None

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _to_raster(self, position: QPointF) -> QPointF:
        square = self._square()
        return (position - square.topLeft()) * (RASTER_SIDE / max(square.width(), 1))

    def _show_growth(self, stroke: Stroke, drawn: int) -> None:
        """Paint what came to a stroke's line after its first `drawn` vertices, and signal it."""
        if self._ink_on_screen is None:
            self.update()
        else:
            painter = self._painter_on_screen(self._ink_on_screen)
            _paint_line(painter, stroke.line, QColor(self._theme.text), drawn)
            painter.end()
            self.update(self._place_of_line(stroke.line[max(0, drawn - 1) :]))
        self.drawing_changed.emit()

    def _place_of_line(self, line: list[Vertex]) -> QRect:
        """Return what a line covers of the widget."""
        square = self._square()
        scale = square.width() / RASTER_SIDE
        x, y, widths = zip(*line, strict=True)
        place = QRectF(QPointF(min(x), min(y)) * scale, QPointF(max(x), max(y)) * scale)
        margin = scale * max(widths) / 2 + 2
        place.adjust(-margin, -margin, margin, margin)
        return place.translated(square.topLeft()).toAlignedRect()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, a hint or the ink, and a frame, which is thick where a drop would land."""
        theme, square = self._theme, self._square()
        painter = QPainter(self)
        painter.fillRect(square, QColor(theme.surface))
        if not self.is_blank:
            painter.drawPixmap(square.topLeft(), self._drawing_on_screen())
        else:
            painter.setPen(QColor(theme.quiet))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "Draw a digit here")
        if self._drag_is_over:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(square.adjusted(1, 1, -1, -1))
        else:
            painter.setPen(QColor(theme.control))
            painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))

    def _drawing_on_screen(self) -> QPixmap:
        """Return the ink at the display's own resolution; it grows with the strokes."""
        ratio = self.devicePixelRatioF()
        side = round(self._square().width() * ratio)
        ink = self._ink_on_screen
        if ink is None or (ink.width(), ink.devicePixelRatio()) != (side, ratio):
            ink = QPixmap(side, side)
            ink.setDevicePixelRatio(ratio)
            ink.fill(Qt.GlobalColor.transparent)
            painter = self._painter_on_screen(ink)
            color = QColor(self._theme.text)
            for item in self.drawing.items:
                if isinstance(item, Picture):
                    _paint_picture(painter, item, color)
                else:
                    _paint_line(painter, item.line, color)
            painter.end()
            self._ink_on_screen = ink
        return ink

    def _painter_on_screen(self, ink: QPixmap) -> QPainter:
        painter = QPainter(ink)
        scale = self._square().width() / RASTER_SIDE
        painter.scale(scale, scale)
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
    """Paint a picture's ink in one colour, as opaque as there is ink."""
    ink = np.ascontiguousarray(picture.ink)
    image = QImage(ink.data, RASTER_SIDE, RASTER_SIDE, RASTER_SIDE, QImage.Format.Format_Indexed8)
    rgb = color.red(), color.green(), color.blue()
    image.setColorTable([qRgba(*rgb, alpha) for alpha in range(256)])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, RASTER_SIDE, RASTER_SIDE), image)


def _accept_copy(event: QDropEvent) -> None:
    """Accept a drop, but never as a move, after which the giver would delete the file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _pixels(data: QMimeData) -> NDArray[np.uint8]:
    """Return the one picture that is dragged or copied, uint8: (h, w), (h, w, 3) or (h, w, 4).

    Raises
    ------
    DataError
        If there is none, or more than one, or it cannot be read.
    """
    files = _files(data)
    if len(files) > 1:
        raise DataError("Those are several files. The pad takes one picture at a time.")
    if files:
        return read_picture(files[0])
    # What claims to be a picture may be damaged, and is then null.
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    if not image.isNull():
        rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
        pixels = np.frombuffer(rgba.constBits(), np.uint8)
        return pixels.reshape(rgba.height(), rgba.width(), 4).copy()
    if data.hasUrls():
        raise DataError("That picture is not on this machine. Save it, then drop the file.")
    raise DataError("That is no picture. Copy a picture of a digit, or a file of one, first.")


def _on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put a picture that is transparent, (h, w, 4), on white paper; return others as they are."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3:].astype(np.uint16)
    return ((pixels[:, :, :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
