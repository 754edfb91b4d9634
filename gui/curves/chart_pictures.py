"""What a chart shows beside its cursor, kept as pictures until something in it changes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from core.colors import Theme
from gui.curves.axes import paint_axes, paint_mark_labels
from gui.curves.chart import Chart
from gui.curves.chart_frame import ChartFrame
from gui.curves.chart_painter import (
    paint_band,
    paint_beyond,
    paint_lines,
    paint_moments,
    paint_others,
)
from gui.curves.end_labels import paint_labels
from gui.widgets.kept_pictures import CLEAR, KeptPictures


class ChartPictures:
    """Paints charts, one after the other.

    The axes and the other runs stay as they are from frame to frame of a run that trains; the
    curves of the live run lie between and over them. All together stay until there is another
    chart, so that a cursor that moves costs only itself.
    """

    def __init__(self) -> None:
        self._kept = KeptPictures()
        self._lines: tuple[object, object] = (None, None)

    def forget(self) -> None:
        """Paint everything anew when it is needed next."""
        self._kept.forget()

    def note(self, chart: Chart) -> None:
        """Take note of the chart that is painted next, perhaps with the same other runs."""
        lines = chart.before, chart.others
        is_same = all(new is old for new, old in zip(lines, self._lines, strict=True))
        self._lines = lines
        self._kept.forget("chart", *(() if is_same else ("others",)))

    def picture(
        self, widget: QWidget, frame: ChartFrame, theme: Theme, has_labels: bool
    ) -> QPixmap:
        """Return all that does not follow the cursor, for a widget.

        `has_labels` says whether the names of the other runs are among it.
        """

        def paint(painter: QPainter) -> None:
            painter.drawPixmap(0, 0, self._axes(widget, frame, theme))
            paint_band(painter, frame)
            if frame.chart.others or frame.chart.before:
                painter.drawPixmap(0, 0, self._others(widget, frame, theme, has_labels))
            paint_mark_labels(painter, frame, theme)
            paint_moments(painter, frame, theme)
            paint_lines(painter, frame, theme)
            paint_beyond(painter, frame, theme)

        key = has_labels, frame.plot.getRect()
        return self._kept.picture(widget, "chart", key, QColor(theme.surface), paint)

    def _axes(self, widget: QWidget, frame: ChartFrame, theme: Theme) -> QPixmap:
        chart = frame.chart
        key = chart.x_range, chart.y_range, chart.is_log, chart.x_title, frame.plot.getRect()
        ground = QColor(theme.surface)
        return self._kept.picture(
            widget, "axes", key, ground, lambda painter: paint_axes(painter, frame, theme)
        )

    def _others(
        self, widget: QWidget, frame: ChartFrame, theme: Theme, has_labels: bool
    ) -> QPixmap:
        chart = frame.chart

        def paint(painter: QPainter) -> None:
            paint_others(painter, frame, theme)
            if has_labels:
                paint_labels(painter, frame, theme)

        key = has_labels, chart.x_range, chart.y_range, frame.plot.getRect()
        return self._kept.picture(widget, "others", key, CLEAR, paint)
