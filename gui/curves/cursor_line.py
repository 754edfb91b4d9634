"""The vertical line under the mouse in a plot, and the values there as text."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy

from gui.widgets.live_text import LiveText
from gui.widgets.theme import HINT_SIZE, Theme, tabular


class CursorLine(QObject):
    """Follows the mouse.

    Parameters
    ----------
    plot
        Where the line is.
    text_at
        Returns two lines of text on a place in the plot, given as x and y.

    Attributes
    ----------
    values
        Shows the text; the owner lays it out with the plot.
    """

    def __init__(self, plot: pg.PlotWidget, text_at: Callable[[float, float], str]) -> None:
        super().__init__(plot)
        self._plot = plot
        self._text_at = text_at
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.hide()
        plot.addItem(self._line, ignoreBounds=True)
        plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        plot.viewport().installEventFilter(self)
        self.values = LiveText("\n", HINT_SIZE, Qt.AlignmentFlag.AlignLeft, quiet=True)
        self.values.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = tabular(self.values.font())
        font.setPixelSize(HINT_SIZE)
        self._metrics = QFontMetrics(font)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._line.setPen(pg.mkPen(theme.quiet, width=1))

    @Slot(object)
    def _on_mouse_moved(self, position: QPointF) -> None:
        if not self._plot.getPlotItem().sceneBoundingRect().contains(position):
            self._hide()
            return
        place = self._plot.getViewBox().mapSceneToView(position)
        self._line.setPos(place.x())
        self._line.show()
        lines = self._text_at(place.x(), place.y()).split("\n")
        self.values.set_text("\n".join(self._fitted(line) for line in lines))

    def _fitted(self, line: str) -> str:
        """Return a line, cut short in its middle if it does not fit."""
        middle = Qt.TextElideMode.ElideMiddle
        return self._metrics.elidedText(line, middle, self.values.width())

    def _hide(self) -> None:
        self._line.hide()
        self.values.set_text("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide the line when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hide()
        return super().eventFilter(watched, event)
