"""A line in a live plot."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gui.curves.curve_legend import LegendKey
from gui.widgets.theme import Theme


class Curve:
    """A line that changes at every frame.

    It is one of Qt's own path items, which Qt draws without asking Python: pyqtgraph's curve items
    are asked for their bounds twenty times a frame, which took longer than drawing everything.

    Parameters
    ----------
    title
        In the legend.
    token
        Its color, a field of :class:`gui.widgets.theme.Theme`.

    Attributes
    ----------
    item, key
        What the plot and its legend show.
    is_listed
        Whether the legend has it.
    x, y
        float64, (points,), as last set.
    """

    def __init__(self, title: str, token: str, style: Qt.PenStyle) -> None:
        self.title = title
        self.item = QGraphicsPathItem()
        self.key = LegendKey()
        self.is_listed = False
        self.x: NDArray[np.float64] = np.empty(0)
        self.y: NDArray[np.float64] = np.empty(0)
        self._token = token
        self._style = style

    def set_data(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Draw through the points (x, y), which must be finite; both (points,)."""
        self.x, self.y = x, y
        self.item.setPath(curve_path(x, y))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        pen = curve_pen(getattr(theme, self._token), self._style)
        self.item.setPen(pen)
        self.key.pen = pen


def envelope(
    x: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a line that goes from low to high at each place, (2·n,) each."""
    return np.repeat(x, 2), np.column_stack((low, high)).ravel()


def curve_path(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPainterPath:
    """Return a line through the points (x, y), which must be finite; both (points,)."""
    path: QPainterPath = pg.arrayToQPath(x, y, connect="all", finiteCheck=False)
    return path


def curve_pen(color: str, style: Qt.PenStyle) -> QPen:
    """Return a pen of width 1 that is not antialiased: any other takes many times as long."""
    pen: QPen = pg.mkPen(QColor(color), width=1, style=style)
    return pen
