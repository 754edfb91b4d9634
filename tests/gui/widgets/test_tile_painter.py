import numpy as np
import pytest

from core.colors import DARK, LIGHT
from gui.widgets.digit_tiles import TILE_HEIGHT, TILE_WIDTH, ZOOM
from gui.widgets.tile_painter import ink_table, mosaic


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_background_has_the_surface_color_and_ink_the_text_color(theme):
    table = ink_table(theme)
    assert f"#{table[0]:08X}" == theme.surface.replace("#", "#FF")
    assert f"#{table[255]:08X}" == theme.text.replace("#", "#FF")


@pytest.mark.parametrize("count", [1, 3, 4, 7])
def test_the_picture_contains_every_image_and_nothing_else(count):
    images = np.random.default_rng(0).integers(0, 256, (count, 784)).astype(np.uint8)
    table = np.arange(1, 257, dtype=np.uint32)
    picture = mosaic(images, 3, table)
    assert picture.flags.c_contiguous
    for tile in range(count):
        row, column = divmod(tile, 3)
        top, left = row * TILE_HEIGHT // ZOOM, column * TILE_WIDTH // ZOOM
        place = picture[top : top + 28, left : left + 28]
        np.testing.assert_array_equal(place, table[images[tile]].reshape(28, 28))
    assert np.count_nonzero(picture) == count * 784
