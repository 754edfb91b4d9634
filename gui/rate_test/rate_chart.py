"""The chart of a learning-rate test: the loss against the rate, and what was found."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT, Theme
from core.training.learning_rate_test import HIGHEST_RATE, LOWEST_RATE, LearningRateResult
from core.wording import numeral
from gui.curves.axes import paint_axes
from gui.curves.chart import Array, Chart, Line
from gui.curves.chart_frame import ChartFrame, row_height
from gui.curves.chart_painter import figure_font, paint_lines
from gui.curves.end_labels import LEAST_ROOM
from gui.curves.legend import paint_legend
from gui.widgets.theme import HINT_SIZE, SPACE

_FAR = 100.0
"""Losses are drawn up to this multiple of the plot's height."""

_TOP_OF_NOTHING = 2.0


def rate_chart(result: LearningRateResult | None, theme: Theme) -> Chart:
    """Return the chart of what was found so far."""
    none = np.empty(0)
    rates, losses, smoothed = (
        (none, none, none) if result is None else (result.rates, result.losses, result.smoothed)
    )
    top = _TOP_OF_NOTHING if result is None else _top(smoothed, result.guessing)
    lines = [
        Line(name, color, *_points(rates, values, top))
        for name, color, values in (
            ("loss of each batch", theme.batch_band, losses),
            ("smoothed", theme.train, smoothed),
        )
    ]
    marks = (
        []
        if result is None
        else [
            (np.log10(rate), f"{name} {numeral(rate, '.2g')}")
            for name, rate in (
                ("falls fastest at", result.steepest),
                ("explodes at", result.exploded),
            )
            if rate is not None
        ]
    )
    return Chart(
        title="",
        x_title="learning rate",
        y_title="loss",
        y_short="loss",
        band=None,
        lines=lines,
        others=(),
        missing=(),
        marks=np.array([place for place, _text in marks]),
        mark_labels=[text for _place, text in marks],
        x_range=(float(np.log10(LOWEST_RATE)), float(np.log10(HIGHEST_RATE))),
        y_range=(0.0, top),
        is_log=False,
        widest="",
        value_text=lambda value: numeral(value, ".3g"),
        is_log_x=True,
    )


def _top(smoothed: Array, guessing: float) -> float:
    """Return the largest loss in view: what explodes need not be seen whole."""
    finite = smoothed[np.isfinite(smoothed)]
    if not len(finite):
        return guessing
    first = float(finite[0])
    highest = min(float(finite.max()), max(2 * first, guessing))
    return max(1.5 * first, 1.1 * highest)  # room for what is written above the curve


def _points(rates: Array, losses: Array, top: float) -> tuple[Array, Array]:
    """Return the points of a line: logarithms of the rates, and losses that can be drawn."""
    finite = np.isfinite(losses)
    return np.log10(rates[finite]), np.minimum(losses[finite], _FAR * top)


class RateChart(QWidget):
    """Paints the chart of a learning-rate test.

    Attributes
    ----------
    result
        What is shown; None for nothing yet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rate_chart")
        self.setMinimumSize(240, 96)
        self.setAccessibleName("Loss against learning rate")
        self.result: LearningRateResult | None = None
        self._theme = LIGHT

    def show_result(self, result: LearningRateResult | None) -> None:
        """Show what was found so far; None for nothing yet."""
        self.result = result
        self.setAccessibleDescription("" if result is None else result.findings)
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the legend, the chart, and what the marks in it are."""
        chart = rate_chart(self.result, self._theme)
        area = QRectF(self.rect())
        row = row_height(HINT_SIZE)
        frame = ChartFrame.within(area.adjusted(0, row, 0, 0), chart, LEAST_ROOM)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.surface))
            legend = QRectF(frame.plot.left(), area.top(), frame.plot.width(), row)
            paint_legend(painter, legend, chart, self._theme)
            paint_axes(painter, frame, self._theme)
            paint_lines(painter, frame, self._theme)
            _paint_marks(painter, frame, self._theme)


def _paint_marks(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Write at the left of each mark what it is, in a row of its own: they may be close.

    The curve is seldom there: at the left of the rate at which the loss explodes, it is lower.
    """
    painter.setFont(figure_font(frame.size))
    plot = frame.plot
    for index, (mark, text) in enumerate(
        zip(frame.chart.marks.tolist(), frame.chart.mark_labels, strict=True)
    ):
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * SPACE
        left = max(frame.x_at(mark) - width - 1, plot.left() + 1)
        room = QRectF(left, plot.top() + index * (frame.row + 2), width, frame.row)
        painter.fillRect(room, QColor(theme.surface))
        painter.setPen(QColor(theme.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
