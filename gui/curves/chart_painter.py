"""Paints a chart: on the screen, many times a second, and into figures for print and slides.

The same code does both, so that a figure shows what the screen shows. A line of width 2 that is
antialiased takes Qt time that grows with the square of its points, because it looks for crossings;
as separate segments it takes about a millisecond. So that is how the screen has it, while figures
have lines in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication
from shiboken6 import wrapInstance

from core.colors import Theme
from gui.curves.chart import Array, Band, Line, envelope
from gui.curves.chart_frame import ChartFrame, cut
from gui.widgets.theme import tabular

LINE_WIDTH = 2
"""Of curves, in logical pixels, at any ratio of device pixels."""

_DOT, _SMALL_DOT, _DOT_ROOM = 6, 4, 9
"""Diameters of a measurement's dot, of the live run and of others; with less room there is none."""

_MOMENT = 4
"""Length of the line of a moment to go back to."""

_Align = Qt.AlignmentFlag
_Hint = QPainter.RenderHint


def figure_font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the app's font in `size` pixels, with figures of one width."""
    font = tabular(QApplication.font())
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def curve_pen(color: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return the pen of a curve."""
    # Flat ends: others would close the gaps between dashes.
    return QPen(QColor(color), LINE_WIDTH, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def mark_pen(theme: Theme) -> QPen:
    """Return the pen of the lines where the network was resized, fine-tuned or branched off."""
    return QPen(QColor(theme.quiet), 1, Qt.PenStyle.DotLine)


def paint_others(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint the lines of other runs, over those of the runs that a branch continues."""
    for line in (*frame.chart.before, *frame.chart.others):
        _paint_line(painter, frame, line, theme, _SMALL_DOT)


def paint_band(painter: QPainter, frame: ChartFrame) -> None:
    """Paint the band of the live run's batches."""
    band = frame.chart.band
    if band is None or not len(band.x):
        return
    low, high = (
        np.clip(cut(band.x, values, frame.chart.x_range)[1], *frame.chart.y_range)
        for values in (band.low, band.high)
    )
    x = cut(band.x, band.low, frame.chart.x_range)[0]
    x, low = frame.pixels(x, low)
    high = frame.pixels(x, high)[1]
    if not frame.is_fine:
        _fill_columns(painter, band, x, low, high)
    else:
        painter.setRenderHint(_Hint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(band.color))
        outline = np.concatenate((x, x[::-1])), np.concatenate((low, high[::-1]))
        painter.drawPolygon(polygon(*outline))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(band.edge), 0))
    for edge in (low, high):
        painter.drawPolyline(polygon(x, edge))


def _fill_columns(painter: QPainter, band: Band, x: Array, low: Array, high: Array) -> None:
    """Fill a band by a line up or down in each column of pixels: a polygon takes ten times as long.

    All are pixels.
    """
    ratio = painter.device().devicePixelRatio()
    columns = np.arange(np.floor(x[0] * ratio), np.ceil(x[-1] * ratio) + 1) / ratio
    ends = np.interp(columns, x, low), np.interp(columns, x, high)
    painter.setRenderHint(_Hint.Antialiasing, False)
    painter.setPen(QPen(QColor(band.color), 0))
    painter.drawPolyline(polygon(np.repeat(columns, 2), np.column_stack(ends).ravel()))


def paint_lines(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint the live run's lines, and its marks."""
    for line in frame.chart.lines:
        _paint_line(painter, frame, line, theme, _DOT)
    painter.setPen(mark_pen(theme))
    left, right = frame.chart.x_range
    for mark in frame.chart.marks:
        if left <= mark <= right:
            x = floor(frame.x_at(mark)) + 0.5  # in the middle of a pixel, and so one pixel wide
            painter.drawLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()))


