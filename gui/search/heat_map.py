"""The mean accuracy over two settings, as a map of cells."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter

from core.colors import rgb
from core.wording import counted, percent
from gui.search.search_state import SearchState
from gui.search.trial_axis import Array, error_scale, spaced
from gui.search.trials_plot import TrialsPlot
from gui.widgets.theme import SPACE


class HeatMap(TrialsPlot):
    """Cells of two settings, in the color of the mean accuracy of the selected trials in them."""

    def __init__(self, state: SearchState) -> None:
        super().__init__(state, "search_heat_map", "Accuracy over two settings")
        self._pair = (0, 1)
        state.brushed.connect(self.forget)

    def show_settings(self, x: int, y: int) -> None:
        """Show these two settings."""
        self._pair = x, y
        self.forget()

    @property
    def _is_possible(self) -> bool:
        return self.state.count > 0 and max(self._pair) < len(self.state.axes) - 1

    # --- what is in the cells -----------------------------------------------------------------

    def cells(self) -> tuple[Array, Array]:
        """Return the mean accuracy in each cell, NaN in an empty one, and how many trials it has.

        Both (rows, columns), the first row at the bottom.
        """
        results = self.state.results
        assert results is not None
        across, up = (self.state.axes[index] for index in self._pair)
        is_in = self.state.mask & np.isfinite(across.places) & np.isfinite(up.places)
        cell = up.cell_of(up.places) * across.cells + across.cell_of(across.places)
        size = up.cells * across.cells
        counts = np.bincount(cell[is_in], minlength=size).astype(float)
        sums = np.bincount(cell[is_in], results.accuracy[is_in], size)
        means = np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)
        shape = up.cells, across.cells
        return means.reshape(shape), counts.reshape(shape)

    def _plot(self) -> QRectF:
        line, advance = self.metrics.height(), self.metrics.horizontalAdvance
        texts = [text for _, text in self.state.axes[self._pair[1]].ticks(8)]
        left = max(map(advance, texts), default=0.0) + 3 * SPACE
        height = self.height() - line - 3 * SPACE
        return QRectF(left, SPACE, max(self.width() - left - 4 * SPACE, 1), max(height, 1))

    def _cell(self, plot: QRectF, row: int, column: int, shape: tuple[int, ...]) -> QRectF:
        width, height = plot.width() / shape[1], plot.height() / shape[0]
        top = plot.bottom() - (row + 1) * height
        return QRectF(plot.left() + column * width, top, width, height)

    # --- painting -----------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter) -> None:
        """Paint the texts of the axes."""
        if not self._is_possible:
            return
        across, up = (self.state.axes[index] for index in self._pair)
        plot, line, advance = self._plot(), self.metrics.height(), self.metrics.horizontalAdvance
        painter.setPen(QColor(self._theme.quiet))
        for place, text in spaced(across.ticks(int(plot.width() // 60)), plot.width(), advance):
            width = advance(text) + 2
            x = min(plot.left() + place * plot.width() - width / 2, self.width() - width)
            room = QRectF(x, plot.bottom() + SPACE / 2, width, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, text in spaced(up.ticks(6), plot.height(), lambda _text: line):
            y = plot.bottom() - place * plot.height()
            y = min(max(y, plot.top() + line / 2), plot.bottom() - line / 2)
            painter.drawText(QRectF(0, y - line / 2, plot.left() - SPACE, line), right, text)

    def paint_trials(self, painter: QPainter) -> None:
        """Paint the cells, with their accuracies where there is room."""
        if not self._is_possible:
            return
        means, counts = self.cells()
        known = np.isfinite(means)
        if not known.any():
            return
        scaled = error_scale(np.nan_to_num(means))
        low, high = float(scaled[known].min()), float(scaled[known].max())
        faint, strong = (
            rgb(color).astype(float) for color in (self._theme.raised, self._theme.accent)
        )
        plot = self._plot()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for row, column in np.ndindex(*means.shape):
            place = self._cell(plot, row, column, means.shape)
            if not counts[row, column]:
                painter.setPen(QColor(self._theme.hairline))
                painter.drawRect(place.adjusted(1, 1, -1, -1))
                continue
            share = (scaled[row, column] - low) / (high - low) if high > low else 1.0
            color = QColor(*map(int, np.rint(faint + (strong - faint) * share)))
            painter.fillRect(place.adjusted(1, 1, 0, 0), color)
            text = percent(float(means[row, column]), 1)
            is_wide = self.metrics.horizontalAdvance(text) + SPACE < place.width()
            if is_wide and self.metrics.height() < place.height():
                painter.setPen(self._legible_on(color))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _legible_on(self, ground: QColor) -> QColor:
        """Return the color of text that stands out more."""
        colors = QColor(self._theme.text), QColor(self._theme.on_accent)
        return max(colors, key=lambda color: _contrast(color, ground))

    def paint_marks(self, painter: QPainter) -> None:
        """Paint a frame around the cell of the chosen trial."""
        chosen = self.state.chosen
        if chosen is None or not self._is_possible:
            return
        across, up = (self.state.axes[index] for index in self._pair)
        row, column = (int(axis.cell_of(axis.places)[chosen]) for axis in (up, across))
        place = self._cell(self._plot(), row, column, (up.cells, across.cells))
        self.frame(painter, place.adjusted(1, 1, -1, -1))

    # --- the mouse ----------------------------------------------------------------------------

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        if not self._is_possible or not self._plot().contains(position):
            return None
        across, up = (self.state.axes[index] for index in self._pair)
        plot = self._plot()
        column = int((position.x() - plot.left()) / plot.width() * across.cells)
        row = int((plot.bottom() - position.y()) / plot.height() * up.cells)
        return min(row, up.cells - 1), min(column, across.cells - 1)

    def item_at(self, position: QPointF) -> int | None:
        """Return the best selected trial in the cell."""
        cell, results = self._cell_at(position), self.state.results
        if cell is None or results is None:
            return None
        across, up = (self.state.axes[index] for index in self._pair)
        is_in = self.state.mask & (up.cell_of(up.places) == cell[0])
        is_in &= across.cell_of(across.places) == cell[1]
        if not is_in.any():
            return None
        return int(np.argmax(np.where(is_in, results.accuracy, -1)))

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Say what is in the cell."""
        cell = self._cell_at(position)
        if cell is None:
            return None
        means, counts = self.cells()
        count = int(counts[cell])
        text = f"{counted(count, 'trial')}, mean {percent(float(means[cell]))}" if count else "None"
        place = self.item_at(position)
        if place is not None:
            text += f"\nBest: {self.state.text(place)}"
        area = self._cell(self._plot(), *cell, means.shape)
        return text, area.toAlignedRect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Leave the trials alone: tool tips say what is in a cell."""


def _contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colors, 1 to 21, as in WCAG 2."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    parts = color.redF(), color.greenF(), color.blueF()
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
