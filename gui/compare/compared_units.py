"""The hidden units whose activations differ most between the two networks, each as two images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from core.arrays import SIDE
from core.colors import LIGHT, Theme
from core.inspection.network_comparison import ImageComparison, LayerComparison
from core.inspection.unit_views import backprojected_weights
from core.network.network import Network
from core.wording import numeral
from gui.weights.weight_scale import WeightScale
from gui.widgets.diverging import color_table
from gui.widgets.indexed_image import indexed_image
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, SPACE, tabular

_IMAGE = 2 * SIDE
_GAP = 3
_PAIR = 2 * _IMAGE + _GAP
"""Width of a unit: its two images, and the gap between them."""
_LINE = 16
_PITCH_X, _PITCH_Y = _PAIR + 3 * SPACE, _IMAGE + _LINE + 2 * SPACE
_BETWEEN_LAYERS = 2 * SPACE

Images = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ComparedUnits:
    """The units of one hidden layer, as images.

    Attributes
    ----------
    layer
        Which units, and their activations.
    left, right
        uint8, (units, 28, 28), indices of colors: what each looks for in either network.
    """

    layer: LayerComparison
    left: Images
    right: Images


def units_of(comparison: ImageComparison) -> tuple[ComparedUnits, ...]:
    """Return the images of the units that differ most, layer by layer."""
    return tuple(
        ComparedUnits(
            layer,
            _images(comparison.a.network, layer),
            _images(comparison.b.network, layer),
        )
        for layer in comparison.layers
    )


def _images(network: Network, layer: LayerComparison) -> Images:
    """Return what the units look for, in the colors of a scale for each."""
    if not len(layer.units):  # there may be no such layer
        return np.zeros((0, SIDE, SIDE), np.uint8)
    W = backprojected_weights(network, layer.layer, layer.units)
    scale = WeightScale()
    scale.kind = "unit"
    scale.follow(W)
    return scale.indices(W).T.reshape(-1, SIDE, SIDE)


class UnitPairs(PaintedWidget[tuple[int, int]]):
    """Draws, for each layer, a line and its units in rows; as high as they need."""

    def __init__(self) -> None:
        super().__init__()
        named(
            self,
            "compared_units",
            "Units that differ most",
            "Hidden units whose activations for the drawing differ most: what each looks for, on "
            "the left and on the right, and its activation there",
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self.setMouseTracking(True)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self.shown: tuple[ComparedUnits, ...] = ()
        self._is_one_run = True
        self.apply_theme(LIGHT)

    def show_units(self, units: tuple[ComparedUnits, ...], is_one_run: bool) -> None:
        """Show the units of each layer; those of two runs have only their numbers in common."""
        self.shown, self._is_one_run = units, is_one_run
        lines = [self.heading(of_layer.layer) for of_layer in units]
        words = [
            self.words(layer, place)
            for layer, of_layer in enumerate(units)
            for place in range(len(of_layer.layer.units))
        ]
        self.setAccessibleDescription("; ".join([*lines, *words]))
        self._fit()
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._colors = color_table(theme)

    def heading(self, layer: LayerComparison) -> str:
        """Return the line above the units of a layer, which says why there are none."""
        name = f"Layer {layer.layer}"
        left, right = layer.sizes
        if not left or not right:
            return f"{name}: only on the {'right' if right else 'left'}"
        if left != right:
            return f"{name}: {numeral(left)} and {numeral(right)} units, not compared"
        if not len(layer.units):
            return f"{name}: no unit to compare"
        return f"{name}: most different units, left → right"

    def words(self, layer: int, place: int) -> str:
        """Describe a unit by its place among those of a layer."""
        of_layer = self.shown[layer].layer
        left, right = (numeral(a[place], ".3g") for a in (of_layer.a, of_layer.b))
        text = (
            f"Layer {of_layer.layer}, unit {numeral(of_layer.units[place])}: activation {left} on "
            f"the left, {right} on the right"
        )
        alike = "In two runs, units of the same number are alike only by chance"
        return text if self._is_one_run else f"{text}. {alike}"

    # --- where things are -------------------------------------------------------------------

    @property
    def _columns(self) -> int:
        return max((self.width() + 3 * SPACE) // _PITCH_X, 1)

    def _tops(self) -> list[int]:
        """Return where each layer begins, and where the last one ends."""
        tops = [0]
        for of_layer in self.shown:
            rows = -(-len(of_layer.layer.units) // self._columns)
            tops.append(tops[-1] + _LINE + rows * _PITCH_Y + _BETWEEN_LAYERS)
        return tops

    def _fit(self) -> None:
        self.setMinimumHeight(max(self._tops()[-1] - _BETWEEN_LAYERS, 0))

    def pair_rect(self, layer: int, place: int) -> QRect:
        """Return where the two images of a unit are."""
        row, column = divmod(place, self._columns)
        top = self._tops()[layer] + _LINE + SPACE + row * _PITCH_Y
        return QRect(1 + column * _PITCH_X, top, _PAIR, _IMAGE)

    def item_at(self, position: QPointF) -> tuple[int, int] | None:
        """Return layer and place of the unit at a position, or None."""
        point = position.toPoint()
        for layer, of_layer in enumerate(self.shown):
            for place in range(len(of_layer.layer.units)):
                if self.pair_rect(layer, place).adjusted(0, 0, 0, _LINE).contains(point):
                    return layer, place
        return None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Describe the unit at a position."""
        item = self.item_at(position)
        return None if item is None else (self.words(*item), self.pair_rect(*item))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that goes with the width."""
        super().resizeEvent(event)
        self._fit()

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in sight."""
        painter = QPainter(self)
        painter.setFont(self._font)
        tops, seen = self._tops(), event.rect()
        for layer, of_layer in enumerate(self.shown):
            painter.setPen(QColor(self._theme.quiet))
            line = QRect(0, tops[layer], self.width(), _LINE)
            text = painter.fontMetrics().elidedText(
                self.heading(of_layer.layer), Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
            for place in range(len(of_layer.layer.units)):
                if self.pair_rect(layer, place).adjusted(0, 0, 0, _LINE).intersects(seen):
                    self._paint_unit(painter, layer, place)

    def _paint_unit(self, painter: QPainter, layer: int, place: int) -> None:
        of_layer, rect = self.shown[layer], self.pair_rect(layer, place)
        for x, images in ((0, of_layer.left), (_IMAGE + _GAP, of_layer.right)):
            square = QRect(rect.left() + x, rect.top(), _IMAGE, _IMAGE)
            painter.drawImage(square, indexed_image(images[place], self._colors))
            painter.setPen(QColor(self._theme.hairline))
            painter.drawRect(square.adjusted(-1, -1, 0, 0))
        left, right = (numeral(a[place], ".2f") for a in (of_layer.layer.a, of_layer.layer.b))
        below = QRectF(rect.left(), rect.bottom() + 2, rect.width(), _LINE)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{left} → {right}")
        painter.setPen(QColor(self._theme.quiet))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, numeral(of_layer.layer.units[place]))
