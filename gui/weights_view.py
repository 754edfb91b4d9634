"""The first layer's weights: one 28×28 tile a unit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.datasets.dataset import SIDE
from core.layers import Layer
from core.snapshot import Snapshot
from gui.diverging import color_indices, color_table
from gui.theme import LIGHT, SPACE, Theme

_TILE = SIDE + 1
"""A tile and the gap after it, in image pixels."""
_MAGNIFIED = 7 * SIDE
"""Side of the enlarged unit, in logical pixels."""
_LEGEND_WIDTH = 64
_SATURATION = 3.0
"""The colour scale ends at this many times the weights' root mean square, rounded up: a few
outliers saturate, and the many small weights stay visible."""


class WeightsView(QWidget):
    """All units of the first layer on one symmetric colour scale, with the scale beside them.

    Hovering a unit enlarges it; clicking pins it, so that one can watch it learn.

    Attributes
    ----------
    scale_limit
        The weight that has the end's colour; 0 while nothing is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weights_view")
        self.setAccessibleName("Weights of the first layer")
        self.setToolTip("Each tile is what one unit looks for; click a tile to keep it enlarged")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._layer: Layer | None = None
        self._theme = LIGHT
        self._colors = color_table(LIGHT)
        self.scale_limit = 0.0
        self._columns = self._rows = 1
        self._pixels: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self.hovered_unit: int | None = None
        self.pinned_unit: int | None = None

    def sizeHint(self) -> QSize:
        """As large as 8 rows of 16 tiles at two pixels a weight."""
        return QSize(16 * _TILE * 2, 8 * _TILE * 2)

    def minimumSizeHint(self) -> QSize:
        """Large enough to enlarge a unit."""
        return QSize(_MAGNIFIED + _LEGEND_WIDTH + 60, _MAGNIFIED + 30)

    @property
    def units(self) -> int:
        """How many units are shown."""
        return 0 if self._layer is None else len(self._layer.b)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._colors = color_table(theme)
        self.update()

    @Slot()
    def clear(self) -> None:
        """Forget the run before; its pinned unit is no unit of the next."""
        self.pinned_unit = self.hovered_unit = None
        self.scale_limit = 0.0

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the weights as they are now."""
        self._layer = snapshot.network.layers[0]
        if self.pinned_unit is not None and self.pinned_unit >= self.units:
            self.pinned_unit = None
        self._make_pixels()
        self.update()

    # --- from weights to an image ---------------------------------------------------------

    def _make_pixels(self) -> None:
        if self._layer is None:
            return
        self._arrange()
        W = self._layer.W  # (784, units)
        with np.errstate(over="ignore", invalid="ignore"):
            rms = math.sqrt(float(np.vdot(W, W)) / W.size)
        # NaN when training has just diverged, zero when the weights begin so: the last scale stays.
        if math.isfinite(rms) and rms > 0:
            self.scale_limit = _steady_limit(_SATURATION * rms, self.scale_limit)
        self.scale_limit = self.scale_limit or 1.0
        tiles = np.full((self._rows * self._columns, SIDE, SIDE), 0, np.uint8)
        tiles[: self.units] = self._color_indices(W).T.reshape(-1, SIDE, SIDE)
        self._pixels = np.zeros((self._rows * _TILE, self._columns * _TILE), np.uint8)
        canvas = self._pixels.reshape(self._rows, _TILE, self._columns, _TILE)
        canvas[:, :SIDE, :, :SIDE] = tiles.reshape(self._rows, self._columns, SIDE, SIDE).transpose(
            0, 2, 1, 3
        )

    def _color_indices(self, W: NDArray[np.floating]) -> NDArray[np.uint8]:
        return color_indices(W, self.scale_limit)

    def _arrange(self) -> None:
        """Choose the number of columns that makes the tiles as large as they can be."""
        area = self._area()
        ratio = max(area.width(), 1) / max(area.height(), 1)
        columns = min(self.units, max(1, round(math.sqrt(self.units * ratio))))
        candidates = range(max(1, columns - 2), min(self.units, columns + 2) + 1)

        def merit(columns: int) -> float:
            rows = math.ceil(self.units / columns)
            # A last row that is full is worth a smaller tile.
            return min(area.width() / columns, area.height() / rows) * (
                0.5 + 0.5 * self.units / (rows * columns)
            )

        self._columns = max(candidates, key=merit)
        self._rows = math.ceil(self.units / self._columns)

    def _area(self) -> QRect:
        return self.rect().adjusted(0, 0, -_LEGEND_WIDTH, 0)

    def _mosaic_rect(self) -> QRectF:
        """Return where the mosaic is drawn: whole, undistorted, at the top left."""
        area = self._area()
        height, width = self._pixels.shape
        scale = min(area.width() / width, area.height() / height)
        return QRectF(area.left(), area.top(), width * scale, height * scale)

    def tile_rect(self, unit: int) -> QRectF:
        """Return where a unit's tile is drawn, in the widget's coordinates."""
        mosaic = self._mosaic_rect()
        pitch = mosaic.width() / self._columns
        row, column = divmod(unit, self._columns)
        side = pitch * SIDE / _TILE
        return QRectF(mosaic.left() + column * pitch, mosaic.top() + row * pitch, side, side)

    def unit_at(self, position: QPointF) -> int | None:
        """Return the unit whose tile is at a place, or None."""
        mosaic = self._mosaic_rect()
        if not self.units or not mosaic.contains(position):
            return None
        pitch = mosaic.width() / self._columns
        column = int((position.x() - mosaic.left()) / pitch)
        row = int((position.y() - mosaic.top()) / pitch)
        unit = row * self._columns + column
        return unit if column < self._columns and unit < self.units else None

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the mosaic, the scale, and the enlarged unit."""
        painter = QPainter(self)
        if self._layer is None:
            painter.setPen(QColor(self._theme.quiet))
            text = "The weights appear as soon as a data set is loaded"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        mosaic = self._mosaic_rect()
        if mosaic.width() < self._pixels.shape[1]:
            # Without it, some weights of a shrunken mosaic, and some gaps, would be left out.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(mosaic, self._image(self._pixels))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self._paint_legend(painter)
        unit = self.hovered_unit if self.hovered_unit is not None else self.pinned_unit
        if self.pinned_unit is not None:
            self._paint_outline(painter, self.pinned_unit)
        if unit is not None:
            self._paint_outline(painter, unit)
            self._paint_magnified(painter, unit)

    def resizeEvent(self, event: object) -> None:
        """Arrange the tiles anew."""
        self._make_pixels()

    def _image(self, pixels: NDArray[np.uint8]) -> QImage:
        pixels = np.ascontiguousarray(pixels)
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(self._colors)
        return image.copy()  # of its own memory; `pixels` may go before it is drawn

    def _paint_outline(self, painter: QPainter, unit: int) -> None:
        painter.setPen(QPen(QColor(self._theme.text), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.tile_rect(unit).adjusted(-1, -1, 0, 0))

    def _paint_magnified(self, painter: QPainter, unit: int) -> None:
        assert self._layer is not None
        tile = self.tile_rect(unit)
        text_height = painter.fontMetrics().height() + SPACE
        panel = QRectF(0, 0, _MAGNIFIED + 2, _MAGNIFIED + text_height + 2)
        # Beside the tile, on the side that has room, and wholly inside the widget.
        right_of = tile.right() + 2 * SPACE
        fits = right_of + panel.width() <= self._area().right()
        left = right_of if fits else tile.left() - 2 * SPACE - panel.width()
        top = min(tile.top(), self.height() - panel.height() - 1)
        panel.moveTo(max(left, 0), max(top, 0))
        painter.setPen(QPen(QColor(self._theme.quiet), 1))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRect(panel)
        weights = self._layer.W[:, unit].reshape(SIDE, SIDE)
        square = QRectF(panel.left() + 1, panel.top() + 1, _MAGNIFIED, _MAGNIFIED)
        painter.drawImage(square, self._image(self._color_indices(weights)))
        painter.setPen(QColor(self._theme.text))
        caption = QRectF(square.left() + SPACE, square.bottom(), _MAGNIFIED - SPACE, text_height)
        painter.drawText(
            caption,
            Qt.AlignmentFlag.AlignVCenter,
            f"unit {unit}, bias {self._layer.b[unit]:+.3f}",
        )

    def _paint_legend(self, painter: QPainter) -> None:
        height = min(160, self.height() - 24)
        bar = QRectF(self.width() - _LEGEND_WIDTH + 12, 12, 12, height)
        painter.drawImage(bar, self._image(np.arange(255, 0, -1, dtype=np.uint8)[:, np.newaxis]))
        painter.setPen(QColor(self._theme.hairline))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(QColor(self._theme.quiet))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for share, value in ((0.0, self.scale_limit), (0.5, 0.0), (1.0, -self.scale_limit)):
            y = bar.top() + share * bar.height()
            text = f"{value:+.3g}".replace("e-0", "e-").replace("-", "−") if value else "0"
            painter.drawText(
                QRectF(bar.right() + 4, y - 8, 40, 16), Qt.AlignmentFlag.AlignVCenter, text
            )

    # --- the mouse ------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Enlarge the unit under the mouse."""
        self._hover(self.unit_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        """Show the pinned unit again, or none."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pin the unit under the mouse; pressing it again, or no unit, lets go."""
        unit = self.unit_at(event.position())
        self.pinned_unit = None if unit == self.pinned_unit else unit
        self.update()

    def _hover(self, unit: int | None) -> None:
        if unit != self.hovered_unit:
            self.hovered_unit = unit
            self.update()


def _steady_limit(wanted: float, present: float) -> float:
    """Return a round end for the colour scale, which changes only when it no longer fits."""
    if present and present / 2 < wanted <= present:
        return present
    wanted = max(wanted, 1e-6)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * step for step in (1, 1.5, 2, 3, 5, 7, 10) if wanted <= power * step)
