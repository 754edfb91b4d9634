"""The weights of a layer's units: one 28×28 tile a unit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from core.arrays import SIDE, Floats
from core.colors import LIGHT, Theme
from core.network.layers import Parameters
from core.wording import counted, numeral
from gui.weights.mosaic_painting import LEGEND_WIDTH, MAGNIFIED, paint_legend, paint_magnified
from gui.weights.unit_tiles import TILE, UnitTiles, coarse
from gui.weights.weight_scale import WeightScale
from gui.widgets.diverging import color_table
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.indexed_image import indexed_image, shrunken
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import SPACE


class WeightsView(PaintedWidget[int]):
    """All units of a layer in one picture, with the color scale beside it.

    Hovering a unit enlarges it. Clicking pins it, and so do the arrow keys; clicking it again, or
    Escape, lets go.

    Signals
    -------
    unit_pinned(int | None)
        By the user's hand, or because the pinned unit is no more.

    Attributes
    ----------
    scale
        From weights to colors; :meth:`redraw` after a change.
    pinned
        The unit that is outlined, or None.
    """

    unit_pinned = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(
            self,
            "weights_view",
            "Weights of the units",
            "Each tile shows what one unit looks for; click a tile to inspect the unit",
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.scale = WeightScale()
        self.pinned: int | None = None
        self._layer: Parameters | None = None
        self._wanted_order: NDArray[np.intp] | None = None
        self._order: NDArray[np.intp] | None = None
        self._tiles = UnitTiles(0, 1, QRectF())
        self._pixels: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self.apply_theme(LIGHT)

    def sizeHint(self) -> QSize:
        """As large as 8 rows of 16 tiles at two pixels a weight."""
        return QSize(16 * TILE * 2, 8 * TILE * 2)

    def minimumSizeHint(self) -> QSize:
        """Large enough to enlarge a unit beside its tile."""
        return QSize(MAGNIFIED + LEGEND_WIDTH + 2 * SPACE, 5 * SIDE)

    @property
    def units(self) -> int:
        """How many units are shown."""
        return 0 if self._layer is None else len(self._layer.b)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._colors = color_table(theme)
        self._image: QImage | None = None

    def clear(self) -> None:
        """Forget the run before; its pinned unit is no unit of the next."""
        self.hovered = self._wanted_order = None
        self.scale.forget()
        self.pin(None)

    def show_layer(self, layer: Parameters) -> None:
        """Draw W, (784, units), with b, (units,); not written to afterwards."""
        self._layer = layer
        self._describe()
        if self.hovered is not None and self.hovered >= self.units:
            self.hovered = None
        if self.pinned is not None and self.pinned >= self.units:
            self.pin(None)
        self.redraw()

    def set_order(self, order: NDArray[np.intp] | None) -> None:
        """Show the units in this order, (units,); None is that of their numbers.

        An order of more or fewer units waits until they are shown.
        """
        before, self._wanted_order = self._wanted_order, order
        is_same = order is before or (
            order is not None and before is not None and np.array_equal(order, before)
        )
        if not is_same:
            self.redraw()

    def unit_image(self, unit: int) -> tuple[Floats, NDArray[np.uint8]]:
        """Return a unit's weights, and the indices of their colors, (784,) each."""
        assert self._layer is not None
        weights = self._layer.W[:, unit]
        return weights, self.scale.indices(weights)

    def pin(self, unit: int | None) -> None:
        """Have a unit outlined, or none."""
        if unit != self.pinned:
            self.pinned = unit
            self._describe()
            self.unit_pinned.emit(unit)
        self.update()

    def _describe(self) -> None:
        pinned = "" if self.pinned is None else f"; unit {numeral(self.pinned)} is selected"
        self.setAccessibleDescription(f"{counted(self.units, 'unit')}{pinned}")

    def redraw(self) -> None:
        """Turn the weights into colors again."""
        if self._layer is None:
            return
        W, order = self._layer.W, self._wanted_order
        self._order = order = order if order is not None and len(order) == self.units else None
        self.scale.follow(W)
        area = QRectF(1, 1, self.width() - LEGEND_WIDTH - 1, self.height() - 1)
        self._tiles = UnitTiles.within(area, self.units)
        blocks, side = coarse(W, self._tiles.pitch * self.devicePixelRatio())
        units = self.scale.indices(blocks).T
        self._pixels = self._tiles.arrange(units if order is None else units[order], side)
        self._image = None
        self.update()

    # --- where things are -----------------------------------------------------------------

    def tile_rect(self, unit: int) -> QRectF:
        """Return where a unit's tile is drawn, in the widget's coordinates."""
        return self._tiles.tile_rect(self._place(unit))

    def item_at(self, position: QPointF) -> int | None:
        """Return the unit whose tile is at a position, or None."""
        place = self._tiles.place_at(position)
        return None if place is None else self._unit(place)

    def _place(self, unit: int) -> int:
        return unit if self._order is None else int(np.flatnonzero(self._order == unit)[0])

    def _unit(self, place: int) -> int:
        return place if self._order is None else int(self._order[place])

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the mosaic, the scale, and the enlarged unit."""
        painter = QPainter(self)
        if self._layer is None:
            painter.setPen(QColor(self._theme.quiet))
            text = "The weights appear as soon as a data set is loaded"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            paint_focus_ring(painter, self)
            return
        mosaic = self._tiles.rect
        painter.drawImage(mosaic, self._picture())
        beside = self.rect()
        beside.setRight(math.ceil(mosaic.right()) + LEGEND_WIDTH - 1)
        paint_legend(painter, beside, self.scale.words(), self._colors, self._theme)
        paint_focus_ring(painter, self, mosaic)
        if self.pinned is not None:
            self._paint_outline(painter, self.pinned, 2)
        if self.hovered is not None:
            self._paint_outline(painter, self.hovered, 1)
            if self.hovered != self.pinned:
                self._paint_magnified(painter, self.hovered)

    def resizeEvent(self, event: object) -> None:
        """Arrange the tiles anew."""
        self.redraw()

    def _picture(self) -> QImage:
        """Return the mosaic, not larger than it is drawn; made anew only where it has changed."""
        if self._image is None:
            self._image = indexed_image(self._pixels, self._colors)
            size = (self._tiles.rect.size() * self.devicePixelRatio()).toSize()
            if size.width() < self._image.width():
                self._image = shrunken(self._image, size)
        return self._image

    def _paint_outline(self, painter: QPainter, unit: int, width: int) -> None:
        painter.setPen(QPen(QColor(self._theme.text), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.tile_rect(unit).adjusted(-1, -1, 0, 0))

    def _paint_magnified(self, painter: QPainter, unit: int) -> None:
        assert self._layer is not None
        _, pixels = self.unit_image(unit)
        image = indexed_image(pixels.reshape(SIDE, SIDE), self._colors)
        words = f"unit {unit}, bias {numeral(self._layer.b[unit], '+.3f')}"
        area = self.rect().adjusted(0, 0, -LEGEND_WIDTH, 0)
        paint_magnified(painter, self.tile_rect(unit), area, image, words, self._theme)

    # --- the mouse and the keys -------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pin the unit under the mouse; pressing it again, or no unit, unpins."""
        unit = self.item_at(event.position())
        self.pin(None if unit == self.pinned else unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pin another unit, in the order that is shown."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._tiles.columns,
            Qt.Key.Key_Down: self._tiles.columns,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.pinned is not None:
            self.pin(None)
        elif key in steps and self.units:
            place = 0 if self.pinned is None else self._place(self.pinned) + steps[key]
            if 0 <= place < self.units:
                self.pin(self._unit(place))
        else:
            super().keyPressEvent(event)
