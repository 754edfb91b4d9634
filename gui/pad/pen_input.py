"""One pen from three kinds of events: the mouse's, a tablet's and a touch screen's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

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


class PenInput(QWidget):
    """A widget on which one pen at a time moves: the one that came down first, until it is lifted.

    A subclass says what the pen does.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        # "mouse", "pen" or a finger's number: what is followed, so that nothing else meddles.
        self._tool: str | int | None = None

    def pen_down(self, position: QPointF, pressure: float) -> None:
        """Called when a pen touches the widget, at `position`; `pressure` is 0…1."""
        raise NotImplementedError

    def pen_moved(self, position: QPointF, pressure: float) -> None:
        """Called when the pen that is down moves."""
        raise NotImplementedError

    def end_stroke(self) -> None:
        """Follow the pen no more until one comes down; called when it is lifted or lost."""
        self._tool = None

    def _press(self, tool: str | int, position: QPointF, pressure: float = 1.0) -> None:
        # The same tool again: its release went astray.
        if self._tool in (None, tool):
            self.pen_down(position, pressure)
            self._tool = tool

    def _move(self, tool: str | int, position: QPointF, pressure: float = 1.0) -> None:
        if self._tool == tool:
            self.pen_moved(position, pressure)

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
        """Draw with a pen, whose pressure counts."""
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
