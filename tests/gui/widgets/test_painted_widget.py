"""What painted widgets have in common: the theme, the item under the mouse, and its tool tip."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from core.colors import DARK, LIGHT
from gui.widgets.painted_widget import PaintedWidget


class Halves(PaintedWidget[str]):
    """A left half, which has a tool tip, and a right half, which has none."""

    def item_at(self, position):
        return "left" if position.x() < self.width() / 2 else "right"

    def tip_at(self, position):
        return ("the left half", QRect()) if self.item_at(position) == "left" else None

    def paintEvent(self, event):
        QPainter(self).fillRect(self.rect(), QColor(self._theme.surface))


@pytest.fixture
def halves(qtbot):
    widget = Halves()
    qtbot.addWidget(widget)
    widget.setMouseTracking(True)
    widget.resize(100, 40)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_the_theme_colors_what_is_drawn(halves):
    for theme in (LIGHT, DARK):
        halves.apply_theme(theme)
        assert halves.grab().toImage().pixelColor(50, 20) == QColor(theme.surface)


def test_the_mouse_marks_the_item_below_it_until_it_leaves(halves):
    for x, item in ((10, "left"), (90, "right")):
        QTest.mouseMove(halves, QPoint(x, 20))
        assert halves.hovered == item
    QApplication.sendEvent(halves, QEvent(QEvent.Type.Leave))
    assert halves.hovered is None


@pytest.mark.parametrize(("x", "text"), [(10, "the left half"), (90, "the widget's own")])
def test_a_place_without_a_tip_shows_the_widgets(halves, x, text):
    halves.setToolTip("the widget's own")
    place = QPoint(x, 20)
    QApplication.sendEvent(
        halves, QHelpEvent(QEvent.Type.ToolTip, place, halves.mapToGlobal(place))
    )
    assert QToolTip.text() == text
    QToolTip.hideText()
