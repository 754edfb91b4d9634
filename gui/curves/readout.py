"""The values under the cursor, of all curves, and the cursor itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from core.colors import Theme
from gui.curves.chart_frame import ChartFrame
from gui.curves.chart_painter import figure_font
from gui.widgets.theme import SPACE

_KEYS = ("← → values · ↑ ↓ zoom · Ctrl+← → move · Home: all", "← → values · ↑ ↓ zoom · Home: all")
_MOUSE = ("Drag: move · Ctrl+wheel: zoom · double-click: all", "Drag: move · double-click: all")
"""How to get about, below the plot."""

_Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class ReadoutRow:
    """A curve and its value.

    Attributes
    ----------
    spread
        The least and the largest value, where it is a mean of several steps.
    note
        Which step the value is of, if of an earlier one.
    """

    name: str
    value: str
    spread: str = ""
    note: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.value, self.spread, self.note)))


@dataclass(frozen=True)
class Readout:
    """The values at a place on the x axis.

    Attributes
    ----------
    moment
        Which place it is.
    marks
        What happened to the network there.
    rows
        Of the live run.
    others
        Values of the other runs by their names: of training and of tests.
    """

    moment: str = ""
    marks: Sequence[str] = ()
    rows: Sequence[ReadoutRow] = ()
    others: Sequence[tuple[str, Sequence[str]]] = ()

    @property
    def text(self) -> str:
        """All of it, in lines."""
        others = (" ".join((name, "   ".join(values))) for name, values in self.others)
        return "\n".join(filter(None, (self.moment, *self.marks, *map(str, self.rows), *others)))


def paint_cursor(
    painter: QPainter, frame: ChartFrame, x: float, readout: Readout, theme: Theme
) -> None:
    """Paint the cursor's line at pixel `x`, and below the plot which place it is."""
    plot, row = frame.plot, frame.title_row
    painter.setPen(QPen(QColor(theme.text), 1))
    painter.drawLine(QLineF(x, plot.top(), x, plot.bottom() + SPACE))
    if not readout.moment:
        return
    painter.setFont(figure_font(frame.size, QFont.Weight.DemiBold))
    metrics = painter.fontMetrics()
    most = frame.area.width() - 4 * SPACE
    whole = " · ".join((readout.moment, *readout.marks))
    texts = (whole, *readout.marks, readout.moment)
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= most)
    text = next(fitting, metrics.elidedText(whole, Qt.TextElideMode.ElideRight, int(most)))
    width = metrics.horizontalAdvance(text) + 2 * SPACE
    left = min(max(x - width / 2, frame.area.left()), frame.area.right() - width)
    painter.fillRect(row, QColor(theme.surface))
    room = QRectF(left, row.top(), width, row.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(room, SPACE, SPACE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(theme.text))
    painter.drawText(room, _Align.AlignCenter, text)


def paint_hint(painter: QPainter, frame: ChartFrame, has_focus: bool, theme: Theme) -> None:
    """Write which keys and drags move the view, instead of the x title, if there is room."""
    row = frame.title_row
    painter.setFont(figure_font(frame.size))
    measure = painter.fontMetrics().horizontalAdvance
    fitting = (text for text in (_KEYS if has_focus else _MOUSE) if measure(text) <= row.width())
    if not frame.is_low and (text := next(fitting, "")):
        painter.fillRect(row, QColor(theme.surface))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(row, _Align.AlignCenter, text)
