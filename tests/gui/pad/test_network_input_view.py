import numpy as np
import pytest

from core.colors import DARK, LIGHT, rgb
from gui.pad.network_input_view import NetworkInputView


@pytest.mark.parametrize("scale", [1, 2, 3])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_ink_is_shown_pixel_by_pixel(qtbot, theme, scale):
    view = NetworkInputView()
    qtbot.addWidget(view)
    view.resize(view.size_of(scale))
    view.apply_theme(theme)
    image = np.zeros((28, 28), np.uint8)
    image[3, 20] = 255
    view.show_image(image)
    picture = view.grab().toImage()
    at = [1 + scale * i + scale // 2 for i in range(28)]
    shown = np.array([[picture.pixelColor(x, y).getRgb()[:3] for x in at] for y in at])
    expected = np.tile(rgb(theme.surface), (28, 28, 1))
    expected[3, 20] = rgb(theme.text)
    np.testing.assert_array_equal(shown, expected)
