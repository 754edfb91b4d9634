"""Accuracy against each setting: a small plot of dots for each."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QResizeEvent

from gui.search.search_state import SearchState
from gui.search.trial_axis import Array, spaced
from gui.search.trials_plot import TrialsPlot
from gui.widgets.theme import SPACE

_LEAST_WIDTH, _LEAST_HEIGHT = 170, 140
_GAP = 6 * SPACE
_DOT, _SMALL_DOT, _MANY = 6.0, 4.0, 300


class DotsPlot(TrialsPlot):
    """Small multiples, which share the axis of the accuracy."""

    def __init__(self, state: SearchState) -> None:
        super().__init__(state, "search_dots", "Accuracy against each setting")
        state.changed.connect(self._set_height)

    # --- where everything is ------------------------------------------------------------------

    @property
    def _settings(self) -> int:
        return max(len(self.state.axes) - 1, 0)

    def _columns(self) -> int:
        return max(1, min(self._settings, self.width() // _LEAST_WIDTH))

    @Slot()
    def _set_height(self) -> None:
        rows = math.ceil(self._settings / self._columns())
        self.setMinimumHeight(rows * _LEAST_HEIGHT)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(2 * _LEAST_WIDTH, _LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have as many columns as fit."""
        super().resizeEvent(event)
        self._set_height()

    def _plots(self) -> list[QRectF]:
        """Return where the plot of each setting is."""
        line = self.metrics.height()
        left = self.metrics.horizontalAdvance("99.99 %") + 2 * SPACE
        columns = self._columns()
        rows = math.ceil(self._settings / columns)
        width = (self.width() - left - 2 * SPACE) / columns
        height = self.height() / max(rows, 1)
        return [
            QRectF(
                left + (i % columns) * width,
                (i // columns) * height + line + SPACE,
                width - _GAP,
                height - 2 * line - 4 * SPACE,
            )
            for i in range(self._settings)
        ]

    def _pixels(self, setting: int, plot: QRectF) -> tuple[Array, Array]:
        results = self.state.results
        assert results is not None
        x = plot.left() + self.state.axes[setting].spread(results.trials) * plot.width()
        return x, plot.bottom() - self.state.axes[-1].places * plot.height()

    # --- painting -----------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter) -> None:
        """Paint the axes of all plots."""
        columns = self._columns()
        for i, plot in enumerate(self._plots()):
            self._paint_axes(painter, i, plot, has_numbers=i % columns == 0)

    def _paint_axes(self, painter: QPainter, setting: int, plot: QRectF, has_numbers: bool) -> None:
        axis, accuracy = self.state.axes[setting], self.state.axes[-1]
        line = self.metrics.height()
        quiet, hairline = QColor(self._theme.quiet), QColor(self._theme.hairline)
        for place, text in spaced(accuracy.ticks(4), plot.height(), lambda _text: line):
            y = plot.bottom() - place * plot.height()
            painter.setPen(hairline)
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if has_numbers:
                painter.setPen(quiet)
                room = QRectF(0, y - line / 2, plot.left() - SPACE, line)
                painter.drawText(room, _RIGHT, text)
        painter.setPen(QColor(self._theme.control))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(QColor(self._theme.text))
        title = self.metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, plot.width())
        room = QRectF(plot.left(), plot.top() - line - SPACE, plot.width(), line)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(quiet)
        most = int(plot.width() // 60)
        advance = self.metrics.horizontalAdvance
        for place, text in spaced(axis.ticks(most), plot.width(), advance):
            width = advance(text) + 2
            left = plot.left() + place * plot.width() - width / 2
            left = min(max(left, plot.left() - _GAP / 2), plot.right() + _GAP / 2 - width)
            painter.drawText(QRectF(left, plot.bottom() + SPACE, width, line), _CENTER, text)

    def paint_trials(self, painter: QPainter) -> None:
        """Paint the dots."""
        size = _SMALL_DOT if self.state.count > _MANY else _DOT
        for i, plot in enumerate(self._plots()):
            self.paint_dots(painter, *self._pixels(i, plot), size)

    def paint_marks(self, painter: QPainter) -> None:
        """Paint rings around the chosen trial and the one under the mouse, in all plots."""
        for i, plot in enumerate(self._plots()):
            x, y = self._pixels(i, plot)
            for place, is_chosen in ((self.hovered, False), (self.state.chosen, True)):
                if place is not None and place < len(x) and math.isfinite(x[place]):
                    self.ring(painter, QPointF(x[place], y[place]), is_chosen)

    def item_at(self, position: QPointF) -> int | None:
        """Return the trial whose dot is near."""
        for i, plot in enumerate(self._plots()):
            if plot.adjusted(-_GAP / 2, -_GAP, _GAP / 2, _GAP / 2).contains(position):
                return self.nearest(position, *self._pixels(i, plot))
        return None


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