def paint_moments(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint a short line above the x axis for each moment to go back to, at most one a pixel."""
    (left, right), x = frame.chart.x_range, frame.chart.moments
    x = x[(left <= x) & (x <= right)]
    columns = np.unique(np.floor(frame.pixels(x, x)[0])) + 0.5
    bottom = frame.plot.bottom()
    painter.setRenderHint(_Hint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLines([QLineF(at, bottom - _MOMENT, at, bottom) for at in columns.tolist()])


def _paint_line(painter: QPainter, frame: ChartFrame, line: Line, theme: Theme, dot: int) -> None:
    painter.setRenderHint(_Hint.Antialiasing)
    painter.setPen(curve_pen(line.color, line.style))
    if not frame.is_fine:
        painter.setClipRect(frame.plot)
    in_segments = line.style == Qt.PenStyle.SolidLine and not frame.is_fine
    for x, y in frame.parts(line.x, line.y):
        if in_segments:
            line_in_pixels = _by_columns(x, y) if len(x) > frame.plot.width() else (x, y)
            _draw_segments(painter, np.column_stack(line_in_pixels))
        else:
            painter.drawPolyline(polygon(x, y))
    painter.setClipping(False)
    if line.has_dots:
        _paint_dots(painter, frame, line, theme, dot)


def _draw_segments(painter: QPainter, points: Array) -> None:
    """Draw a line through points, (n, 2), as segments."""
    segments = np.column_stack((points[:-1], points[1:]))
    if len(segments):
        # The array itself: to make a list of QLineF would take longer than to draw it.
        first = wrapInstance(segments.ctypes.data, QLineF)
        assert isinstance(first, QLineF)
        painter.drawLines(first, len(segments))


def _by_columns(x: Array, y: Array) -> tuple[Array, Array]:
    """Return a line with the lowest and the highest point of each column of pixels.

    Segments meet between pixels: antialiased ends inside of one would make the line fainter.
    """
    columns = np.floor(x)
    begins = np.flatnonzero(np.diff(columns, prepend=-np.inf))
    low, high = np.minimum.reduceat(y, begins), np.maximum.reduceat(y, begins)
    return envelope(columns[begins], low, high)


def _paint_dots(painter: QPainter, frame: ChartFrame, line: Line, theme: Theme, dot: int) -> None:
    (left, right), (low, high) = frame.chart.x_range, frame.chart.y_range
    inside = (left <= line.x) & (line.x <= right) & (low <= line.y) & (line.y <= high)
    x, y = frame.pixels(line.x[inside], line.y[inside])
    if len(x) > 1 and (x[-1] - x[0]) / (len(x) - 1) < _DOT_ROOM:
        return
    # A border in the color of the ground lets dots stand out; around small ones it is too much.
    painter.setPen(QPen(QColor(theme.surface if dot == _DOT else line.color), 1))
    painter.setBrush(QColor(line.color))
    for center in map(QPointF, x.tolist(), y.tolist()):
        painter.drawEllipse(center, dot / 2, dot / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_beyond(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Mark the lines that leave the plot at the top or bottom, by how far they go."""
    marks = [
        (line, *mark)
        for line in (*frame.chart.lines, *frame.chart.others)
        for mark in beyond(frame, line)
    ]
    if not marks:
        return
    painter.setRenderHint(_Hint.Antialiasing)
    painter.setFont(figure_font(frame.size))
    taken: list[tuple[bool, float]] = []
    # The farthest first: where two texts have no room, it is the one that counts.
    for line, x, value, is_up in sorted(marks, key=lambda mark: -abs(mark[2])):
        _paint_arrow(painter, frame, line.color, x, is_up)
        text = frame.chart.value_text(value)
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(x + 6, frame.plot.right() - width)
        if all(up != is_up or abs(left - other) > width + 8 for up, other in taken):
            taken.append((is_up, left))
            top = frame.plot.top() if is_up else frame.plot.bottom() - frame.row
            room = QRectF(left, top, width + 1, frame.row)
            ground = QColor(theme.surface)
            ground.setAlphaF(0.8)
            painter.fillRect(room, ground)
            painter.setPen(QColor(theme.text))
            painter.drawText(room, _Align.AlignLeft | _Align.AlignVCenter, text)


def beyond(frame: ChartFrame, line: Line) -> Iterator[tuple[float, float, bool]]:
    """Yield how far a line goes above and below the plot: pixel, value, and whether it is above."""
    (low, high), (x, y) = frame.chart.y_range, cut(line.x, line.y, frame.chart.x_range)
    for place, is_up in ((y.argmax(), True), (y.argmin(), False)) if len(y) else ():
        if y[place] > high if is_up else y[place] < low:
            yield frame.x_at(float(x[place])), float(y[place]), is_up


def _paint_arrow(painter: QPainter, frame: ChartFrame, color: str, x: float, is_up: bool) -> None:
    """Paint a triangle that points out of the plot."""
    tip = frame.plot.top() + 1 if is_up else frame.plot.bottom() - 1
    base = tip + (8 if is_up else -8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x - 4, base), QPointF(x + 4, base)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def polygon(x: Array, y: Array) -> QPolygonF:
    """Return points, (n,) each, as Qt takes them; a loop in Python would take a frame's time."""
    points: QPolygonF = arrayToQPolygonF(np.ascontiguousarray(x), np.ascontiguousarray(y))
    return points
