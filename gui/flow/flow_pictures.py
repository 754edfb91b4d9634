"""The diagram of the flow as two pictures, kept while only what lies over them changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from core.inspection.flow import Edges
from gui.flow.flow_layout import FlowLayout
from gui.flow.flow_painter import FlowPainter
from gui.flow.flow_trace import Shown


class FlowPictures:
    """Draws the units, and the edges that lie over them, when they are not drawn yet."""

    def __init__(self) -> None:
        self._pictures: tuple[QPixmap, QPixmap] | None = None
        self._are_drawn = False

    def forget(self) -> None:
        """Draw both anew the next time."""
        self._are_drawn = False

    def draw(
        self,
        view: QWidget,
        style: FlowPainter,
        flow: Shown,
        edges: Sequence[Edges],
        layout: FlowLayout,
    ) -> tuple[QPixmap, QPixmap]:
        """Return the units and the edges, as large as `view`."""
        ratio = view.devicePixelRatio()
        pixels = view.size() * ratio
        # Their memory is kept: to have it given anew takes as long as to draw a layer's edges.
        if self._pictures is None or self._pictures[0].size() != pixels:
            self._pictures = QPixmap(pixels), QPixmap(pixels)
            self._are_drawn = False
        if self._are_drawn:
            return self._pictures
        for picture in self._pictures:
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
        units, wires = self._pictures
        with QPainter(units) as painter:
            style.paint_units(painter, flow, layout)
        with QPainter(wires) as painter:
            style.paint_all_edges(painter, layout, edges)
        self._are_drawn = True
        return self._pictures
