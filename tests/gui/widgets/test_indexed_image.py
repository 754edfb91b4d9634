import numpy as np
from PySide6.QtGui import QColor

from gui.widgets.indexed_image import indexed_image

COLORS = [QColor("white").rgba(), QColor(255, 0, 0, 128).rgba()]


def test_each_pixel_has_its_color():
    image = indexed_image(np.array([[0, 1, 1], [1, 0, 0]], np.uint8), COLORS)
    assert (image.width(), image.height()) == (3, 2)
    assert [image.pixelColor(x, 0).rgba() for x in range(3)] == [*COLORS, COLORS[1]]


def test_a_picture_consists_of_colors_and_keeps_them():
    """Qt would share the drawing of an indexed one with other threads, and wait for them."""
    pixels = np.zeros((28, 28), np.uint8)
    image = indexed_image(pixels, COLORS)
    pixels[:] = 1
    assert not image.colorTable()
    assert image.pixelColor(5, 5) == QColor("white")
