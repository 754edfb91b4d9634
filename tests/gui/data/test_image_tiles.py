import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT
from gui.data.image_tiles import ImageTile, ImageTiles, width_for
from gui.widgets.indexed_image import ink_table

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 784)).astype(np.uint8)
TILES = [ImageTile(image, ("<i>a</i>", "1"), f"image <i>{i}</i>") for i, image in enumerate(IMAGES)]


@pytest.fixture
def make(qtbot):
    def make(width, **options):
        tiles = ImageTiles("tiles", "Tiles", "", **options)
        qtbot.addWidget(tiles)
        tiles.resize(width, 300)
        tiles.show()
        qtbot.waitExposed(tiles)
        tiles.show_tiles(TILES)
        return tiles

    return make


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_each_tile_shows_its_image(make, theme):
    tiles = make(344, most=10, lines=2)
    tiles.apply_theme(theme)
    picture, table = tiles.grab().toImage(), ink_table(theme)
    scale = picture.width() / tiles.width()
    for number in (0, 4, 5, 9):
        for pixel in (30, 400, 750):
            row, column = divmod(pixel, 28)
            place = tiles.image_rect(number).topLeft() + QPoint(2 * column, 2 * row)
            x, y = round((place.x() + 0.5) * scale), round((place.y() + 0.5) * scale)
            assert picture.pixel(x, y) == table[IMAGES[number, pixel]]


@pytest.mark.parametrize(("columns", "zoom"), [(4, 2), (5, 2), (5, 3), (5, 4)])
def test_images_are_as_large_and_as_many_in_a_row_as_the_width_allows(make, columns, zoom):
    tiles = make(width_for(columns, zoom), most=10, lines=2)
    places = [tiles.image_rect(number) for number in range(10)]
    assert {place.width() for place in places} == {28 * zoom}
    assert sum(place.top() == places[0].top() for place in places) == columns
    assert all(tiles.rect().contains(place) for place in places)


@pytest.mark.parametrize(("width", "count"), [(256, 8), (320, 10)])
def test_two_rows_take_as_many_tiles_as_fit(make, width, count):
    tiles = make(width)
    assert tiles.capacity == count
    assert tiles.item_at(QPointF(tiles.image_rect(count - 1).center())) == count - 1
    assert tiles.item_at(QPointF(tiles.image_rect(count).center())) is None


def test_what_is_only_shown_cannot_be_chosen(make):
    tiles = make(320)
    chosen = []
    tiles.chosen.connect(chosen.append)
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.image_rect(1).center())
    assert chosen == []
    assert tiles.current is None
    assert tiles.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_tool_tips_show_names_letter_by_letter(make):
    tiles = make(320)
    text, _ = tiles.tip_at(QPointF(tiles.image_rect(3).center()))
    assert "&lt;i&gt;3&lt;/i&gt;" in text
