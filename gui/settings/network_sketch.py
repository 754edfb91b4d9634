"""A small picture of the network, whose layers lie beside their sliders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.wording import numeral
from gui.widgets.painted_interface import show_as

_WIDTH = 40
_NARROWEST, _WIDEST = 6.0, 34.0
"""Widths of a layer of one unit and of one of 4,096, on a scale of powers."""
_LARGEST = 4096


class NetworkSketch(QWidget):
    """A line for each layer, from the input above to the output below, and what connects them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("network_sketch")
        show_as(self, QAccessible.Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._layers: list[tuple[QWidget, int]] = []

    def sizeHint(self) -> QSize:
        """As wide as the widest layer."""
        return QSize(_WIDTH, 0)

    def show_layers(self, beside: Sequence[QWidget], sizes: Sequence[int]) -> None:
        """Draw a layer beside each of these widgets, which have the same parent as the picture."""
        self._layers = list(zip(beside, sizes, strict=True))
        words = ", ".join(f"{numeral(size)}" for size in sizes)
        self.setAccessibleName(f"The network: layers of {words} units")
        self.setToolTip(
            "\N{RIGHTWARDS ARROW}".join(f"{numeral(size)}" for size in sizes) + " units"
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the connections, and the layers over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, role = self.palette().color, QPalette.ColorRole
        lines = [self._line(widget, units) for widget, units in self._layers]
        painter.setPen(QPen(color(role.Midlight), 0))
        painter.setBrush(color(role.Midlight))
        for above, below in pairwise(lines):
            painter.drawPolygon(QPolygonF([above.p1(), above.p2(), below.p2(), below.p1()]))
        for index, line in enumerate(lines):
            is_hidden = 0 < index < len(lines) - 1
            painter.setPen(QPen(color(role.Highlight if is_hidden else role.PlaceholderText), 4))
            painter.drawLine(line)

    def _line(self, widget: QWidget, units: int) -> QLineF:
        share = math.log2(max(units, 1)) / math.log2(_LARGEST)
        half = (_NARROWEST + (_WIDEST - _NARROWEST) * min(share, 1)) / 2
        y = widget.geometry().center().y() - self.y()
        middle = self.width() / 2
        return QLineF(QPointF(middle - half, y), QPointF(middle + half, y))
