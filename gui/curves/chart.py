"""One chart of a figure for print and slides: title, legend, axes and lines.

Everything is painted as plain lines and text in pixels of the figure, without clipping and without
pens that depend on a scale, so that an SVG of it looks the same in every program.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from gui.widgets.theme import HINT_SIZE, SPACE, TITLE_SIZE, Theme

_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 56, 12, 44
"""Margins between the chart's border and its plot, for title, legend and axes."""
_SAMPLE, _SAMPLE_WIDTH, _LEGEND_GAP = 18, 2, 12
_TICK_ROOM_X, _TICK_ROOM_Y = 72, 36
"""Least distance in pixels between two numbers on an axis."""

_Array = NDArray[np.float64]
_Align = Qt.AlignmentFlag


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points, (n,) each, float64 and finite; `color` is #rrggbb."""

    title: str
    color: str
    x: _Array
    y: _Array
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 2.0

    @property
    def pen(self) -> QPen:
        """The pen that draws it."""
        pen = QPen(QColor(self.color), self.width, self.style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen


@dataclass(frozen=True, eq=False)
class Chart:
    """The content of a chart; later lines cover earlier ones.

    Attributes
    ----------
    marks
        (n,): where on the x axis the network was resized.
    x_range, y_range
        Ranges of the axes; what is outside is not drawn.
    is_log
        Whether the lines' y are logarithms, to base 10.
    """

    title: str
    x_title: str
    y_title: str
    lines: Sequence[Line]
    marks: _Array
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    is_log: bool = False


def figure_font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the app's font in `size` pixels of the figure."""
    font = QFont(QApplication.font())
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def paint_chart(painter: QPainter, area: QRectF, chart: Chart, theme: Theme) -> None:
    """Paint `chart` into `area`."""
    plot = area.adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
    _paint_axes(painter, plot, chart, theme)
    for line in chart.lines:
        painter.setPen(line.pen)
        # Thin lines are many, and antialiased ones would take a second.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, line.width > 1)
        for part in parts_within(line.x, line.y, chart.y_range):
            points = _to_pixels(part, plot, chart)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_mark_pen(theme))
    for mark in chart.marks:
        x = plot.left() + plot.width() * _share(mark, chart.x_range)
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
    painter.setPen(QColor(theme.text))
    painter.setFont(figure_font(TITLE_SIZE, QFont.Weight.DemiBold))
    head = QRectF(plot.left(), area.top(), plot.width(), 24)
    painter.drawText(head, _Align.AlignLeft | _Align.AlignVCenter, chart.title)
    _paint_legend(painter, head.translated(0, 24), chart, theme)


def _paint_axes(painter: QPainter, plot: QRectF, chart: Chart, theme: Theme) -> None:
    quiet, hairline = QColor(theme.quiet), QPen(QColor(theme.hairline), 1)
    painter.setFont(figure_font(HINT_SIZE))
    for value, text in ticks(*chart.x_range, int(plot.width() / _TICK_ROOM_X)):
        x = plot.left() + plot.width() * _share(value, chart.x_range)
        painter.setPen(hairline)
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        painter.setPen(quiet)
        room = QRectF(x - _TICK_ROOM_X, plot.bottom() + SPACE, 2 * _TICK_ROOM_X, 16)
        painter.drawText(room, _Align.AlignHCenter | _Align.AlignTop, text)
    find_ticks = log_ticks if chart.is_log else ticks
    for value, text in find_ticks(*chart.y_range, int(plot.height() / _TICK_ROOM_Y)):
        y = plot.bottom() - plot.height() * _share(value, chart.y_range)
        painter.setPen(hairline)
        painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        painter.setPen(quiet)
        room = QRectF(plot.left() - _LEFT, y - 8, _LEFT - 2 * SPACE, 16)
        painter.drawText(room, _Align.AlignRight | _Align.AlignVCenter, text)
    painter.setPen(QPen(QColor(theme.control), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.drawLine(plot.bottomLeft(), plot.topLeft())
    _paint_axis_titles(painter, plot, chart, theme)


def _paint_axis_titles(painter: QPainter, plot: QRectF, chart: Chart, theme: Theme) -> None:
    painter.setPen(QColor(theme.text))
    below = QRectF(plot.left(), plot.bottom() + 24, plot.width(), 16)
    painter.drawText(below, _Align.AlignCenter, chart.x_title)
    painter.save()
    painter.translate(plot.left() - _LEFT + 8, plot.center().y())
    painter.rotate(-90)
    beside = QRectF(-plot.height() / 2, -8, plot.height(), 16)
    painter.drawText(beside, _Align.AlignCenter, chart.y_title)
    painter.restore()


def _paint_legend(painter: QPainter, row: QRectF, chart: Chart, theme: Theme) -> None:
    """Paint the names of the lines, side by side."""
    painter.setFont(figure_font(HINT_SIZE))
    entries = [(line.title, line.pen) for line in chart.lines]
    if len(chart.marks):
        entries.append(("resized", _mark_pen(theme)))
    left = row.left()
    for title, pen in entries:
        pen.setWidthF(_SAMPLE_WIDTH)  # a faint line, alone, would be lost
        painter.setPen(pen)
        painter.drawLine(QLineF(left, row.center().y(), left + _SAMPLE, row.center().y()))
        left += _SAMPLE + SPACE + 2
        width = painter.fontMetrics().horizontalAdvance(title) + 1
        text = QRectF(left, row.top(), width, row.height())
        painter.setPen(QColor(theme.text))
        painter.drawText(text, _Align.AlignLeft | _Align.AlignVCenter, title)
        left += width + _LEGEND_GAP


def _mark_pen(theme: Theme) -> QPen:
    return QPen(QColor(theme.quiet), 1, Qt.PenStyle.DotLine)


# --- from values to places ------------------------------------------------------------------------


def _share(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return (value - low) / (high - low)


def _to_pixels(points: _Array, plot: QRectF, chart: Chart) -> _Array:
    (left, right), (low, high) = chart.x_range, chart.y_range
    share = (points - (left, low)) / (right - left, high - low)
    pixels: _Array = (plot.left(), plot.bottom()) + share * (plot.width(), -plot.height())
    return pixels


def parts_within(x: _Array, y: _Array, limits: tuple[float, float]) -> Iterator[_Array]:
    """Yield the parts of a line within the limits of y, each as points, (n, 2)."""
    low, high = limits
    for limit in limits:
        before = np.flatnonzero((y[1:] - limit) * (y[:-1] - limit) < 0)
        share = (limit - y[before]) / (y[before + 1] - y[before])
        crossing = x[before] + share * (x[before + 1] - x[before])
        x, y = np.insert(x, before + 1, crossing), np.insert(y, before + 1, limit)
    is_within = (low <= y) & (y <= high)
    edges = np.flatnonzero(np.diff(is_within, prepend=False, append=False))
    for begin, end in edges.reshape(-1, 2):
        yield np.column_stack((x[begin:end], y[begin:end]))


def ticks(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield at most about `most` round numbers, and their texts."""
    least = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if least <= power * factor)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    for count in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield count * step, f"{count * step:,.{decimals}f}"


def log_ticks(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield the logarithms of round numbers, and the texts of those numbers."""
    digits = (1, 2, 5) if 3 * (high - low) <= most else (1,)
    for exponent in range(math.floor(low), math.ceil(high) + 1):
        for digit in digits:
            value = exponent + math.log10(digit)
            if low <= value <= high:
                yield value, f"{digit * 10.0**exponent:g}"
