"""Shown instead of empty charts: what to do first, with a tick at each step that is done."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.labels import label

_CIRCLE = 28


class FirstStep(IntEnum):
    """What a newcomer does, in this order."""

    DRAW = 1
    PLAY = 2
    DRAG = 3


_TEXTS = {
    FirstStep.DRAW: ("Draw a digit", "On the pad. The ready-made network predicts it."),
    FirstStep.PLAY: ("Press Play", "Your own network starts to train, and predicts instead."),
    FirstStep.DRAG: ("Drag the learning rate", "While it trains: the curves show the effect."),
}


class FirstSteps(QWidget):
    """Three steps beside each other, which cover two charts as long as these are empty.

    Parameters
    ----------
    left, right
        The charts.
    parent
        Holds both, directly or not.
    """

    def __init__(self, left: QWidget, right: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("first_steps")
        self.setAutoFillBackground(True)
        self._covered = (left, right)
        self._holder = parent
        self._steps = {step: _StepView(step) for step in FirstStep}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for view in self._steps.values():
            layout.addWidget(view, 1)
        for chart in self._covered:
            chart.installEventFilter(self)
        for plot in {chart.parentWidget() for chart in self._covered}:
            if plot is not None:
                plot.installEventFilter(self)

    def is_ticked(self, step: FirstStep) -> bool:
        """Whether a step is shown as done."""
        return self._steps[step].is_done

    def tick(self, step: FirstStep, is_done: bool = True) -> None:
        """Show a step as done, or not."""
        if is_done != self.is_ticked(step):
            self._steps[step].set_done(is_done)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Cover the charts wherever they are."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            place = QRect()
            for chart in self._covered:
                place |= QRect(chart.mapTo(self._holder, QPoint()), chart.size())
            self.setGeometry(place)
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the focus from the charts: on what is covered it would not be seen."""
        super().showEvent(event)
        for chart in self._covered:
            chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chart.clearFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the Tab key come to the charts again."""
        super().hideEvent(event)
        for chart in self._covered:
            chart.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the explanations out where there is no room for them."""
        super().resizeEvent(event)
        has_room = all(
            view.height_with_text(self.width() // len(self._steps) - 16) <= self.height()
            for view in self._steps.values()
        )
        for view in self._steps.values():
            view.text.setVisible(has_room)


class _StepView(QWidget):
    """A number that becomes a tick, a title and an explanation."""

    def __init__(self, step: FirstStep) -> None:
        super().__init__()
        self.is_done = False
        self._step = step
        title, text = _TEXTS[step]
        self.circle = _Circle(str(int(step)))
        self.title = _centered(label(title))
        font = QFont(self.title.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(font)
        self.text = _centered(label(text, "hint"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(4)
        layout.addStretch(1)
        layout.addWidget(self.circle, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addStretch(1)
        self.set_done(False)

    def height_with_text(self, width: int) -> int:
        """Return the height that it needs at this width with its explanation."""
        texts = self.title.heightForWidth(width) + self.text.heightForWidth(width)
        return _CIRCLE + texts + 3 * 4

    def set_done(self, is_done: bool) -> None:
        self.is_done = is_done
        self.circle.is_done = is_done
        self.circle.update()
        title = _TEXTS[self._step][0]
        done = ", done" if is_done else ""
        self.setAccessibleName(f"Step {int(self._step)}: {title}{done}")


class _Circle(QWidget):
    """A number in a circle, or a tick in a filled one."""

    def __init__(self, number: str) -> None:
        super().__init__()
        self.is_done = False
        self._number = number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Of the circle."""
        return QSize(_CIRCLE, _CIRCLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the circle, and what is in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        accent = self.palette().color(role.Highlight)
        painter.setPen(QPen(accent, 2))
        if self.is_done:
            painter.setBrush(accent)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        if self.is_done:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = QPen(self.palette().color(role.HighlightedText), 2.5)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            tick = ((8.5, 14.5), (12.5, 18.5), (19.5, 10.0))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in tick]))
        else:
            painter.setPen(self.palette().color(role.WindowText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._number)


def _centered(text: QLabel) -> QLabel:
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    return text
