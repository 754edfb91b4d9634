"""A picture of which each pixel is the number of a color."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage


def indexed_image(pixels: NDArray[np.uint8], colors: list[int]) -> QImage:
    """Return a picture of `pixels`, (height, width), in memory of its own.

    `colors` are up to 256, as 0xAARRGGBB.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(colors)
    return image.copy()  # `pixels` may go before it is drawn


def shrunken(image: QImage, size: QSize) -> QImage:
    """Return `image` in a smaller size, each pixel the mean of those that it stands for."""
    colors = image.convertToFormat(QImage.Format.Format_RGB32)
    ratio, mode = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return colors.scaled(size, ratio, mode)
