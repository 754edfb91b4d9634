"""A few images of each class in a row, with the class's name and its number of images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent

from core.arrays import SIDE, Images, Labels
from core.wording import counted
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE

_ACROSS = 8
"""Images of each class."""
_TILE, _GAP = SIDE + 4, 4
_NAME = 168
"""The widest that a name is drawn, in pixels."""


class Samples(PaintedWidget[int]):
    """Shows whether images are upright, light on dark, and in the right class."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("own_samples")
        self.setAccessibleName("Images of each class")
        self._classes: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._rows: list[NDArray[np.uint8]] = []

    def show_images(self, images: Images, labels: Labels, classes: tuple[str, ...]) -> None:
        """Show the first images of each class."""
        self._classes = classes
        self._counts = tuple(np.bincount(labels, minlength=len(classes)).tolist())
        self._rows = [
            images[np.flatnonzero(labels == number)[:_ACROSS]] for number in range(len(classes))
        ]
        self.setAccessibleDescription(
            "; ".join(
                f"{name}: {counted(count, 'training image')}"
                for name, count in zip(classes, self._counts, strict=True)
            )
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its classes."""
        width = _NAME + _ACROSS * (_TILE + _GAP)
        return QSize(width, max(len(self._rows), 2) * (_TILE + _GAP) - _GAP)

    def minimumSizeHint(self) -> QSize:
        """Every class is seen."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw names, counts and images."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        colors = ink_table(self._theme).tolist()
        for number, images in enumerate(self._rows):
            top = number * (_TILE + _GAP)
            self._write(painter, top, number)
            for place, image in enumerate(images):
                where = QRect(_NAME + place * (_TILE + _GAP), top, _TILE, _TILE)
                picture = indexed_image(image.reshape(SIDE, SIDE), colors)
                painter.drawImage(where, picture)
                painter.setPen(QColor(self._theme.hairline))
                painter.drawRect(where.adjusted(0, 0, -1, -1))

    def _write(self, painter: QPainter, top: int, number: int) -> None:
        """Write a class's name, and the number of its images below."""
        width, half = _NAME - 2 * _GAP, _TILE // 2
        above = (self._classes[number], self._theme.text, TEXT_SIZE, Qt.AlignmentFlag.AlignBottom)
        below = (
            counted(self._counts[number], "image"),
            self._theme.quiet,
            HINT_SIZE,
            Qt.AlignmentFlag.AlignTop,
        )
        font = self.font()
        for line, (text, color, size, side) in enumerate((above, below)):
            font.setPixelSize(size)
            painter.setFont(font)
            painter.setPen(QColor(color))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(0, top + line * half, width, half), side, shown)
