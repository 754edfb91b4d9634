"""One unit as an image: its weight for each pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from core.arrays import SIDE, Floats
from core.colors import LIGHT, Theme
from core.wording import numeral, pixel_place
from gui.widgets.diverging import color_table
from gui.widgets.indexed_image import indexed_image
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget


class UnitImage(PaintedWidget[int]):
    """Shows 28×28 weights, of which one can be chosen.

    Signals
    -------
    pixel_chosen(int)
        The user has clicked a pixel: 0…783, row by row.

    Attributes
    ----------
    selected
        The pixel that is outlined, or None.
    """

    pixel_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(
            self,
            "unit_image",
            "The unit's weights for the pixels",
            "The unit's weight for each pixel; click one to edit it",
        )
        self._weights: Floats | None = None
        self._pixels: NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)
        self.selected: int | None = None
        self.set_zoom(3)
        self.apply_theme(LIGHT)

    def set_zoom(self, zoom: int) -> None:
        """Draw each weight as a square with sides of this many logical pixels."""
        self._zoom = zoom
        self.setFixedSize(QSize(SIDE * zoom + 2, SIDE * zoom + 2))

    def show_weights(self, weights: Floats, pixels: NDArray[np.uint8]) -> None:
        """Show `weights`, (784,), in the colors of the indices `pixels`, (784,)."""
        self._weights = weights
        self._pixels = pixels.reshape(SIDE, SIDE)
        self.update()

    def select(self, pixel: int | None) -> None:
        """Outline a pixel, or none."""
        if pixel != self.selected:
            self.selected = pixel
            self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._colors = color_table(theme)

    def pixel_rect(self, pixel: int) -> QRect:
        """Return where a pixel is drawn."""
        row, column = divmod(pixel, SIDE)
        return QRect(1 + column * self._zoom, 1 + row * self._zoom, self._zoom, self._zoom)

    def item_at(self, position: QPointF) -> int | None:
        """Return the pixel at a position, or None."""
        column, row = ((int(x) - 1) // self._zoom for x in (position.x(), position.y()))
        inside = 0 <= column < SIDE and 0 <= row < SIDE
        return row * SIDE + column if inside else None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Return the weight at a position."""
        pixel = self.item_at(position)
        if pixel is None or self._weights is None:
            return None
        weight = numeral(float(self._weights[pixel]), "+.4f")
        text = f"pixel {pixel_place(pixel)}, index {pixel}: {weight}"
        return text, self.pixel_rect(pixel)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the weights, a frame, and the outline."""
        painter = QPainter(self)
        side = SIDE * self._zoom
        image = indexed_image(self._pixels, self._colors)
        painter.drawImage(QRect(1, 1, side, side), image)
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(QRectF(0.5, 0.5, side + 1, side + 1))
        if self.selected is not None:
            painter.setPen(QPen(QColor(self._theme.text), 1))
            painter.drawRect(self.pixel_rect(self.selected).adjusted(-1, -1, 0, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the pixel under the mouse."""
        pixel = self.item_at(event.position())
        if pixel is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pixel_chosen.emit(pixel)
