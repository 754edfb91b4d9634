"""A chart on the screen: painted at every frame, with a cursor, and enlarged by mouse and keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT, Theme
from gui.curves.chart import Chart
from gui.curves.chart_frame import ChartFrame
from gui.curves.chart_pictures import ChartPictures
from gui.curves.end_labels import label_room, paint_labels
from gui.curves.readout import Readout, paint_cursor, paint_hint
from gui.curves.whole_chart import paint_chart
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.pictures import is_for_a_file
from gui.widgets.theme import HINT_SIZE

_ZOOM = 0.8
"""What remains of the visible part at a turn of the wheel or a key."""

_STRIDE = 0.25
"""Share of the visible part by which a key moves it."""

_LEAST_DRAG = 6
"""Pixels: less is a click."""


class ChartCanvas(QWidget):
    """Paints a chart, and says what the user points at and wants to see.

    Signals
    -------
    cursor_moved(x)
        The mouse or a key points at this place on the x axis; None when it points at nothing.
    part_wanted(left, right)
        The user wants to see this part of the x axis.
    whole_wanted()
        The user wants to see all of it, and to follow the run.
    """

    cursor_moved = Signal(object)
    part_wanted = Signal(float, float)
    whole_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(160, 76)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.is_whole = True
        self._chart: Chart | None = None
        self._theme = LIGHT
        self._size = HINT_SIZE
        self._cursor: float | None = None
        self._readout = Readout()
        self._drag: tuple[float, tuple[float, float]] | None = None
        self._selection: tuple[float, float] | None = None
        self._pictures = ChartPictures()

    # --- what is shown -----------------------------------------------------------------------

    def show_chart(self, chart: Chart, is_whole: bool) -> None:
        """Paint this chart; `is_whole` says whether all of the run is in view."""
        self._chart = chart
        self.is_whole = is_whole
        self._pictures.note(chart)
        self.update()

    def show_cursor(self, x: float | None, readout: Readout) -> None:
        """Show the cursor at a place on the x axis, which has these values."""
        self._cursor, self._readout = x, readout
        self.setAccessibleDescription(readout.text)
        self.update()

    def set_type_size(self, size: int) -> None:
        """Write in type of `size` pixels."""
        if size != self._size:
            self._size = size
            self._pictures.forget()
            self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._pictures.forget()
        self.update()

    @property
    def chart(self) -> Chart:
        """What is painted."""
        assert self._chart is not None
        return self._chart

    @property
    def frame(self) -> ChartFrame:
        """Where the chart's values lie in the widget."""
        area = QRectF(self.rect())
        room = label_room(self.chart, area.width(), self._size)
        return ChartFrame.within(area, self.chart, room, self._size)

    @property
    def width_in_pixels(self) -> int:
        """Width of the plot, in logical pixels."""
        return max(int(self.frame.plot.width()), 100) if self._chart else 100

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart, from the back to the front."""
        with QPainter(self) as painter:
            if self._chart is None:
                painter.fillRect(self.rect(), QColor(self._theme.surface))
            elif is_for_a_file(painter, self):
                painter.fillRect(self.rect(), QColor(self._theme.surface))
                paint_chart(painter, replace(self.frame, is_fine=True), self._theme)
            else:
                self._paint(painter, self.frame)

    def _paint(self, painter: QPainter, frame: ChartFrame) -> None:
        """Paint what :func:`paint_chart` does, and what the mouse and the focus are on."""
        others = self._readout.others  # their labels follow the cursor
        painter.drawPixmap(0, 0, self._pictures.picture(self, frame, self._theme, not others))
        if others:
            paint_labels(painter, frame, self._theme, others)
        if self._selection is not None:
            self._paint_selection(painter, frame)
        left, right = frame.chart.x_range
        if self._cursor is not None and left <= self._cursor <= right:
            paint_cursor(painter, frame, frame.x_at(self._cursor), self._readout, self._theme)
        elif self.hasFocus() or not self.is_whole:
            paint_hint(painter, frame, self.hasFocus(), self._theme)
        paint_focus_ring(painter, self)

    def _paint_selection(self, painter: QPainter, frame: ChartFrame) -> None:
        assert self._selection is not None
        begin, end = sorted(map(frame.x_at, self._selection))
        color, plot = QColor(self._theme.accent), frame.plot
        color.setAlphaF(0.2)
        painter.fillRect(QRectF(begin, plot.top(), end - begin, plot.height()), color)

    # --- mouse and keys ------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cursor, or what is dragged."""
        if self._chart is None:
            return
        x = event.position().x()
        frame = self.frame
        self._show_what_a_drag_does(frame.plot.contains(event.position()))
        if self._drag is None:
            plot = frame.plot
            self.cursor_moved.emit(frame.value_at(x) if plot.left() <= x <= plot.right() else None)
        elif self.is_whole:
            self._selection = frame.value_at(self._drag[0]), frame.value_at(x)
            self.update()
        else:
            begin, (left, right) = self._drag
            shift = (begin - x) / frame.plot.width() * (right - left)
            self.part_wanted.emit(left + shift, right + shift)

    def _show_what_a_drag_does(self, is_inside: bool) -> None:
        shapes = Qt.CursorShape
        inside = shapes.CrossCursor if self.is_whole else shapes.OpenHandCursor
        self.setCursor(inside if is_inside else shapes.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select a part, or to move the visible one."""
        if event.button() == Qt.MouseButton.LeftButton and self._chart is not None:
            self._drag = event.position().x(), self.chart.x_range
            self.cursor_moved.emit(None)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the part that was selected."""
        drag, self._drag = self._drag, None
        selection, self._selection = self._selection, None
        if drag is not None and selection is not None:
            if abs(event.position().x() - drag[0]) >= _LEAST_DRAG:
                self.part_wanted.emit(min(selection), max(selection))
            self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show everything again."""
        self._drag = self._selection = None
        self.whole_wanted.emit()

    def leaveEvent(self, _event: object) -> None:
        """Point at nothing."""
        self.cursor_moved.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Enlarge with Ctrl; without, the wheel is for what scrolls."""
        turns = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._chart and turns:
            self._zoom(self.frame.value_at(event.position().x()), _ZOOM**turns)
            event.accept()
        else:
            event.ignore()

    def _zoom(self, center: float, factor: float) -> None:
        left, right = self.chart.x_range
        begin = center - factor * (center - left)
        self.part_wanted.emit(begin, begin + factor * (right - left))

    def _pan(self, shift: float) -> None:
        """Move the visible part and the cursor in it, unless all is visible."""
        left, right = self.chart.x_range
        if shift and not self.is_whole:
            self.part_wanted.emit(left + shift, right + shift)
            if self._cursor is not None:
                self.cursor_moved.emit(self._cursor + self.chart.x_range[0] - left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, and with Ctrl the visible part; enlarge by up and down; all by Home."""
        key, keys = Qt.Key(event.key()), Qt.Key
        if self._chart is None:
            super().keyPressEvent(event)
            return
        left, right = self.chart.x_range
        at = self._cursor if self._cursor is not None else right
        step = (right - left) / self.width_in_pixels
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step *= 10
        if key in (keys.Key_Left, keys.Key_Right):
            sign = 1 if key == keys.Key_Right else -1
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._pan(sign * _STRIDE * (right - left))
            else:
                moved = at + sign * step
                self._pan(max(moved - right, 0.0) + min(moved - left, 0.0))
                left, right = self.chart.x_range
                self.cursor_moved.emit(min(max(moved, left), right))
        elif key in (keys.Key_Up, keys.Key_Down):
            self._zoom(at, _ZOOM if key == keys.Key_Up else 1 / _ZOOM)
        elif key == keys.Key_Home:
            self.whole_wanted.emit()
        elif key == keys.Key_Escape and self._cursor is not None:
            self.cursor_moved.emit(None)
        else:
            super().keyPressEvent(event)
