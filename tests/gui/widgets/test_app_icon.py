import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtSvg import QSvgRenderer

from gui.widgets.app_icon import ICONS, app_icon
from scripts.make_icons import MAC_SIZES, SIZES, WINDOWS_SIZES, render


def test_the_icon_has_all_sizes_of_desktops(qapp):
    assert set(app_icon().availableSizes()) == {QSize(size, size) for size in SIZES}


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_is_the_drawing_at_its_size(size):
    renderer = QSvgRenderer(str(ICONS / "digitscope.svg"))
    with Image.open(ICONS / f"digitscope-{size}.png") as picture:
        drawn = render(renderer, size)
        assert picture.size == drawn.size
        difference = np.asarray(picture, np.int16) - np.asarray(drawn, np.int16)
    assert np.abs(difference).mean() < 2  # versions of Qt may round the edges differently


def test_windows_and_macos_get_their_sizes():
    with Image.open(ICONS / "digitscope.ico") as icon:
        assert icon.info["sizes"] == {(size, size) for size in WINDOWS_SIZES}
    with Image.open(ICONS / "digitscope.icns") as icon:
        sizes = {width * scale for width, _, scale in icon.info["sizes"]}
    assert sizes == set(MAC_SIZES)
