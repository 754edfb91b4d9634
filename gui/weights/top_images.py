"""The test images that a unit responds to most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from core.arrays import DIGITS, SIDE
from core.colors import LIGHT, Theme
from core.wording import Classes, are_digits, numeral
from gui.widgets.indexed_image import ink_table
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, SPACE

_CAPTION = 16
_COLUMNS, _ROWS = 3, 3
MOST = _COLUMNS * _ROWS
"""How many images there is room for."""


@dataclass(frozen=True, eq=False)
class TopActivations:
    """The images to which one unit responds most strongly, strongest first.

    Attributes
    ----------
    indices
        intp, (k,): in the test set.
    images, labels
        uint8, (k, 784) and (k,).
    responses
        (k,).
    classes
        The names of the labels.
    """

    indices: NDArray[np.intp]
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    responses: NDArray[np.floating]
    classes: Classes = DIGITS


class TopImages(PaintedWidget[int]):
    """Shows up to nine images.

    Signals
    -------
    image_chosen(int)
        The user has clicked an image: its index in the test set.

    Attributes
    ----------
    shown
        The images shown; None while they are searched.
    """

    image_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(
            self,
            "exciting_images",
            "Test images the unit responds to most",
            "The test images the unit responds to most; click one to put it on the pad",
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.MinimumExpanding)
        self._font = self.font()
        self._font.setPixelSize(HINT_SIZE)
        self.shown: TopActivations | None = None
        self.apply_theme(LIGHT)

    def sizeHint(self) -> QSize:
        """Three columns of images in their own size, and the caption."""
        return QSize(_COLUMNS * (SIDE + SPACE), _CAPTION + _ROWS * (SIDE + SPACE))

    @Slot(object)
    def show_images(self, top: TopActivations | None) -> None:
        """Show images; None while they are searched."""
        self.shown = top
        count = 0 if top is None else len(top.indices)
        tiles = [self.words(tile) for tile in range(count)]
        self.setAccessibleDescription("; ".join(tiles))
        self.update()

    def words(self, tile: int) -> str:
        """Return an image's number, label and response."""
        assert self.shown is not None
        shown = self.shown
        name = shown.classes[shown.labels[tile]]
        what = f"a {name}" if are_digits(shown.classes) else name
        number, response = numeral(shown.indices[tile]), numeral(shown.responses[tile], ".3g")
        return f"test image {number}, {what}: {response}"

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._table = ink_table(theme)

    def _side_in(self, height: int) -> int:
        """Return the side of an image, in logical pixels: its own, or twice that."""
        return 2 * SIDE if height - _CAPTION >= _ROWS * (2 * SIDE + SPACE) else SIDE

    def fit(self, height: int) -> None:
        """Take the width that goes with a height."""
        self.setFixedWidth(_COLUMNS * (self._side_in(height) + SPACE))

    def image_rect(self, tile: int) -> QRect:
        """Return where an image is."""
        row, column = divmod(tile, _COLUMNS)
        side = self._side_in(self.height())
        left, top = column * (side + SPACE), _CAPTION + row * (side + SPACE)
        return QRect(1 + left, 1 + top, side, side)

    def item_at(self, position: QPointF) -> int | None:
        """Return the place of the image at a position, or None."""
        count = 0 if self.shown is None else len(self.shown.indices)
        place = position.toPoint()
        return next((tile for tile in range(count) if self.image_rect(tile).contains(place)), None)

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Describe the image at a position."""
        tile = self.item_at(position)
        return None if tile is None else (self.words(tile), self.image_rect(tile))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the caption and the images."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.quiet))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop, "strongest for")
        below = QRect(0, _CAPTION, self.width(), self.height() - _CAPTION)
        if self.shown is None or not len(self.shown.indices):
            words = "…" if self.shown is None else "never active on\nthe test set"
            painter.drawText(below, Qt.AlignmentFlag.AlignTop, words)
            return
        painter.setPen(QColor(self._theme.hairline))
        for tile, pixels in enumerate(self._table[self.shown.images]):
            place = self.image_rect(tile)
            image = QImage(pixels.data, SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
            painter.drawImage(place, image)
            painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the image under the mouse."""
        tile = self.item_at(event.position())
        if tile is not None and event.button() == Qt.MouseButton.LeftButton:
            assert self.shown is not None
            self.image_chosen.emit(int(self.shown.indices[tile]))
