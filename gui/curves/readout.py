"""The values under the cursor, of all curves, in a box beside its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gui.curves.chart import Band, Line
from gui.curves.chart_frame import BOTTOM, ChartFrame
from gui.curves.chart_painter import figure_font
from gui.curves.legend import ROW, paint_sample
from gui.widgets.theme import HINT_SIZE, SPACE, Theme

_SAMPLE = 22
_PADDING = 6
_LEAST_NAME = 60
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_GAP = 8
"""Pixels between the columns, and between the cursor and the box."""


@dataclass(frozen=True)
class ReadoutRow:
    """A curve and its value; `sample` is what a piece of the curve is drawn from."""

    name: str
    value: str
    sample: Line | Band | None = None


@dataclass(frozen=True)
class Readout:
    """The values at a place on the x axis; `heading` has a line of text or more."""

    heading: Sequence[str] = ()
    rows: Sequence[ReadoutRow] = ()

    @property
    def text(self) -> str:
        """All of it, in lines."""
        return "\n".join((*self.heading, *(f"{row.name} {row.value}" for row in self.rows)))


def paint_readout(
    painter: QPainter, frame: ChartFrame, x: float, readout: Readout, theme: Theme
) -> None:
    """Paint the cursor's line at pixel `x`, and the values beside it."""
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLine(QLineF(x, frame.plot.top(), x, frame.plot.bottom()))
    if not readout.heading and not readout.rows:
        return
    font = figure_font(HINT_SIZE)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    values = max((metrics.horizontalAdvance(row.value) for row in readout.rows), default=0)
    fixed = _SAMPLE + 2 * _GAP + values + 2 * _PADDING
    names = max((metrics.horizontalAdvance(row.name) for row in readout.rows), default=0) + 2
    names = min(names, max(int(frame.right - fixed - 2), _LEAST_NAME))
    heading = max(map(metrics.horizontalAdvance, readout.heading), default=0)
    lines = len(readout.heading) + len(readout.rows)
    width = max(fixed + names, heading + 2 * _PADDING) + 2
    box = _box(frame, x, width, lines * ROW + 2 * _PADDING)
    background = QColor(theme.surface)
    background.setAlphaF(0.93)
    painter.setPen(QPen(QColor(theme.control), 1))
    painter.setBrush(background)
    painter.drawRoundedRect(box, SPACE, SPACE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inside = box.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
    row_rect = QRectF(inside.left(), inside.top(), inside.width(), ROW)
    painter.setPen(QColor(theme.text))
    for line in readout.heading:
        text = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, int(inside.width()))
        painter.drawText(row_rect, _LEFT, text)
        row_rect.translate(0, ROW)
    for row in readout.rows:
        _paint_row(painter, row, row_rect, names, theme)
        row_rect.translate(0, ROW)


def _paint_row(painter: QPainter, row: ReadoutRow, rect: QRectF, names: int, theme: Theme) -> None:
    """Paint a curve's sample, its name in `names` pixels, and its value."""
    if row.sample is not None:
        paint_sample(painter, row.sample, QPointF(rect.left(), rect.center().y()), theme)
    text = rect.adjusted(_SAMPLE + _GAP, 0, 0, 0)
    metrics = painter.fontMetrics()
    painter.setPen(QColor(theme.quiet))
    name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, names)
    painter.drawText(text, _LEFT, name)
    text.setLeft(text.left() + names + _GAP)
    painter.setPen(QColor(theme.text))
    painter.drawText(text, _LEFT, row.value)


def _box(frame: ChartFrame, x: float, width: float, height: float) -> QRectF:
    """Return where the box is: beside the cursor, and away from the live run's first line there."""
    plot = frame.plot
    left = x + _GAP if x + _GAP + width < frame.right else x - _GAP - width
    left = min(max(left, 0.0), max(frame.right - width - 1, 0.0))
    top, bottom = plot.top() + SPACE, plot.bottom() - SPACE - height
    if bottom < top:
        top = max(0.0, plot.bottom() + BOTTOM - height - 1)
    elif _is_high(frame, x):
        top = bottom
    return QRectF(left, top, width, height)


def _is_high(frame: ChartFrame, x: float) -> bool:
    """Return whether the first line at pixel `x` is in the upper half of the plot."""
    chart = frame.chart
    line = next((line for line in (*chart.lines, *chart.others) if len(line.x)), None)
    if line is None:
        return False
    y = float(np.interp(frame.value_at(x), line.x, line.y))
    return frame.y_at(y) < frame.plot.center().y()
