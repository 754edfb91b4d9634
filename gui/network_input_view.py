"""The 28×28 image that the network really sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, qRgb
from PySide6.QtWidgets import QWidget

from core.datasets.dataset import SIDE
from gui.theme import LIGHT, Theme, rgb

_SCALE = 4


class NetworkInputView(QWidget):
    """Shows an image pixel by pixel, in the theme's ink on its paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_input_view")
        self.setAccessibleName("What the network sees")
        self.setToolTip(
            "Your drawing as the network sees it: cropped, shrunk to 20 pixels, and centred by its "
            "mass in 28×28, as MNIST was"
        )
        self.setFixedSize(_SCALE * SIDE + 2, _SCALE * SIDE + 2)
        self._theme = LIGHT
        self._colors = _ink_table(LIGHT)
        self.image: NDArray[np.uint8] = np.zeros((SIDE, SIDE), np.uint8)

    def show_image(self, image: NDArray[np.uint8]) -> None:
        """Show `image`, uint8, (28, 28), 0 is paper; it must not be written to afterwards."""
        self.image = image
        self.update()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._colors = _ink_table(theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixels and a frame."""
        pixels = np.ascontiguousarray(self.image)
        image = QImage(pixels.data, SIDE, SIDE, SIDE, QImage.Format.Format_Indexed8)
        image.setColorTable(self._colors)
        painter = QPainter(self)
        painter.drawImage(QRect(1, 1, _SCALE * SIDE, _SCALE * SIDE), image)
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(0, 0, self.width() - 1, self.height() - 1)


def _ink_table(theme: Theme) -> list[int]:
    """Return the 256 colours from the theme's paper to its ink."""
    paper, ink = rgb(theme.surface).astype(int), rgb(theme.text).astype(int)
    shares = np.linspace(0, 1, 256)[:, np.newaxis]
    return [qRgb(*color) for color in np.rint(paper + shares * (ink - paper)).astype(int).tolist()]
