"""One plot with axes, a legend, and the exact values under the cursor."""

from __future__ import annotations

import math
from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from gui.curves.cursor_line import CursorLine
from gui.curves.curve import Curve
from gui.curves.curve_legend import CurveLegend
from gui.curves.marks import Marks
from gui.curves.overlays import Overlays
from gui.widgets.labels import label
from gui.widgets.theme import Theme

_LOG_TICKS = [
    (math.log10(digit) + exponent, f"{digit * 10.0**exponent:g}")
    for exponent in range(-6, 6)
    for digit in (1, 2, 5)
]

_ROOM = 1.2
"""When the x axis is extended, it ends at this multiple of the newest step."""

_ROOM_FOR_OTHERS = 1.02
"""The same for overlaid runs, which do not grow."""

_NEAR_A_MARK = 5
"""Pixels from the cursor."""

_Readout = Callable[[float], str]


class CurvePlot(QWidget):
    """A title, a pyqtgraph plot, and two lines for the values under the cursor.

    The plot follows the run until the user zooms or pans; a double click follows again.

    Parameters
    ----------
    name
        objectName of the plot.
    readout
        Returns the text for a position on the x axis.
    form
        Formats a value.
    legend_offset
        Pixels from the left and top of the plot, or from the right and bottom where negative.

    Attributes
    ----------
    overlays, marks
        The curves of other runs, and where the network was resized.
    is_following
        Whether the ranges of both axes follow the run.

    Signals
    -------
    view_changed()
        The user zoomed or panned: another part must be drawn, at its own resolution.
    """

    view_changed = Signal()

    def __init__(
        self,
        title: str,
        y_title: str,
        name: str,
        readout: _Readout,
        form: Callable[[float], str],
        legend_offset: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._readout = readout
        self._curves: list[Curve] = []
        self.is_following = True
        self._right = 0.0
        self._x_title = ""

        self.plot = pg.PlotWidget()
        self.plot.setObjectName(name)
        self.plot.setAccessibleName(title)
        self._view = self.plot.getViewBox()
        self._make_axes(y_title)
        self.legend = CurveLegend(self.plot, legend_offset)
        self.marks = Marks(self.plot, self.legend)
        self.overlays = Overlays(self._add_item, self.legend, form)
        self._cursor = CursorLine(self.plot, self.text_at)
        self._listen()

        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        heading = label(title, "title")
        heading.setMinimumHeight(24)  # that of a button beside it, so that all plots align
        self.header.addWidget(heading)
        self.header.addStretch(1)
        self.values = self._cursor.values
        self.values.setObjectName(f"{name}_values")
        self.values.setAccessibleName(f"{title} under the cursor")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.header)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.values)

    def _make_axes(self, y_title: str) -> None:
        self.plot.setLabel("left", y_title)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            # Ticks and grid change rarely; without a cache they take half of each frame's time.
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # Fixed, because an axis that measures its labels paints everything twice.
        self.plot.getAxis("left").setWidth(60)
        self.plot.getAxis("bottom").setHeight(40)
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        # Nothing here is antialiased.
        self.plot.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        # The items are few and change all the time, so an index would only cost time.
        self.plot.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)

    def _listen(self) -> None:
        self.plot.setToolTip("Wheel or drag to zoom and pan; double-click to follow the run again")
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self._view.disableAutoRange()
        self._view.sigRangeChangedManually.connect(self._on_range_changed)
        self.plot.viewport().installEventFilter(self)

    def add_curve(
        self, title: str, token: str, style: Qt.PenStyle, is_listed: bool = True
    ) -> Curve:
        """Add a curve in the theme's color `token`, and to the legend if it `is_listed`."""
        curve = Curve(title, token, style)
        self._add_item(curve.item)
        self._curves.append(curve)
        self.list_curve(curve, is_listed)
        return curve

    def _add_item(self, item: QGraphicsItem) -> None:
        self._view.addItem(item, ignoreBounds=True)

    def list_curve(self, curve: Curve, is_listed: bool) -> None:
        """Put a curve into the legend, or take it out."""
        if is_listed == curve.is_listed:
            return
        curve.is_listed = is_listed
        if is_listed:
            self.legend.add(curve.key, curve.title)
        else:
            self.legend.remove(curve.key)

    def set_x_title(self, title: str) -> None:
        """Say what the x axis is."""
        if title != self._x_title:
            self._x_title = title
            axis = self.plot.getAxis("bottom")
            axis.setLabel(title)
            axis.resizeEvent()  # or it stays where the previous title began

    def set_log_scale(self, on: bool) -> None:
        """Label the y axis for curves whose y are logarithms."""
        self.plot.getAxis("left").setTicks([_LOG_TICKS] if on else None)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`; pyqtgraph knows nothing of palettes."""
        self.plot.setBackground(theme.surface)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.control)
            axis.setTextPen(theme.quiet)
        self._cursor.apply_theme(theme)
        for curve in self._curves:
            curve.apply_theme(theme)
        self.marks.apply_theme(theme)
        self.legend.apply_theme(theme)

    def follow(self, end: float, shortest: float, low: float, high: float) -> None:
        """Show the whole run so far, and the others, unless the user has zoomed in.

        The x axis is a little longer than the run, so that it does not move at every frame.

        Parameters
        ----------
        end
            End of the run on the x axis.
        shortest
            Shortest length of the axis.
        low, high
            Range of the y axis.
        """
        if self.is_following:
            (left, right), present = self._view.viewRange()
            most = max(_ROOM * end, _ROOM_FOR_OTHERS * self.overlays.end)
            if not max(end, self.overlays.end) <= right <= most:
                right = max(most, shortest)
            # Setting the same range again would draw the axes again.
            if (left, right, low, high) != (0, self._right, *present):
                self._right = right
                self._view.setRange(xRange=(0, right), yRange=(low, high), padding=0)

    @property
    def width_in_pixels(self) -> int:
        """Width of the part of the plot that holds the curves."""
        return max(int(self._view.width()), 100)

    def visible_range(self) -> tuple[float, float]:
        """Return the visible part of the x axis."""
        (left, right), _ = self._view.viewRange()
        return left, right

    @Slot()
    def _on_range_changed(self) -> None:
        self.is_following = False
        self.view_changed.emit()

    def text_at(self, x: float, y: float) -> str:
        """Return two lines: the values of the run at a place, and those of what is near.

        A mark or another run's curve nearby replaces the second line.
        """
        first, _, second = self._readout(x).partition("\n")
        width, height = self._view.viewPixelSize()
        near = self.marks.text_near(x, _NEAR_A_MARK * width)
        near = near or self.overlays.text_near(x, y, height)
        return f"{first}\n{near or second}"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow again on a double click."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.is_following = True
            self.view_changed.emit()
            return True
        return super().eventFilter(watched, event)
