"""A picture of which each pixel is the number of a color."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from core.colors import Theme, rgb


def indexed_image(pixels: NDArray[np.uint8], colors: list[int]) -> QImage:
    """Return a picture of `pixels`, (height, width), in memory of its own.

    `colors` are up to 256, as 0xAARRGGBB.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(colors)
    # Colors, because Qt scales an indexed picture up to ten times as slowly, and shares that with
    # other threads, for which the window would wait while the network trains.
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def ink_table(theme: Theme) -> NDArray[np.uint32]:
    """Return the colors of the shades from background to ink, (256,), as 0xAARRGGBB."""
    background, ink = rgb(theme.surface).astype(float), rgb(theme.text).astype(float)
    shades = np.linspace(0, 1, 256)[:, np.newaxis]
    red, green, blue = np.rint(background + shades * (ink - background)).astype(np.uint32).T
    colors: NDArray[np.uint32] = (
        np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    )
    return colors


def shrunken(image: QImage, size: QSize) -> QImage:
    """Return `image` in a smaller size, each pixel the mean of those that it stands for."""
    colors = image.convertToFormat(QImage.Format.Format_RGB32)
    ratio, mode = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return colors.scaled(size, ratio, mode)
