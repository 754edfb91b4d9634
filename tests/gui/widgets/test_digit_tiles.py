import pytest
from PySide6.QtCore import QPoint, QRect

from gui.widgets.digit_tiles import TILE_HEIGHT, TILE_WIDTH, Tiles


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 1000])
@pytest.mark.parametrize("width", [10, TILE_WIDTH, 215, 640])
def test_every_tile_has_its_own_place(width, count):
    tiles = Tiles.within(width, count)
    whole = QRect(0, 0, max(width, TILE_WIDTH), tiles.height)
    for tile in range(count):
        image = tiles.image_rect(tile)
        assert whole.contains(image)
        assert tiles.tile_at(image.topLeft()) == tile
        assert tiles.tile_at(image.bottomRight()) == tile
    for outside in (
        QPoint(-1, 5),
        QPoint(5, -1),
        QPoint(5, tiles.height),
        QPoint(whole.width(), 5),
    ):
        assert tiles.tile_at(outside) is None


def test_there_is_no_tile_beside_the_last_one():
    tiles = Tiles.within(3 * TILE_WIDTH, 7)
    assert tiles.height == 3 * TILE_HEIGHT
    assert tiles.tile_at(QPoint(TILE_WIDTH - 1, 2 * TILE_HEIGHT)) == 6
    assert tiles.tile_at(QPoint(TILE_WIDTH, 2 * TILE_HEIGHT)) is None


def test_only_partly_visible_rows_are_in_sight():
    tiles = Tiles.within(3 * TILE_WIDTH, 100)
    assert tiles.in_sight(0, TILE_HEIGHT) == range(0, 3)
    assert tiles.in_sight(0, TILE_HEIGHT + 1) == range(0, 6)
    assert tiles.in_sight(TILE_HEIGHT - 1, 2) == range(0, 6)
    assert tiles.in_sight(TILE_HEIGHT, TILE_HEIGHT) == range(3, 6)
    assert tiles.in_sight(tiles.height - TILE_HEIGHT, TILE_HEIGHT) == range(99, 100)
