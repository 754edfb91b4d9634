"""Where the squares of a layer's units are, and their pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect

from core.colors import color_indices

_FRAMED = 4
"""From this pitch on, each square has a frame of one pixel, which it shares with its neighbors."""


@dataclass(frozen=True)
class Strip:
    """Where the squares of a layer are, in rows that are all full but for the last.

    Attributes
    ----------
    units, columns
        How many squares there are, in all and in a full row.
    pitch
        Pixels from a square to the next.
    top
        Where the strip begins.
    """

    units: int
    columns: int
    pitch: int
    top: int

    @property
    def frame(self) -> int:
        """Width of the frame about each square."""
        return int(self.pitch >= _FRAMED)

    @property
    def rows(self) -> int:
        """How many rows the squares take."""
        return math.ceil(self.units / self.columns)

    @property
    def height(self) -> int:
        """Height of the strip in all."""
        return self.rows * self.pitch + self.frame

    def square(self, unit: int) -> QRect:
        """Return where a unit's square is, in the widget's coordinates."""
        row, column = divmod(unit, self.columns)
        left, top = self.frame + column * self.pitch, self.frame + self.top + row * self.pitch
        return QRect(left, top, self.pitch - self.frame, self.pitch - self.frame)

    def unit_at(self, place: QPoint) -> int | None:
        """Return the unit whose square or frame is at a place, or None."""
        row, column = (place.y() - self.top) // self.pitch, place.x() // self.pitch
        unit = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and unit < self.units
        return unit if inside else None

    def frames(self) -> list[QRect]:
        """Return what the squares lie on, so that their frames show: full rows, and the rest."""
        full, rest = divmod(self.units, self.columns)
        p, frame = self.pitch, self.frame
        return [
            QRect(0, self.top, self.columns * p + frame, full * p + frame),
            QRect(0, self.top + full * p, rest * p + frame, p + frame if rest else 0),
        ]

    def draw(self, A: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Return the squares' pixels as indices of colors, 0 between them, for A, (units,)."""
        side = self.pitch - self.frame
        limit = float(np.abs(A).max()) or 1.0
        squares = np.zeros(self.rows * self.columns, np.uint8)
        squares[: self.units] = color_indices(A, limit)
        pixels = np.zeros((self.rows, self.pitch, self.columns, self.pitch), np.uint8)
        pixels[:, :side, :, :side] = squares.reshape(self.rows, 1, self.columns, 1)
        return pixels.reshape(self.rows * self.pitch, self.columns * self.pitch)
