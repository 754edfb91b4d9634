"""The legend of a chart: its curves with their values, in rows above the plot.

Without a cursor, the values are the newest ones; with it, those of its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.colors import LIGHT, Theme
from core.wording import counted
from gui.curves.chart import Band, Chart, Line
from gui.curves.chart_frame import row_height
from gui.curves.chart_painter import curve_pen, figure_font
from gui.curves.readout import Readout
from gui.widgets.literal_text import literal
from gui.widgets.theme import HINT_SIZE, SPACE

_SAMPLE, _GAP = 22, 12
"""Widths of a piece of a line, and of the space between two entries."""

_MISSING_TIP = "Not drawn, because their files do not say how long training took:\n{}"

_WIDEST_NOTE, _WIDEST_OF_BRANCH = "at step 000,000", "at step 000,000 + 000,000"
_WIDEST_VALUE = "> 00.00 %"


@dataclass(frozen=True)
class LegendEntry:
    """A curve's name and value; `sample` is what a piece of it is drawn from.

    Attributes
    ----------
    note
        Which step the value is of, if of an earlier one.
    """

    name: str
    value: str
    sample: Line | Band | None
    note: str = ""


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
    return [
        LegendEntry(curve.name, curve.value, curve, curve.note if isinstance(curve, Line) else "")
        for curve in curves
    ]


def entries_at(entries: Sequence[LegendEntry], readout: Readout) -> list[LegendEntry]:
    """Return the entries with the values under the cursor, and those that no curve shows."""
    rows = {row.name: row for row in readout.rows}
    found = []
    for entry in entries:
        row = rows.pop(entry.name, None)
        value, note = (row.value, row.note) if row is not None else ("", "")
        found.append(replace(entry, value=value, note=note))
    return found + [LegendEntry(row.name, row.value, None) for row in rows.values()]


def missing_text(chart: Chart) -> str:
    """Return how many runs are not drawn; "" for none."""
    return f"no times: {counted(len(chart.missing), 'run')}" if chart.missing else ""


def legend_rows(width: float, size: int, has_validation: bool, is_branch: bool) -> int:
    """Return how many rows legends of this width need; values do not change it."""
    metrics = QFontMetrics(figure_font(size))
    names = ("test", "validation") if has_validation else ("test",)
    cells = [_cell_width(metrics, name, _WIDEST_VALUE) for name in names]
    note = _WIDEST_OF_BRANCH if is_branch else _WIDEST_NOTE
    needed = sum(cells) + metrics.horizontalAdvance(note) + _GAP * len(cells)
    return 2 if needed <= width else 3


def paint_legend(
    painter: QPainter,
    area: QRectF,
    chart: Chart,
    theme: Theme,
    size: int = HINT_SIZE,
    readout: Readout | None = None,
) -> None:
    """Paint the entries: those of batches in the first row, those of evaluations below."""
    painter.setFont(figure_font(size))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics, row = painter.fontMetrics(), row_height(size)
    entries = entries_of(chart, theme)
    if readout is not None:
        entries = entries_at(entries, readout)
    evaluated = [entry for entry in entries if entry.name in ("validation", "test")]
    place = QRectF(area.left(), area.top(), 0, row)
    for group in ([entry for entry in entries if entry not in evaluated], evaluated):
        for entry in group:
            place.setWidth(_cell_width(metrics, entry.name, chart.widest))
            if place.right() <= area.right() + 1 or entry.sample is not None:
                _paint_entry(painter, entry, place, theme)
            place.moveLeft(place.right() + _GAP)
        if group is not evaluated:
            place.moveTo(area.left(), place.top() + row)
    notes = [entry.note for entry in evaluated if entry.note][-1:]
    missing = [missing_text(chart)] if chart.missing else []
    painter.setPen(QColor(theme.quiet))
    for text in (*notes, *missing):
        place.setWidth(metrics.horizontalAdvance(text) + 1)
        if place.right() > area.right() + 1 and place.bottom() + row <= area.bottom() + 1:
            place.moveTo(area.left(), place.top() + row)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        place.moveLeft(place.right() + _GAP)


def _cell_width(metrics: QFontMetrics, name: str, widest: str) -> float:
    return _SAMPLE + SPACE + metrics.horizontalAdvance(f"{name} {widest}") + 1


def _paint_entry(painter: QPainter, entry: LegendEntry, place: QRectF, theme: Theme) -> None:
    if entry.sample is not None:
        paint_sample(painter, entry.sample, QPointF(place.left(), place.center().y()), theme)
    text = place.adjusted(_SAMPLE + SPACE, 0, 0, 0)
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setPen(QColor(theme.quiet))
    painter.drawText(text, align, entry.name)
    text.setLeft(text.left() + painter.fontMetrics().horizontalAdvance(f"{entry.name} "))
    # The value of an earlier step is quiet, and its step is beside it.
    painter.setPen(QColor(theme.quiet if entry.note else theme.text))
    painter.drawText(text, align, entry.value)


def paint_sample(painter: QPainter, sample: Line | Band, left: QPointF, theme: Theme) -> None:
    """Paint a piece of a curve, from `left` on."""
    x, y = left.x(), left.y()
    if isinstance(sample, Band):
        painter.setPen(QPen(QColor(sample.edge), 1))
        painter.setBrush(QColor(sample.color))
        painter.drawRect(QRectF(x + 0.5, y - 4.5, _SAMPLE - 1, 8))
    else:
        painter.setPen(curve_pen(sample.color, sample.style))
        painter.drawLine(QPointF(x, y), QPointF(x + _SAMPLE, y))
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
        self._readout = Readout()
        self._size, self._rows = HINT_SIZE, 2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """All rows, whatever they hold."""
        return QSize(120, self._rows * row_height(self._size))

    def arrange(self, size: int, rows: int) -> None:
        """Write in type of `size` pixels, in this many rows."""
        if (size, rows) != (self._size, self._rows):
            self._size, self._rows = size, rows
            self.updateGeometry()
            self.update()

    def text(self) -> str:
        """Return the values under the cursor, or else the newest, as text."""
        if self._readout.text or self._chart is None:
            return self._readout.text
        texts = [
            " ".join(filter(None, (entry.name, entry.value, entry.note)))
            for entry in entries_of(self._chart)
        ]
        return "   ".join(filter(None, [*texts, missing_text(self._chart)]))

    def show_chart(self, chart: Chart) -> None:
        """Show the curves of `chart`."""
        self._chart = chart
        # A screen reader needs what is drawn as text.
        self.setAccessibleDescription(self.text())
        tip = literal(_MISSING_TIP.format("\n".join(chart.missing))) if chart.missing else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        self.update()

    def show_readout(self, readout: Readout) -> None:
        """Show the values under the cursor; the newest if there are none."""
        self._readout = readout
        self.setAccessibleDescription(self.text())
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries."""
        if self._chart is not None:
            with QPainter(self) as painter:
                readout = self._readout if self._readout.moment else None
                area = QRectF(self.rect())
                paint_legend(painter, area, self._chart, self._theme, self._size, readout)
