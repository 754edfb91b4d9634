"""The legend of a chart: its curves with their newest values, in one or two rows above the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.wording import counted
from gui.curves.chart import Band, Chart, Line
from gui.curves.chart_painter import curve_pen, figure_font, mark_pen
from gui.widgets.theme import HINT_SIZE, LIGHT, SPACE, Theme

_SAMPLE, _GAP = 22, 14
"""Widths of a piece of a line, and of the space between two entries."""

_MISSING_TIP = "Not drawn, because their files do not say how long training took:\n{}"

ROW = 16
_ROWS = 2


@dataclass(frozen=True)
class LegendEntry:
    """A curve's name and value; `sample` is what a piece of it is drawn from."""

    name: str
    value: str
    sample: Line | Band | None


def entries_of(chart: Chart, theme: Theme = LIGHT) -> list[LegendEntry]:
    """Return what the legend lists: the live run's curves, or what the lines of others mean."""
    curves = [curve for curve in (chart.band, *chart.lines) if curve is not None]
    if chart.others and not any(len(curve.x) for curve in curves):
        none = np.empty(0)
        dash = Qt.PenStyle.DashLine
        curves = [
            Line("training", theme.quiet, none, none),
            Line("test", theme.quiet, none, none, dash, has_dots=True),
        ]
    entries = [LegendEntry(curve.name, curve.value, curve) for curve in curves]
    if len(chart.marks):
        entries.append(LegendEntry("resized", "", None))
    return entries


def missing_text(chart: Chart) -> str:
    """Return how many runs are not drawn; "" for none."""
    return f"no times: {counted(len(chart.missing), 'run')}" if chart.missing else ""


def paint_legend(painter: QPainter, area: QRectF, chart: Chart, theme: Theme) -> None:
    """Paint the entries in rows; without values if they would not fit otherwise."""
    font = figure_font(HINT_SIZE)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    entries = entries_of(chart, theme)
    missing = missing_text(chart)
    places = _places(_texts(entries, missing, True), metrics, area)
    if places and places[-1].bottom() > area.bottom():
        entries = [LegendEntry(entry.name, "", entry.sample) for entry in entries]
        places = _places(_texts(entries, missing, False), metrics, area)
    for entry, place in zip(entries, places, strict=False):
        _paint_entry(painter, entry, place, metrics, theme)
    if missing:
        painter.setPen(QColor(theme.quiet))
        painter.drawText(places[-1], Qt.AlignmentFlag.AlignVCenter, missing)


def _texts(entries: Sequence[LegendEntry], missing: str, has_values: bool) -> list[str]:
    # As wide as values can become, so that nothing moves while they change.
    texts = [
        f"{entry.name} {'0' * max(len(entry.value), 6) if has_values and entry.value else ''}"
        for entry in entries
    ]
    return [*texts, missing] if missing else texts


def _places(texts: Sequence[str], metrics: QFontMetrics, area: QRectF) -> list[QRectF]:
    left, top = area.left(), area.top()
    places = []
    for text in texts:
        width = _SAMPLE + SPACE + metrics.horizontalAdvance(text) + 1
        if left > area.left() and left + width > area.right():
            left, top = area.left(), top + ROW
        places.append(QRectF(left, top, width, ROW))
        left += width + _GAP
    return places


def _paint_entry(
    painter: QPainter, entry: LegendEntry, place: QRectF, metrics: QFontMetrics, theme: Theme
) -> None:
    middle = place.center().y()
    paint_sample(painter, entry.sample, QPointF(place.left(), middle), theme)
    text = place.adjusted(_SAMPLE + SPACE, 0, 0, 0)
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setPen(QColor(theme.quiet))
    painter.drawText(text, align, entry.name)
    text.setLeft(text.left() + metrics.horizontalAdvance(f"{entry.name} "))
    painter.setPen(QColor(theme.text))
    painter.drawText(text, align, entry.value)


def paint_sample(
    painter: QPainter, sample: Line | Band | None, left: QPointF, theme: Theme
) -> None:
    """Paint a piece of a curve, from `left` on; None is a mark."""
    x, y = left.x(), left.y()
    if isinstance(sample, Band):
        painter.setPen(QPen(QColor(sample.edge), 1))
        painter.setBrush(QColor(sample.color))
        painter.drawRect(QRectF(x + 0.5, y - 4.5, _SAMPLE - 1, 8))
    elif sample is None:
        painter.setPen(mark_pen(theme))
        painter.drawLine(QLineF(x + _SAMPLE / 2, y - 6, x + _SAMPLE / 2, y + 6))
    else:
        painter.setPen(curve_pen(sample.color, sample.style))
        painter.drawLine(QLineF(x, y, x + _SAMPLE, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(sample.color))
        if sample.has_dots:
            painter.drawEllipse(QPointF(x + _SAMPLE / 2, y), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class Legend(QWidget):
    """Shows the legend of a chart, in a place of fixed height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._theme = LIGHT
        self._at_cursor = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(120, _ROWS * ROW)

    def text(self) -> str:
        """Return the values under the cursor, or else the newest, as text."""
        if self._at_cursor or self._chart is None:
            return self._at_cursor
        texts = [f"{entry.name} {entry.value}".strip() for entry in entries_of(self._chart)]
        return "   ".join(filter(None, [*texts, missing_text(self._chart)]))

    def show_chart(self, chart: Chart) -> None:
        """Show the curves of `chart`."""
        self._chart = chart
        # A screen reader needs what is drawn as text.
        self.setAccessibleDescription(self.text())
        tip = _MISSING_TIP.format("\n".join(chart.missing)) if chart.missing else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        self.update()

    def note_cursor(self, text: str) -> None:
        """Use the values under the cursor as the text; "" where there is none."""
        self._at_cursor = text
        self.setAccessibleDescription(self.text())

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries."""
        if self._chart is not None:
            with QPainter(self) as painter:
                paint_legend(painter, QRectF(self.rect()), self._chart, self._theme)
