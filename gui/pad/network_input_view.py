"""The 28×28 image that the network really sees, and which of its pixels decide the answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.arrays import SIDE
from gui.widgets.diverging import color_indices, overlay_table
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.theme import LIGHT, Theme

_SCALE = 4
_IMAGE_TIP = (
    "The network's input: your drawing cropped, scaled to 20 pixels, and centered by its mass in "
    "28×28, as in MNIST"
)
_SALIENCY_TIP = (
    "Orange: ink here supports the predicted digit. Blue: ink here counts against it. The deeper "
    "the color, the more the digit's score changes with the pixel."
)


class NetworkInputView(QWidget):
    """Shows an image pixel by pixel, in the theme's ink on its background.

    Over it, where wanted, lies each pixel's saliency (see core/inspection/saliency.py).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_input_view")
        self.setAccessibleName("The network's input")
        self.setToolTip(_IMAGE_TIP)
        self.setFixedSize(_SCALE * SIDE + 2, _SCALE * SIDE + 2)
        self._theme = LIGHT
        self._colors = ink_table(LIGHT).tolist()
        self._overlay = overlay_table(LIGHT)
        self.image: NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)
        self.saliency: NDArray[np.floating] | None = None

    @Slot(object)
    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show `image`, uint8, (28, 28), 0 is background; it must not be written to afterwards."""
        self.image = np.zeros((SIDE, SIDE), np.uint8) if image is None else image
        self.update()

    def show_saliency(self, saliency: NDArray[np.floating] | None) -> None:
        """Lay `saliency`, (28, 28), over the image, or nothing.

        The colors are relative to its largest magnitude. It must not be written to afterwards.
        """
        self.saliency = saliency
        tip = _IMAGE_TIP if saliency is None else _SALIENCY_TIP
        if self.toolTip() != tip:
            self.setToolTip(tip)
        self.update()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._colors = ink_table(theme).tolist()
        self._overlay = overlay_table(theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixels, the saliency over them, and a frame."""
        painter = QPainter(self)
        square = QRect(1, 1, _SCALE * SIDE, _SCALE * SIDE)
        painter.drawImage(square, indexed_image(self.image, self._colors))
        if self.saliency is not None:
            limit = float(np.abs(self.saliency).max()) or 1.0
            painter.drawImage(
                square, indexed_image(color_indices(self.saliency, limit), self._overlay)
            )
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(0, 0, self.width() - 1, self.height() - 1)
