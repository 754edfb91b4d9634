"""Names of other runs at the ends of their lines, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from core.colors import Theme
from gui.curves.chart import Chart, Line
from gui.curves.chart_frame import ChartFrame, cut
from gui.curves.chart_painter import figure_font

LEAST_ROOM = 16
"""Pixels on the right of a plot without labels: half of the last number under it."""

_LEADER, _GAP = 14, 4
"""Lengths of the line from the plot to a label, and of the space before its text."""

_TIGHT = 0.95
"""Least distance of lines of text, in sizes of type."""

_MOST_SHARE = 0.38
"""Of the width of a chart that labels may take."""


def labeled_lines(chart: Chart) -> list[Line]:
    """Return the first line of each of the other runs."""
    lines: dict[str, Line] = {}
    for line in chart.others:
        if len(line.x):
            lines.setdefault(line.name, line)
    return list(lines.values())


def label_room(chart: Chart, width: float, size: int) -> float:
    """Return how much of a chart's width is for labels, in type of `size` pixels."""
    lines = labeled_lines(chart)
    if not lines:
        return LEAST_ROOM
    metrics = QFontMetrics(figure_font(size))
    most = _MOST_SHARE * width - _LEADER - _GAP
    values = f"{chart.widest} · test {chart.widest}", f"test {chart.widest}"
    widths = [metrics.horizontalAdvance(f"{line.name} ↑") for line in lines]
    # Both values if there is room for them, otherwise one.
    fitting = (width for width in map(metrics.horizontalAdvance, values) if width <= most)
    return _LEADER + _GAP + min(max(*widths, next(fitting, 0)) + 2, most)


@dataclass(frozen=True)
class _Label:
    """A label: its text, its values, its place, and where the line ends that it belongs to."""

    text: str
    color: str
    rect: QRectF
    end: QPointF
    values: str = ""


def place_labels(
    frame: ChartFrame, readings: Sequence[tuple[str, Sequence[str]]] = ()
) -> list[_Label]:
    """Return the labels, none of which covers another, from top to bottom, beside the plot.

    Each has the values of its run below its name, if there is room: at the cursor if there are
    `readings`, otherwise the newest. Where there is room for one line, the cursor's values are
    shown instead of the name. If not all labels fit, the last one counts the others.
    """
    lines = labeled_lines(frame.chart)
    left = frame.plot.right() + _LEADER + _GAP
    width, room = frame.area.right() - left, frame.plot.height()
    metrics = QFontMetrics(figure_font(frame.size))
    most = max(int(room / (_TIGHT * frame.size)), 1)
    rest = len(lines) - (most - 1) if len(lines) > most else 0
    lines = lines[: most - 1] if rest else lines
    shown = len(lines) + bool(rest)
    row = min(float(metrics.height()), room / max(shown, 1))
    names = [_name(frame, line) for line in lines]
    texts = _texts(names, metrics, width, room / row - bool(rest))
    has_values = room >= row * (sum(map(_rows, texts)) + shown)
    values = _values(frame, lines, readings)
    labels = []
    for line, name in zip(lines, texts, strict=True):
        value = _fitting(values[line.name], metrics, width)
        height = (_rows(name) + has_values) * row
        end = _end(frame, line)
        rect = QRectF(left, end.y() - height / 2, width, height)
        text = value or name if readings and not has_values else name
        labels.append(_Label(text, line.color, rect, end, value if has_values else ""))
    labels.sort(key=lambda label: label.end.y())
    last = frame.plot.bottom() - bool(rest) * row
    tops = spread(
        [label.rect.top() for label in labels],
        [label.rect.height() for label in labels],
        frame.plot.top(),
        last,
    )
    for label, top in zip(labels, tops, strict=True):
        label.rect.moveTop(top)
    if rest:
        rect = QRectF(left, last, width, row)
        labels.append(_Label(f"and {rest} more", "", rect, rect.center()))
    return labels


def _values(
    frame: ChartFrame, lines: Sequence[Line], readings: Sequence[tuple[str, Sequence[str]]]
) -> dict[str, list[str]]:
    """Return the values of each run: of training and of tests."""
    if readings:
        known = {name: list(values) for name, values in readings}
        return {line.name: known.get(line.name, []) for line in lines}
    found: dict[str, list[str]] = {line.name: [] for line in lines}
    for line in frame.chart.others:
        if line.name in found and line.value:
            found[line.name].append(f"test {line.value}" if line.has_dots else line.value)
    return found


def _fitting(values: Sequence[str], metrics: QFontMetrics, width: float) -> str:
    """Return both values, or the last where there is no room for both."""
    both = " · ".join(values)
    return both if metrics.horizontalAdvance(both) <= width else "".join(values[-1:])


def _texts(
    names: Sequence[str], metrics: QFontMetrics, width: float, most_rows: float
) -> list[str]:
    """Return the texts; the longest are cut if not all fit into that many rows."""
    texts = [wrapped(name, metrics, width) for name in names]
    while len(names) < sum(map(_rows, texts)) and sum(map(_rows, texts)) > most_rows + 1e-6:
        longest = max(range(len(texts)), key=lambda index: _rows(texts[index]))
        mode = Qt.TextElideMode.ElideMiddle
        texts[longest] = metrics.elidedText(names[longest], mode, int(width))
    return texts


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


def paint_labels(
    painter: QPainter,
    frame: ChartFrame,
    theme: Theme,
    readings: Sequence[tuple[str, Sequence[str]]] = (),
) -> None:
    """Paint the labels, each with a thin line to the end of its curve."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(figure_font(frame.size))
    edge = frame.plot.right()
    for label in place_labels(frame, readings):
        if label.color:
            _paint_leader(painter, label, edge)
        name = label.rect.adjusted(0, 0, 0, 0)
        if label.values:
            row = label.rect.height() / (_rows(label.text) + 1)
            name.setBottom(label.rect.bottom() - row)
            painter.setPen(QColor(theme.text))
            below = QRectF(name.left(), name.bottom(), name.width(), row)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, label.values)
        painter.setPen(QColor(theme.quiet if label.values else theme.text))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, label.text)


def _paint_leader(painter: QPainter, label: _Label, edge: float) -> None:
    """Paint the line from the end of a curve to its label, beyond the plot's right `edge`."""
    middle, color = label.rect.center().y(), QColor(label.color)
    painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
    painter.drawPolyline(
        QPolygonF([label.end, QPointF(edge, label.end.y()), QPointF(edge + _LEADER, middle)])
    )
    painter.setPen(QPen(color, 3))
    painter.drawLine(QPointF(edge + _LEADER - 4, middle), QPointF(edge + _LEADER, middle))
