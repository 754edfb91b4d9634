"""A unit's strongest weights on one side, as bars from a line of zero."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from core.wording import numeral
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, SPACE, tabular

_CAPTION = 16
_LOWEST, _HIGHEST = 11, 20
"""Heights of a row."""


class WeightBars(PaintedWidget[int]):
    """Shows up to ten weights, a row each: the other unit's number, a bar, and the weight.

    Signals
    -------
    chosen(int)
        The user has clicked the row of this other unit.

    Attributes
    ----------
    rows
        The other unit's number and the weight, of each row.
    selected
        The other unit whose row is marked, or None.
    """

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tool_tip="The strongest weights; click one to edit it")
        grows = QSizePolicy.Policy.MinimumExpanding
        self.setSizePolicy(grows, grows)
        self.rows: tuple[tuple[int, float], ...] = ()
        self.selected: int | None = None
        self._caption = ""
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)

    def sizeHint(self) -> QSize:
        """Ten rows."""
        return QSize(112, _CAPTION + 10 * _LOWEST)

    def show_weights(self, caption: str, rows: tuple[tuple[int, float], ...]) -> None:
        """Show `rows`, of another unit's number and a weight, under a caption."""
        self._caption, self.rows = caption, rows
        self.setAccessibleName(f"Weights {caption}")
        self.setAccessibleDescription("; ".join(f"{unit}: {_signed(w)}" for unit, w in rows))
        self.update()

    def select(self, unit: int | None) -> None:
        """Mark the row of another unit, if it has one, or none."""
        if unit != self.selected:
            self.selected = unit
            self.update()

    @property
    def _row_height(self) -> float:
        return max(_LOWEST, min(_HIGHEST, (self.height() - _CAPTION) / 10))

    def row_rect(self, row: int) -> QRectF:
        """Return where a row is."""
        return QRectF(0, _CAPTION + row * self._row_height, self.width(), self._row_height)

    def item_at(self, position: QPointF) -> int | None:
        """Return the other unit of the row at a position, or None."""
        row = math.floor((position.y() - _CAPTION) / self._row_height)
        return self.rows[row][0] if 0 <= row < len(self.rows) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the caption and the rows."""
        painter = QPainter(self)
        painter.setFont(self._font)
        quiet, text = QColor(self._theme.quiet), QColor(self._theme.text)
        painter.setPen(quiet)
        top = QRectF(0, 0, self.width(), _CAPTION)
        painter.drawText(top, Qt.AlignmentFlag.AlignTop, self._caption)
        if not self.rows:
            return
        metrics = QFontMetrics(self._font)
        number = max(metrics.horizontalAdvance(str(unit)) for unit, _ in self.rows) + 2 * SPACE
        value = metrics.horizontalAdvance("−0.000") + SPACE
        room = self.width() - number - value
        largest = max((abs(w) for _, w in self.rows if math.isfinite(w)), default=0.0) or 1.0
        zero = number + room / 2
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (unit, weight) in enumerate(self.rows):
            place = self.row_rect(row)
            if unit == self.selected:
                painter.fillRect(place, QColor(self._theme.hairline))
            painter.setPen(quiet)
            box = QRectF(0, place.top(), number - SPACE, place.height())
            painter.drawText(box, right, str(unit))
            painter.setPen(text)
            box = QRectF(self.width() - value, place.top(), value, place.height())
            painter.drawText(box, right, _signed(weight))
            if math.isfinite(weight):
                length = room / 2 * weight / largest
                color = self._theme.negative if weight < 0 else self._theme.positive
                bar = QRectF(zero, place.top() + 2, length, place.height() - 4).normalized()
                painter.fillRect(bar, QColor(color))
        painter.setPen(QColor(self._theme.control))
        end = self.row_rect(len(self.rows) - 1).bottom()
        painter.drawLine(QPointF(zero, _CAPTION), QPointF(zero, end))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the other unit of the row under the mouse."""
        unit = self.item_at(event.position())
        if unit is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(unit)


def _signed(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    decimals = 3 if abs(value) < 10 else 1
    return numeral(value, f"+.{decimals}f")
