"""Where the tiles of the gallery are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from core.arrays import SIDE

ZOOM = 2
"""Logical pixels for each of an image's own, usually."""

_GAPS = {1: (4, 4), ZOOM: (12, 12), 3: (7, 8)}
"""What is beside and below an image at each zoom, in pixels of the image; from 2 on there is a line
of text below it, and the tile is as wide as the widest."""


def tile_size(zoom: int) -> tuple[int, int]:
    """Return width and height of an image with the line below it and the gaps after them."""
    beside, below = _GAPS[zoom]
    return zoom * (SIDE + beside), zoom * (SIDE + below)


TILE_WIDTH, TILE_HEIGHT = tile_size(ZOOM)


@dataclass(frozen=True)
class Tiles:
    """Tiles in rows from left to right, `columns` in each; `count` in all."""

    columns: int
    count: int
    zoom: int = ZOOM

    @classmethod
    def within(cls, width: int, count: int, zoom: int = ZOOM) -> Tiles:
        """Return as many columns as fit into a width; one at least."""
        return cls(max(width // tile_size(zoom)[0], 1), count, zoom)

    @property
    def has_lines(self) -> bool:
        """Whether there is a line of text below each image."""
        return self.zoom >= ZOOM

    @property
    def row_height(self) -> int:
        """Of an image with what is below it."""
        return tile_size(self.zoom)[1]

    @property
    def height(self) -> int:
        """Of all rows."""
        return -(-self.count // self.columns) * self.row_height

    def image_rect(self, tile: int) -> QRect:
        """Return where a tile's image is."""
        row, column = divmod(tile, self.columns)
        width, height = tile_size(self.zoom)
        side = self.zoom * SIDE
        return QRect(column * width + 1, row * height + 1, side, side)

    def tile_at(self, place: QPoint) -> int | None:
        """Return the tile at a place, its line and gaps included, or None."""
        width, height = tile_size(self.zoom)
        row, column = place.y() // height, place.x() // width
        tile = row * self.columns + column
        inside = 0 <= column < self.columns and 0 <= tile < self.count
        return tile if inside else None

    def in_sight(self, top: int, height: int) -> range:
        """Return the tiles that are at least partly visible."""
        first, last = top // self.row_height, (top + height - 1) // self.row_height
        return range(first * self.columns, min((last + 1) * self.columns, self.count))
