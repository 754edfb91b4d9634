"""Where the cells of the confusion matrix are, and which colors they have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.arrays import MAX_CLASSES
from core.colors import Theme, rgb

Cell = tuple[int, int]
"""The true class, and the class that was predicted, by their places."""

LEFT, TOP, RIGHT, BOTTOM = 30, 32, 52, 21
"""Space around the cells for headings, the accuracy of each class, and a line of words."""
HEADING = 16
"""Height of the names of the columns, if they are short enough to lie."""

_DECADES = 3
"""The colors of mistakes begin at one in 10³ of a row. On a scale of decades, one in a hundred is
as far from one in ten as that is from all: so single mistakes are seen beside frequent ones."""
_FAINTEST, _DEEPEST, _DEEPEST_RIGHT = 0.1, 0.6, 0.25
"""Shares of the hue in a cell's color: where a mistake is rare, where it is all of the row, and on
the diagonal, which must not outshine them. Text can be read on all of them."""


@dataclass(frozen=True)
class Grid:
    """The cells within a widget of some `width` and `height`, in logical pixels.

    Attributes
    ----------
    classes
        How many rows and columns there are.
    left
        Space to the left of the cells, for the names of the rows.
    heading
        Height of the names of the columns.
    """

    width: int
    height: int
    classes: int = MAX_CLASSES
    left: int = LEFT
    heading: int = HEADING

    @property
    def top(self) -> int:
        """Space above the cells."""
        return TOP - HEADING + self.heading

    @cached_property
    def pitch(self) -> tuple[int, int]:
        """Width and height of a cell with the gap after it; it is never higher than wide."""
        width = max((self.width - self.left - RIGHT) // self.classes, 1)
        return width, min(max((self.height - self.top - BOTTOM) // self.classes, 1), width)

    @property
    def bounds(self) -> QRect:
        """Where all cells are."""
        width, height = self.pitch
        return QRect(self.left, self.top, self.classes * width - 1, self.classes * height - 1)

    @cached_property
    def rects(self) -> tuple[tuple[QRect, ...], ...]:
        """Where each cell is: ``rects[digit][guess]``."""
        width, height = self.pitch
        return tuple(
            tuple(
                QRect(self.left + guess * width, self.top + digit * height, width - 1, height - 1)
                for guess in range(self.classes)
            )
            for digit in range(self.classes)
        )

    def rect(self, cell: Cell) -> QRect:
        """Return where a cell is."""
        return self.rects[cell[0]][cell[1]]

    def cell_at(self, position: QPointF) -> Cell | None:
        """Return the cell at a place, or None."""
        width, height = self.pitch
        digit = math.floor((position.y() - self.top) / height)
        guess = math.floor((position.x() - self.left) / width)
        inside = 0 <= digit < self.classes and 0 <= guess < self.classes
        return (digit, guess) if inside else None


def cell_colors(counts: NDArray[np.int64], theme: Theme) -> list[list[QColor]]:
    """Return the colors of the cells for counts, (classes, classes), by their shares of the row."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    depth = 1 + np.log10(np.maximum(shares, 10.0**-_DECADES)) / _DECADES
    mix = np.where(shares > 0, _FAINTEST + (_DEEPEST - _FAINTEST) * depth, 0)
    np.fill_diagonal(mix, _DEEPEST_RIGHT * shares.diagonal())
    surface, wrong, right = (
        rgb(color).astype(float) for color in (theme.surface, theme.test, theme.accent)
    )
    hues = np.where(np.eye(len(counts), dtype=bool)[..., np.newaxis], right, wrong)
    colors = np.rint(surface + mix[..., np.newaxis] * (hues - surface)).astype(int)
    return [[QColor(*color) for color in row] for row in colors.tolist()]


def outline(painter: QPainter, rect: QRect, color: str, width: int) -> None:
    """Draw a frame in the gaps around `rect`."""
    pen = QPen(QColor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(0 if width > 1 else -1, 0 if width > 1 else -1, 0, 0))
