"""Draws the tiles of the gallery: all images in one picture, and a line below each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from core.arrays import DIGITS, SIDE, Floats, Images, Labels
from core.colors import LIGHT, Theme
from core.wording import percent
from gui.widgets.digit_tiles import ZOOM, Tiles, tile_size
from gui.widgets.indexed_image import ink_table
from gui.widgets.theme import HINT_SIZE, tabular

_BESIDE = 16
"""Of the gap beside an image, what a name may take."""
_LINE = 13
"""From the lower edge of an image to the line that the text below it stands on."""


class TilePainter:
    """Draws tiles in the colors of a theme; `in_sight` are those to draw, whole rows of them.

    Attributes
    ----------
    classes
        The names of the classes, the digits unless others are set. Where they have more than a
        letter, there is no space for percentages, and of two names each has half of it.
    """

    def __init__(self, font: QFont) -> None:
        self._font = tabular(font)
        self._font.setPixelSize(HINT_SIZE)
        self.classes = DIGITS
        self._name_width = QFontMetrics(self._font).horizontalAdvance("0→0") + 4
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme` from now on."""
        self._table = ink_table(theme)
        self._hairline, self._text, self._quiet = (
            QColor(color) for color in (theme.hairline, theme.text, theme.quiet)
        )

    def paint_images(
        self, painter: QPainter, tiles: Tiles, in_sight: range, images: Images
    ) -> None:
        """Draw `images`, (n, 784), in their frames."""
        picture = mosaic(images, tiles.columns, self._table, tiles.zoom)
        height, width = picture.shape
        image = QImage(picture.data, width, height, QImage.Format.Format_ARGB32_Premultiplied)
        corner = tiles.image_rect(in_sight.start).topLeft()
        painter.drawImage(QRect(corner, QSize(tiles.zoom * width, tiles.zoom * height)), image)
        painter.setPen(self._hairline)
        painter.drawRects([tiles.image_rect(tile).adjusted(-1, -1, 0, 0) for tile in in_sight])

    def paint_lines(
        self,
        painter: QPainter,
        tiles: Tiles,
        in_sight: range,
        labels: Labels,
        guesses: Labels,
        confidence: Floats | None,
    ) -> None:
        """Below each image, draw what it is read as, and how surely, if that is known; all (n,)."""
        painter.setFont(self._font)
        painter.setPen(self._text)
        places = [tiles.image_rect(tile) for tile in in_sight]
        pairs = zip(labels.tolist(), guesses.tolist(), strict=True)
        for place, (label, guess) in zip(places, pairs, strict=True):
            name = self._name(label, guess, place.width() + _BESIDE)
            painter.drawText(place.left(), place.bottom() + _LINE, name)
        if confidence is None or max(map(len, self.classes)) > 1:
            return
        painter.setPen(self._quiet)
        for place, sure in zip(places, confidence.tolist(), strict=True):
            left = place.left() + self._name_width
            painter.drawText(left, place.bottom() + _LINE, percent(sure, 0))

    def _name(self, label: int, guess: int, width: int) -> str:
        """Return the class of an image, and what is predicted if that is another, as they fit."""
        metrics, end = QFontMetrics(self._font), Qt.TextElideMode.ElideRight
        if label == guess:
            return metrics.elidedText(self.classes[label], end, width)
        half = (width - metrics.horizontalAdvance("→")) // 2
        both = (metrics.elidedText(self.classes[place], end, half) for place in (label, guess))
        return "→".join(both)


def mosaic(
    images: NDArray[np.uint8], columns: int, table: NDArray[np.uint32], zoom: int = ZOOM
) -> NDArray[np.uint32]:
    """Return all images, (n, 784), as one picture, transparent between them.

    A picture is drawn in the time that one image takes. An image's pixel is one of the picture's,
    whose tiles are therefore 1 / `zoom` of the size they are drawn in.
    """
    width, height = (size // zoom for size in tile_size(zoom))
    rows = -(-len(images) // columns)
    tiles = np.zeros((rows * columns, SIDE, SIDE), np.uint32)
    tiles[: len(images)] = table[images].reshape(-1, SIDE, SIDE)
    picture = np.zeros((rows, height, columns, width), np.uint32)
    picture[:, :SIDE, :, :SIDE] = tiles.reshape(rows, columns, SIDE, SIDE).transpose(0, 2, 1, 3)
    return picture.reshape(rows * height, columns * width)
