"""The line on what was done."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from core.colors import DARK, LIGHT
from gui.widgets.result_line import UNDO, ResultLine


def test_a_link_has_the_colors_of_a_theme_that_comes_later(qtbot, themes):
    themes.choose(Qt.ColorScheme.Dark)
    line = ResultLine()
    qtbot.addWidget(line)
    line.say("<Done>", link=UNDO)
    line.adjustSize()
    assert line.text().startswith("&lt;Done&gt;")
    themes.choose(Qt.ColorScheme.Light)
    image = line.grab().toImage()
    colors = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert QColor(LIGHT.accent).rgb() in colors
    assert QColor(DARK.accent).rgb() not in colors
