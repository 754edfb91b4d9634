"""A whole chart in a picture for a file, from the back to the front."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from core.colors import Theme
from gui.curves.axes import paint_axes, paint_mark_labels
from gui.curves.chart_frame import ChartFrame
from gui.curves.chart_painter import paint_band, paint_beyond, paint_lines, paint_others
from gui.curves.end_labels import paint_labels


def paint_chart(painter: QPainter, frame: ChartFrame, theme: Theme) -> None:
    """Paint all of a chart but its legend and background."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_axes(painter, frame, theme)
    paint_mark_labels(painter, frame, theme)
    paint_band(painter, frame)
    paint_others(painter, frame, theme)
    paint_labels(painter, frame, theme)
    paint_lines(painter, frame, theme)
    paint_beyond(painter, frame, theme)
