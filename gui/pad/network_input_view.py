"""The 28×28 image that the network really sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Slot
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.arrays import SIDE
from core.colors import LIGHT, Theme
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.painted_interface import show_as


class NetworkInputView(QWidget):
    """Shows an image pixel by pixel, in the theme's ink on its background."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_input_view")
        self.setAccessibleName("The network's input")
        show_as(self, QAccessible.Role.Graphic)
        self.setToolTip(
            "The network's input: your drawing cropped, scaled to 20 pixels, and centered by its "
            "mass in 28×28, as in MNIST"
        )
        self._theme = LIGHT
        self._colors = ink_table(LIGHT).tolist()
        self.image: NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)

        self.is_empty = False

    def set_empty(self, is_empty: bool) -> None:
        """Draw nothing, not even the frame, or the image."""
        self.is_empty = is_empty
        self.update()

    @staticmethod
    def size_of(scale: int) -> QSize:
        """Return the size at which each pixel of the image is a square of this side."""
        return QSize(scale * SIDE + 2, scale * SIDE + 2)

    @Slot(object)
    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show `image`, uint8, (28, 28), 0 is background; it must not be written to afterwards."""
        self.image = np.zeros((SIDE, SIDE), np.uint8) if image is None else image
        self.update()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._colors = ink_table(theme).tolist()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixels, and a frame."""
        if self.is_empty:
            return
        painter = QPainter(self)
        square = QRect(1, 1, self.width() - 2, self.height() - 2)
        painter.drawImage(square, indexed_image(self.image, self._colors))
        painter.setPen(QColor(self._theme.control))
        # Half a pixel inside, so that no scale of the screen cuts a side off.
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
