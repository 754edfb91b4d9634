"""Marks in a plot where the network was resized while it learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from core.settings.config import NetworkConfig
from core.training.checkpoint import Change
from gui.curves.curve import curve_pen
from gui.curves.curve_legend import CurveLegend, LegendKey
from gui.widgets.theme import Theme


@dataclass(frozen=True)
class Resize:
    """At `step`, the network `before` became the network `after`."""

    step: int
    before: NetworkConfig
    after: NetworkConfig

    def __str__(self) -> str:
        before, after = str(self.before), str(self.after)
        if before == after:
            before, after = (", ".join(net.layer_activations) for net in (self.before, self.after))
        return f"{before} became {after} at step {self.step:,}"


def resizes(changes: Sequence[Change]) -> list[Resize]:
    """Return where the network changed, oldest first; changes at the same step are one."""
    found: dict[int, Resize] = {}
    for old, new in pairwise(changes):
        if new.network != old.network:
            before = found[new.step].before if new.step in found else old.network
            found[new.step] = Resize(new.step, before, new.network)
    return [resize for resize in found.values() if resize.before != resize.after]


class Marks:
    """Vertical dotted lines over the whole height of a plot, in one item."""

    def __init__(self, plot: pg.PlotWidget, legend: CurveLegend) -> None:
        self.item = QGraphicsPathItem()
        self.x: NDArray[np.float64] = np.empty(0)
        self._resizes: Sequence[Resize] = ()
        self._view = plot.getViewBox()
        self._view.addItem(self.item, ignoreBounds=True)
        self._view.sigYRangeChanged.connect(self._draw)
        self._legend = legend
        self._key = LegendKey(is_upright=True)

    def show(self, resizes: Sequence[Resize], x: NDArray[np.float64]) -> None:
        """Mark these changes, which lie at `x`, (changes,)."""
        if bool(resizes) != bool(self._resizes):
            if resizes:
                self._legend.add(self._key, "resized")
            else:
                self._legend.remove(self._key)
        self._resizes = resizes
        if not np.array_equal(x, self.x):
            self.x = x
            self._draw()

    def text_near(self, x: float, reach: float) -> str:
        """Return the change within `reach` of `x` on the x axis as text; "" if there is none."""
        if not len(self.x):
            return ""
        nearest = int(np.abs(self.x - x).argmin())
        return str(self._resizes[nearest]) if abs(self.x[nearest] - x) <= reach else ""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        pen = curve_pen(theme.quiet, Qt.PenStyle.DotLine)
        self.item.setPen(pen)
        self._key.pen = pen

    @Slot()
    def _draw(self) -> None:
        _, (low, high) = self._view.viewRange()
        path = QPainterPath()
        for x in self.x:
            path.moveTo(x, low)
            path.lineTo(x, high)
        self.item.setPath(path)
