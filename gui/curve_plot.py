"""One plot with axes, a legend, and the exact values under the cursor."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.curve import Curve
from gui.labels import label
from gui.live_text import LiveText
from gui.theme import HINT_SIZE, LIGHT, Theme

_LOG_TICKS = [
    (math.log10(digit) + exponent, f"{digit * 10.0**exponent:g}")
    for exponent in range(-6, 6)
    for digit in (1, 2, 5)
]

_ROOM = 1.2
"""How far the x axis goes beyond the newest step when it is set anew."""

Readout = Callable[[float], str]


class CurvePlot(QWidget):
    """A title, a pyqtgraph plot, and two lines for the values under the cursor.

    The plot follows the run until the user zooms or pans; a double click follows again.

    Parameters
    ----------
    name
        objectName of the plot.
    readout
        Returns the text for a position on the x axis.
    legend_offset
        Pixels from the left and top of the plot, or from the right and bottom where negative.
    """

    def __init__(
        self,
        title: str,
        y_title: str,
        name: str,
        readout: Readout,
        legend_offset: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._readout = readout
        self._curves: list[Curve] = []
        self._theme = LIGHT
        self.is_following = True
        self._right = 0.0

        self.plot = pg.PlotWidget()
        self.plot.setObjectName(name)
        self.plot.setAccessibleName(title)
        self._view = self.plot.getViewBox()
        self._make_axes(y_title)
        self._legend = self.plot.addLegend(offset=legend_offset, verSpacing=-6)
        self._legend.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self._listen()

        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        heading = label(title, "title")
        heading.setMinimumHeight(24)  # that of a button beside it, so that all plots align
        self.header.addWidget(heading)
        self.header.addStretch(1)
        self.values = LiveText("\n", HINT_SIZE, Qt.AlignmentFlag.AlignLeft, quiet=True)
        self.values.setObjectName(f"{name}_values")
        self.values.setAccessibleName(f"{title} under the cursor")
        self.values.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.header)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.values)

    def _make_axes(self, y_title: str) -> None:
        self.plot.setLabel("bottom", "step")
        self.plot.setLabel("left", y_title)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # Ticks and grid change rarely; without a cache they take half of each frame's time.
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # Fixed, because an axis that measures its labels paints everything a second time.
        self.plot.getAxis("left").setWidth(60)
        self.plot.getAxis("bottom").setHeight(40)
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        # Nothing here is antialiased.
        self.plot.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        # The items are few and change all the time, so an index of them only costs.
        self.plot.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)

    def _listen(self) -> None:
        self.plot.setToolTip("Wheel or drag to zoom and pan; double-click to follow the run again")
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self._view.disableAutoRange()
        self._view.sigRangeChangedManually.connect(self._on_range_changed)
        self.plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.plot.viewport().installEventFilter(self)

    def add_curve(
        self, title: str, token: str, style: Qt.PenStyle, is_listed: bool = True
    ) -> Curve:
        """Add a curve in the theme's color `token`, and to the legend if it `is_listed`."""
        curve = Curve(title, token, style)
        self._view.addItem(curve.item, ignoreBounds=True)
        self._curves.append(curve)
        self.list_curve(curve, is_listed)
        return curve

    def list_curve(self, curve: Curve, is_listed: bool) -> None:
        """Put a curve into the legend, or take it out."""
        if is_listed == curve.is_listed:
            return
        curve.is_listed = is_listed
        if is_listed:
            self._legend.addItem(curve.sample, curve.title)
            self._color_legend()
        else:
            self._legend.removeItem(curve.sample)

    def set_log_scale(self, on: bool) -> None:
        """Label the y axis for curves whose y are logarithms."""
        self.plot.getAxis("left").setTicks([_LOG_TICKS] if on else None)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`; pyqtgraph knows nothing of palettes."""
        self._theme = theme
        self.plot.setBackground(theme.surface)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.control)
            axis.setTextPen(theme.quiet)
        self._cursor.setPen(pg.mkPen(theme.quiet, width=1))
        for curve in self._curves:
            curve.apply_theme(theme)
        self._color_legend()

    def _color_legend(self) -> None:
        paper = QColor(self._theme.surface)
        paper.setAlphaF(0.8)
        self._legend.setBrush(paper)
        for _sample, text in self._legend.items:
            text.setText(text.text, color=self._theme.text)

    def follow(self, steps: int, low: float, high: float) -> None:
        """Show the whole run so far, unless the user looks at a part of it.

        The x axis has room for more, so that it stays still for a while.
        """
        if self.is_following:
            (_, right), present = self._view.viewRange()
            if not steps <= right <= _ROOM * steps:
                right = max(_ROOM * steps, 10)
            # Setting the same range again would draw the axes again.
            if (right, low, high) != (self._right, *present):
                self._right = right
                self._view.setRange(xRange=(0, right), yRange=(low, high), padding=0)

    @property
    def width_in_pixels(self) -> int:
        """Width of the part of the plot that holds the curves."""
        return max(int(self._view.width()), 100)

    def visible_steps(self) -> tuple[int, int]:
        """Return the first and last step that is in view."""
        (left, right), _ = self._view.viewRange()
        return int(np.floor(left)), int(np.ceil(right)) + 1

    @Slot()
    def _on_range_changed(self) -> None:
        self.is_following = False

    @Slot(object)
    def _on_mouse_moved(self, position: QPointF) -> None:
        if not self.plot.getPlotItem().sceneBoundingRect().contains(position):
            self._hide_cursor()
            return
        x = self._view.mapSceneToView(position).x()
        self._cursor.setPos(x)
        self._cursor.show()
        self.values.set_text(self._readout(x))

    def _hide_cursor(self) -> None:
        self._cursor.hide()
        self.values.set_text("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow again on a double click; hide the cursor line when the mouse leaves."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.is_following = True
            return True
        if event.type() == QEvent.Type.Leave:
            self._hide_cursor()
        return super().eventFilter(watched, event)


def envelope(
    x: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a line that goes from low to high in each bucket, (2·buckets,) each."""
    return np.repeat(x, 2), np.column_stack((low, high)).ravel()


def running_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the mean of each value and the up to `width` - 1 before it, (n,)."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    end = np.arange(1, len(values) + 1)
    begin = np.maximum(end - width, 0)
    return np.asarray((total[end] - total[begin]) / (end - begin))
