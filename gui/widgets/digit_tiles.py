"""Where the tiles of the gallery are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from core.arrays import SIDE

ZOOM = 2
"""Logical pixels for each of an image's own."""
IMAGE = ZOOM * SIDE
TILE_WIDTH, TILE_HEIGHT = 76, 80
"""An image, the line below it, and the gaps after them, in multiples of the zoom: as wide as the
widest line."""


@dataclass(frozen=True)
class Tiles:
    """Tiles in rows from left to right, `columns` in each; `count` in all."""

    columns: int
    count: int

    @classmethod
    def within(cls, width: int, count: int) -> Tiles:
        """Return as many columns as fit into a width; one at least."""
        return cls(max(width // TILE_WIDTH, 1), count)

    @property
    def height(self) -> int:
        """Of all rows."""
        return -(-self.count // self.columns) * TILE_HEIGHT

    def image_rect(self, tile: int) -> QRect:
        """Return where a tile's image is."""
        row, column = divmod(tile, self.columns)
        return QRect(column * TILE_WIDTH + 1, row * TILE_HEIGHT + 1, IMAGE, IMAGE)

    def tile_at(self, place: QPoint) -> int | None:
        """Return the tile at a place, its line and gaps included, or None."""
        row, column = place.y() // TILE_HEIGHT, place.x() // TILE_WIDTH
        tile = row * self.columns + column
        inside = 0 <= column < self.columns and 0 <= tile < self.count
        return tile if inside else None

    def in_sight(self, top: int, height: int) -> range:
        """Return the tiles that are at least partly visible."""
        first, last = top // TILE_HEIGHT, (top + height - 1) // TILE_HEIGHT
        return range(first * self.columns, min((last + 1) * self.columns, self.count))
