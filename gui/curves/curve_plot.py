"""One plot of the window: its title, its legend with the newest values, and its chart."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.colors import Theme
from gui.curves.chart import Chart
from gui.curves.chart_canvas import ChartCanvas
from gui.curves.legend import Legend
from gui.curves.readout import Readout
from gui.widgets.labels import label
from gui.widgets.painted_interface import show_as


class CurvePlot(QWidget):
    """A title, with room for controls beside it, the legend, and the chart.

    Parameters
    ----------
    title
        Of the plot.
    name
        objectName of the chart.

    Attributes
    ----------
    header, heading
        The row of the title, to which the owner adds controls, and the title.
    legend, canvas
        Show the same chart.

    Signals
    -------
    resized
        The plot has another size.
    """

    resized = Signal()

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.heading = label(title, "title")
        self.heading.setMinimumHeight(24)  # that of a button beside it, so that all plots align
        self.header.addWidget(self.heading)
        self.header.addStretch(1)
        self.legend = Legend()
        self.legend.setObjectName(f"{name}_values")
        self.legend.setAccessibleName(f"{title}: values")
        self.canvas = ChartCanvas()
        self.canvas.setObjectName(name)
        self.canvas.setAccessibleName(title)
        show_as(self.legend, QAccessible.Role.StaticText)
        show_as(self.canvas, QAccessible.Role.Chart, self.legend.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.header)
        layout.addWidget(self.legend)
        layout.addWidget(self.canvas, 1)

    @property
    def chart(self) -> Chart:
        """What is shown."""
        return self.canvas.chart

    def show_chart(self, chart: Chart, is_whole: bool) -> None:
        """Show this chart; `is_whole` says whether all of the run is in view."""
        self.canvas.show_chart(chart, is_whole)
        self.legend.show_chart(chart)

    def show_cursor(self, x: float | None, readout: Readout) -> None:
        """Show the cursor at a place on the x axis, and these values above the chart."""
        self.canvas.show_cursor(x, readout)
        self.legend.show_readout(readout)

    def arrange(self, size: int, legend_rows: int) -> None:
        """Write in type of `size` pixels, and keep room for this many rows of the legend."""
        self.canvas.set_type_size(size)
        self.legend.arrange(size, legend_rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the owner, who arranges all plots alike."""
        super().resizeEvent(event)
        self.resized.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.canvas.apply_theme(theme)
        self.legend.apply_theme(theme)
