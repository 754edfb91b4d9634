"""A square to draw a digit on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.colors import LIGHT, Theme
from core.errors import DataError
from core.ink.drawing import BRUSH, RASTER_SIDE, Drawing, Stroke
from gui.pad.digit_bracket import DigitBracket
from gui.pad.explanation_layer import ExplanationLayer
from gui.pad.ink_painter import InkPainter
from gui.pad.network_caption import NetworkCaption
from gui.pad.pen_input import PenInput
from gui.pad.picture_data import accept_copy, may_be_picture, picture_name, picture_reader
from gui.widgets.focus_ring import paint_focus_ring

NARROWEST_BRUSH, WIDEST_BRUSH = 10.0, 44.0
"""In the drawing's units; finer lines vanish in 28×28, and wider ones close the loops."""

_DROP_FRAME = 4
"""Width of the frame where a drop would land; that of the focus is half as wide."""
_SMALLEST = 180


class DrawPad(PenInput):
    """Takes strokes from mouse, pen or finger, and pictures.

    What is drawn is a :class:`core.ink.drawing.Drawing`, which becomes the network's input. The
    screen shows the same lines, painted by Qt at the display's own resolution.

    Attributes
    ----------
    drawing
        What is on the pad; changed only by the pad's own methods, which keep the screen in step.
    caption
        Which network predicts, in the upper left corner.
    explanation
        Over the drawing: which pixels of the network's input support its answer.
    bracket
        Over the drawing: which digit of a number is selected.

    Signals
    -------
    drawing_changed
        A stroke grew, a picture was placed, or something was undone.
    picture_dropped(object, str)
        A picture was pasted or dropped: a :data:`gui.pad.picture_data.PictureReader`, and the
        picture's name. The pad waits for :meth:`place`.
    picture_refused(str)
        What was pasted or dropped is not a picture; the text says why.
    """

    drawing_changed = Signal()
    picture_dropped = Signal(object, str)
    picture_refused = Signal(str)

    def __init__(self, drawing: Drawing | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draw_pad")
        self.setAccessibleName("Drawing pad")
        self.setToolTip("Draw digits with the mouse, a pen or a finger, or drop a picture of them")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.drawing = Drawing() if drawing is None else drawing
        self._theme = LIGHT
        self._brush = BRUSH
        self._stroke: Stroke | None = None
        self._stroke_brush = BRUSH
        self._drag_is_over = False
        self._hint = "Draw a digit here"
        self._ink_painter = InkPainter(self.drawing, QColor(self._theme.text))
        self.explanation = ExplanationLayer(self)
        self.bracket = DigitBracket(self)
        self.caption = NetworkCaption(self)

    def set_hint(self, hint: str) -> None:
        """Say what can be drawn, where nothing is."""
        self._hint = hint
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Large enough to draw on."""
        return QSize(_SMALLEST, _SMALLEST)

    def sizeHint(self) -> QSize:
        """As small as it may be: it takes the room that the rest of the column leaves."""
        return self.minimumSizeHint()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return self.drawing.is_blank

    @property
    def ink(self) -> NDArray[np.uint8]:
        """A copy of the drawing's ink, uint8, (280, 280): 0 is background, 255 is ink."""
        return self.drawing.ink.copy()

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
        super().end_stroke()
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            drawn = len(stroke.line)
            self.drawing.end()
            if len(stroke.line) > drawn:
                self._show_growth(stroke, drawn)

    def _width(self, pressure: float) -> float:
        return self._stroke_brush * (0.4 + 0.6 * pressure)

    @Slot()
    def undo(self) -> None:
        """Undo the last stroke, picture or clearing."""
        self.end_stroke()
        if self.drawing.can_undo:
            self._change(self.drawing.undo)

    @Slot()
    def clear(self) -> None:
        """Clear the pad; :meth:`undo` restores the drawing."""
        self.end_stroke()
        if not self.is_blank:
            self._change(self.drawing.clear)

    @Slot(object)
    def place(self, ink: NDArray[np.uint8]) -> None:
        """Put ink, uint8 (280, 280), instead of the present drawing; not written to."""
        self.end_stroke()
        self._change(lambda: self.drawing.place(ink))

    def place_example(self, image: NDArray[np.uint8]) -> None:
        """Put an image of a data set, uint8 (28, 28), instead of the present drawing.

        Unless something is drawn on it, it is the network's input, unchanged. It is not to be
        written to.
        """
        self.end_stroke()
        self._change(lambda: self.drawing.place_example(image))

    def _change(self, change: Callable[[], None]) -> None:
        change()
        self._ink_painter.forget()
        self.update()
        self.drawing_changed.emit()

    def pen_down(self, position: QPointF, pressure: float) -> None:
        """Begin a stroke at a place on the screen."""
        self.begin_stroke(self._to_raster(position), pressure)

    def pen_moved(self, position: QPointF, pressure: float) -> None:
        """Draw on to a place on the screen."""
        self.extend_stroke(self._to_raster(position), pressure)

    # --- pictures -------------------------------------------------------------------------

    @Slot()
    def paste(self) -> None:
        """Take the picture that was copied."""
        # None while another program changes the clipboard, whatever the type says.
        self.take_picture(QGuiApplication.clipboard().mimeData() or QMimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a picture may be dropped; saved runs and folders are the window's."""
        if may_be_picture(event.mimeData()):
            accept_copy(event)
            self._show_drag(True)
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Show the pad as it was."""
        self._show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the picture."""
        accept_copy(event)
        self._show_drag(False)
        self.take_picture(event.mimeData())

    def _show_drag(self, is_over: bool) -> None:
        self._drag_is_over = is_over
        self.update()

    def take_picture(self, data: QMimeData) -> None:
        """Take a picture that was copied or dropped, also elsewhere in the window."""
        try:
            reader = picture_reader(data)
        except DataError as error:
            self.picture_refused.emit(str(error))
        else:
            self.picture_dropped.emit(reader, picture_name(data))

    # --- painting -------------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._ink_painter.set_color(QColor(theme.text))
        self.explanation.set_theme(theme)
        self.bracket.set_theme(theme)
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw everything at the new scale."""
        self._ink_painter.forget()
        square = self._square().toRect()
        self.caption.fit(square.x() + 4, square.y() + 4, square.width() - 8)

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _to_raster(self, position: QPointF) -> QPointF:
        square = self._square()
        return (position - square.topLeft()) * (RASTER_SIDE / max(square.width(), 1))

    def _show_growth(self, stroke: Stroke, drawn: int) -> None:
        """Paint a stroke's line after its first `drawn` vertices, and signal the change."""
        place = self._ink_painter.grow(stroke.line, drawn)
        if place is None:
            self.update()
        else:
            self.update(place.translated(self._square().topLeft()).toAlignedRect())
        self.drawing_changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the background, a hint or the ink, and a frame, thickest where a drop would land."""
        theme, square = self._theme, self._square()
        painter = QPainter(self)
        painter.fillRect(square, QColor(theme.surface))
        if not self.is_blank:
            ink = self._ink_painter.painted(square.width(), self.devicePixelRatioF())
            painter.drawPixmap(square.topLeft(), ink)
            self.bracket.paint(painter, square)
            self.explanation.paint(painter, square)
        else:
            painter.setPen(QColor(theme.quiet))
            flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
            painter.drawText(square.adjusted(16, 16, -16, -16), flags, self._hint)
        if self._drag_is_over:
            painter.setPen(QPen(QColor(theme.accent), _DROP_FRAME))
            half = _DROP_FRAME / 2
            painter.drawRect(square.adjusted(half, half, -half, -half))
        else:
            painter.setPen(QColor(theme.control))
            painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
            paint_focus_ring(painter, self, square)
