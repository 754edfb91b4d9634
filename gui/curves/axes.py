"""Paints the axes of a chart: lines, numbers, titles, and the labels of marks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from core.colors import Theme
from gui.curves.chart_frame import ChartFrame
from gui.curves.chart_painter import figure_font
from gui.curves.chart_ticks import log_ticks, ticks
from gui.widgets.theme import SPACE

_TICK_ROOM_X, _TICK_ROOM_Y = 5, 3
"""Least distance between two numbers on an axis, in sizes of type."""

_Align = Qt.AlignmentFlag


def paint_axes(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint the axes, their numbers and titles, and the grid."""
    plot = frame.plot
    painter.setFont(figure_font(frame.size))
    _paint_x_axis(painter, frame, theme)
    _paint_y_axis(painter, frame, theme)
    painter.setPen(QPen(QColor(theme.control), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    painter.drawLine(plot.bottomLeft(), plot.topLeft())


def x_title_rect(frame: ChartFrame) -> QRectF:
    """Return where the title of the x axis is: centered, or at the end of a low chart's numbers."""
    width = QFontMetrics(figure_font(frame.size)).horizontalAdvance(frame.chart.x_title) + 2
    row, plot = frame.title_row, frame.plot
    right = plot.right() if frame.is_low else plot.center().x() + width / 2
    return QRectF(right - width, row.top(), width, row.height())


def _paint_x_axis(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    plot, title = frame.plot, x_title_rect(frame)
    for room, text in _x_numbers(frame):
        x = room.center().x()
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        if not room.adjusted(-SPACE, 0, SPACE, 0).intersects(title):
            painter.setPen(QColor(theme.quiet))
            painter.drawText(room, _Align.AlignCenter, text)
    painter.setPen(QColor(theme.text))
    painter.drawText(title, _Align.AlignCenter, frame.chart.x_title)


def _x_numbers(frame: ChartFrame) -> Iterator[tuple[QRectF, str]]:
    """Yield where the numbers of the x axis are."""
    chart, row = frame.chart, frame.numbers_row
    metrics = QFontMetrics(figure_font(frame.size))
    most = int(frame.plot.width() / (_TICK_ROOM_X * frame.size))
    for value, text in (log_ticks if chart.is_log_x else ticks)(*chart.x_range, most):
        width = metrics.horizontalAdvance(text) + 2
        yield QRectF(frame.x_at(value) - width / 2, row.top(), width, row.height()), text


def _paint_y_axis(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    plot, chart, area = frame.plot, frame.chart, frame.area
    most = int(plot.height() / (_TICK_ROOM_Y * frame.size))
    is_log = chart.is_log
    found = log_ticks(*chart.y_range, most) if is_log else ticks(*chart.y_range, most, True)
    for value, text in found:
        y = frame.y_at(value)
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        room = QRectF(area.left(), y - frame.row / 2, plot.left() - area.left(), frame.row)
        painter.setPen(QColor(theme.quiet))
        painter.drawText(
            room.adjusted(0, 0, -2 * SPACE, 0), _Align.AlignRight | _Align.AlignVCenter, text
        )
    painter.setPen(QColor(theme.text))
    painter.save()
    painter.translate(area.left() + frame.row / 2, plot.center().y())
    painter.rotate(-90)
    beside = QRectF(-plot.height() / 2, -frame.row / 2, plot.height(), frame.row)
    painter.drawText(beside, _Align.AlignCenter, y_title(frame))
    painter.restore()


def y_title(frame: ChartFrame) -> str:
    """Return the title of the y axis, or a shorter one where there is no room for it."""
    metrics = QFontMetrics(figure_font(frame.size))
    titles = frame.chart.y_title, frame.chart.y_short
    fitting = (title for title in titles if metrics.horizontalAdvance(title) <= frame.plot.height())
    return next(fitting, "")


def mark_labels(frame: ChartFrame) -> Iterator[tuple[QRectF, str]]:
    """Yield where the labels of the marks in view are, among the numbers of the x axis.

    Where two have no room, it is the later one that is there.
    """
    metrics, plot, row = QFontMetrics(figure_font(frame.size)), frame.plot, frame.numbers_row
    left, right = frame.chart.x_range
    last = x_title_rect(frame).left() - SPACE if frame.is_low else frame.area.right()
    for mark, text in sorted(
        zip(frame.chart.marks.tolist(), frame.chart.mark_labels, strict=True), reverse=True
    ):
        width = metrics.horizontalAdvance(text) + 2 * SPACE
        begin = min(frame.x_at(mark) - width / 2, last - width)
        if left <= mark <= right and begin >= plot.left():
            yield QRectF(begin, row.top(), width, row.height()), text
            last = begin


def paint_mark_labels(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Write under each mark what it is, instead of the numbers that are there."""
    if not len(frame.chart.marks):
        return
    painter.setFont(figure_font(frame.size))
    numbers = [room for room, _text in _x_numbers(frame)]
    for room, text in mark_labels(frame):
        for hidden in (room, *(number for number in numbers if number.intersects(room))):
            painter.fillRect(hidden, QColor(theme.surface))
        painter.setPen(QColor(theme.text))
        painter.drawText(room, _Align.AlignCenter, text)
