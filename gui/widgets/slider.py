"""A slider with a round handle."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from core.wording import numeral
from gui.widgets.slider_interface import announce

_RADIUS = 7.0
_RING = 2.0
"""Width of the line around the handle that has the focus."""
_HEIGHT = 18
_TRACK, _FILLED = 2.0, 4.0
"""Heights of the track beyond the handle and before it."""


class Slider(QSlider):
    """Horizontal; the wheel never turns it, and scrolls what it lies in.

    Parameters
    ----------
    name
        objectName.
    numbers
        What its positions stand for, in rising order.
    lowest
        The first position.

    Attributes
    ----------
    number, words
        What it stands for now, which may be between two positions, and how screen readers say it.
    """

    def __init__(
        self,
        name: str,
        numbers: Sequence[float],
        lowest: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(name)
        self.numbers = numbers
        self.setRange(lowest, lowest + len(numbers) - 1)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        announce(self)
        self.valueChanged.connect(self._say_position)
        self._say_position(lowest)

    def go_to(self, number: float) -> None:
        """Move the handle to the position nearest to `number`."""
        numbers = self.numbers
        above = min(bisect_left(numbers, number), len(numbers) - 1)
        below = max(above - 1, 0)
        nearer_below = number - numbers[below] < numbers[above] - number
        self.setValue(self.minimum() + (below if nearer_below else above))

    def say(self, number: float, words: str) -> None:
        """Tell screen readers what it stands for now."""
        self.number, self.words = number, words
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, number))

    @Slot(int)
    def _say_position(self, position: int) -> None:
        number = self.numbers[position - self.minimum()]
        self.say(number, numeral(number, "g"))

    def sizeHint(self) -> QSize:
        """High enough for the handle and its ring."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Any width; the height of the handle and its ring."""
        return QSize(super().minimumSizeHint().width(), _HEIGHT)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls, even after a click on this."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track, thicker before the handle, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        color, role = self.palette().color, QPalette.ColorRole
        middle = self._handle_center()
        for left, right, height, brush in (
            (0.0, float(self.width()), _TRACK, role.Mid),
            (0.0, middle.x(), _FILLED, role.PlaceholderText),
        ):
            painter.setBrush(color(brush))
            track = QRectF(left, middle.y() - height / 2, right - left, height)
            painter.drawRoundedRect(track, height / 2, height / 2)
        if self.hasFocus():
            painter.setPen(QPen(color(role.Highlight), _RING))
            painter.setBrush(color(role.Window))
            painter.drawEllipse(middle, _RADIUS + _RING / 2, _RADIUS + _RING / 2)
            painter.setPen(Qt.PenStyle.NoPen)
        is_held = self.isSliderDown() or self.underMouse()
        painter.setBrush(color(role.Highlight if is_held and self.isEnabled() else role.WindowText))
        radius = _RADIUS - _RING if self.hasFocus() else _RADIUS
        painter.drawEllipse(middle, radius, radius)

    def _handle_center(self) -> QPointF:
        """Return where the style, which follows the mouse, has the handle; the ring has room."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        margin = _RADIUS + _RING
        x = min(max(QRectF(handle).center().x(), margin), self.width() - margin)
        return QPointF(x, self.height() / 2)
