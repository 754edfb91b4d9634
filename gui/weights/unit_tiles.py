"""Where the tiles of the weights are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from core.arrays import SIDE, Floats

TILE = SIDE + 1
"""A tile and the gap after it, in image pixels."""
_LEAST = 0.8
"""Of the screen's pixels, for blocks: a little larger than these is well enough."""


@dataclass(frozen=True)
class UnitTiles:
    """`count` tiles in rows from left to right, as large as they fit into `area`.

    They are drawn whole and undistorted, at the top left.
    """

    count: int
    columns: int
    area: QRectF

    @classmethod
    def within(cls, area: QRectF, count: int) -> UnitTiles:
        """Return the number of columns that makes the tiles as large as they can be."""
        width, height = max(area.width(), 1.0), max(area.height(), 1.0)
        columns = min(count, max(1, round(math.sqrt(count * width / height))))
        candidates = range(max(1, columns - 2), max(1, min(count, columns + 2)) + 1)

        def merit(columns: int) -> float:
            rows = math.ceil(count / columns)
            # A last row that is full is worth a smaller tile.
            return min(width / columns, height / max(rows, 1)) * (
                0.5 + 0.5 * count / max(rows * columns, 1)
            )

        return cls(count, max(candidates, key=merit), area)

    @property
    def rows(self) -> int:
        """How many rows there are; one at least."""
        return max(1, math.ceil(self.count / self.columns))

    @property
    def pitch(self) -> float:
        """From one tile to the next, in logical pixels."""
        return min(self.area.width() / self.columns, self.area.height() / self.rows)

    @property
    def rect(self) -> QRectF:
        """Where all tiles are together."""
        width, height = self.columns * self.pitch, self.rows * self.pitch
        return QRectF(self.area.left(), self.area.top(), width, height)

    def arrange(self, tiles: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
        """Return one picture of `tiles`, (count, side²), with a gap of a zero after each."""
        rows, columns, pitch = self.rows, self.columns, side + 1
        all_tiles = np.zeros((rows * columns, side, side), np.uint8)
        all_tiles[: self.count] = tiles.reshape(-1, side, side)
        picture = np.zeros((rows, pitch, columns, pitch), np.uint8)
        picture[:, :side, :, :side] = all_tiles.reshape(rows, columns, side, side).transpose(
            0, 2, 1, 3
        )
        return picture.reshape(rows * pitch, columns * pitch)

    def tile_rect(self, place: int) -> QRectF:
        """Return where the tile of that place in the sequence is."""
        row, column = divmod(place, self.columns)
        left, top = self.area.left() + column * self.pitch, self.area.top() + row * self.pitch
        side = self.pitch * SIDE / TILE
        return QRectF(left, top, side, side)

    def place_at(self, position: QPointF) -> int | None:
        """Return the place of the tile at a position, or None."""
        if not self.count or not self.rect.contains(position):
            return None
        column = int((position.x() - self.area.left()) / self.pitch)
        row = int((position.y() - self.area.top()) / self.pitch)
        place = row * self.columns + column
        return place if column < self.columns and place < self.count else None


def coarse(W: Floats, pitch: float) -> tuple[Floats, int]:
    """Return W, (784, units), with blocks of weights in one, where a tile has too few pixels.

    Colors that cancel each other on the screen would be gray; weights that do are zero. Blocks of
    k by k stand for their sum divided by k, so that independent weights keep their spread, and
    what neighbors have in common stands out.

    Parameters
    ----------
    pitch
        From one tile to the next, in pixels of the screen.

    Returns
    -------
    blocks, side
        (side², units); all of W where there is room.
    """
    tiles, side = W.T.reshape(-1, SIDE, SIDE), SIDE
    with np.errstate(over="ignore", invalid="ignore"):
        while side % 2 == 0 and side / 2 >= _LEAST * pitch:
            rows = tiles[:, ::2] + tiles[:, 1::2]
            tiles, side = (rows[..., ::2] + rows[..., 1::2]) / 2, side // 2
    return tiles.reshape(-1, side * side).T, side
