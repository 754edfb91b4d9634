"""What widgets look like, pixel by pixel."""

import numpy as np
from PySide6.QtGui import QImage

from core.colors import rgb


def pixels_of(widget):
    """The red, green and blue of each device pixel of a widget or an image, (height, width, 3)."""
    image = widget if isinstance(widget, QImage) else widget.grab().toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def is_color(pixels, color, most=12):
    """Where pixels are of a color, #rrggbb, or nearly so."""
    return np.abs(pixels - rgb(color).astype(int)).sum(axis=-1) < most


def colors_of(widget):
    """The colors of a widget's pixels, as #rrggbb."""
    return {
        "#{:02x}{:02x}{:02x}".format(*each)
        for each in np.unique(pixels_of(widget).reshape(-1, 3), axis=0)
    }
