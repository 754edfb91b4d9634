"""Names of other runs at the ends of their lines, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from gui.curves.chart import Chart, Line
from gui.curves.chart_frame import BOTTOM, ChartFrame, cut
from gui.curves.chart_painter import figure_font
from gui.widgets.theme import HINT_SIZE, Theme

LEAST_ROOM = 16
"""Pixels on the right of a plot without labels: half of the last number under it."""

_LEADER, _GAP = 14, 4
"""Lengths of the line from the plot to a label, and of the space before its text."""

_MOST_SHARE = 0.36
"""Of the width of a chart that labels may take."""


def labeled_lines(chart: Chart) -> list[Line]:
    """Return the first line of each of the other runs."""
    lines: dict[str, Line] = {}
    for line in chart.others:
        if len(line.x):
            lines.setdefault(line.name, line)
    return list(lines.values())


def label_room(chart: Chart, width: float) -> float:
    """Return how much of a chart's width is for labels; 0 without any."""
    lines = labeled_lines(chart)
    if not lines:
        return LEAST_ROOM
    metrics = QFontMetrics(figure_font(HINT_SIZE))
    widest = max(metrics.horizontalAdvance(f"{line.name} ↑") for line in lines) + 2
    return min(_LEADER + _GAP + widest, _MOST_SHARE * width)


@dataclass(frozen=True)
class _Label:
    """A label: its text, its place, and where the line ends that it belongs to."""

    text: str
    color: str
    rect: QRectF
    end: QPointF


def place_labels(frame: ChartFrame) -> list[_Label]:
    """Return the labels, none of which covers another, from top to bottom."""
    lines = labeled_lines(frame.chart)
    metrics = QFontMetrics(figure_font(HINT_SIZE))
    left = frame.plot.right() + _LEADER + _GAP
    width = frame.right - left
    ends = [_end(frame, line) for line in lines]
    first, last = frame.plot.top(), frame.plot.bottom() + BOTTOM / 2
    names = [_name(frame, line) for line in lines]
    texts, heights = _texts(names, metrics, width, last - first)
    order = sorted(range(len(lines)), key=lambda index: ends[index].y())
    wanted = [ends[index].y() - heights[index] / 2 for index in order]
    tops = spread(wanted, [heights[index] for index in order], first, last)
    return [
        _Label(
            texts[index], lines[index].color, QRectF(left, top, width, heights[index]), ends[index]
        )
        for index, top in zip(order, tops, strict=True)
    ]


def _texts(
    names: Sequence[str], metrics: QFontMetrics, width: float, room: float
) -> tuple[list[str], list[float]]:
    """Return the texts and their heights; the longest are cut if not all fit into the plot."""
    row = metrics.height()
    texts = [wrapped(name, metrics, width) for name in names]
    while len(names) < sum(map(_rows, texts)) and row * sum(map(_rows, texts)) > room:
        longest = max(range(len(texts)), key=lambda index: _rows(texts[index]))
        mode = Qt.TextElideMode.ElideMiddle
        texts[longest] = metrics.elidedText(names[longest], mode, int(width))
    return texts, [float(row * _rows(text)) for text in texts]


def _rows(text: str) -> int:
    return len(text.split("\n"))


def wrapped(name: str, metrics: QFontMetrics, width: float) -> str:
    """Return a name in lines that are no wider than `width`; only a longer word is cut."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(metrics.elidedText(word, Qt.TextElideMode.ElideMiddle, int(width)))
    return "\n".join(line for line in lines if line)


def _name(frame: ChartFrame, line: Line) -> str:
    """Return the name of a run, and whether its line ends above or below the plot."""
    low, high = frame.chart.y_range
    end = line.y[-1]
    return f"{line.name} ↑" if end > high else f"{line.name} ↓" if end < low else line.name


def _end(frame: ChartFrame, line: Line) -> QPointF:
    """Return the pixel where a line ends, or where it leaves the plot."""
    x, y = cut(line.x, line.y, frame.chart.x_range)
    place, value = (x[-1], y[-1]) if len(x) else (line.x[-1], line.y[-1])
    left, right = frame.chart.x_range
    low, high = frame.chart.y_range
    return QPointF(
        frame.x_at(float(np.clip(place, left, right))), frame.y_at(float(np.clip(value, low, high)))
    )


def spread(
    tops: Sequence[float], heights: Sequence[float], first: float, last: float
) -> list[float]:
    """Return tops near these, ascending, so that nothing overlaps and all is between the limits.

    If there is not enough room, they go below `last`.
    """
    placed: list[float] = []
    edge = first
    for top, height in zip(tops, heights, strict=True):
        placed.append(max(top, edge))
        edge = placed[-1] + height
    edge = max(last, first + sum(heights))
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], edge - heights[index])
        edge = placed[index]
    return placed


def paint_labels(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint the labels, each with a thin line to the end of its curve."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(figure_font(HINT_SIZE))
    edge = frame.plot.right()
    for label in place_labels(frame):
        middle = label.rect.center().y()
        color = QColor(label.color)
        painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
        painter.drawPolyline(
            QPolygonF([label.end, QPointF(edge, label.end.y()), QPointF(edge + _LEADER, middle)])
        )
        painter.setPen(QPen(color, 3))
        painter.drawLine(QPointF(edge + _LEADER - 4, middle), QPointF(edge + _LEADER, middle))
        painter.setPen(QColor(theme.text))
        painter.drawText(label.rect, Qt.AlignmentFlag.AlignVCenter, label.text)
