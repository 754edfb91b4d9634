from PySide6.QtCore import QPoint, QRect, QSize, QTimerEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar, QToolTip

from gui.widgets.tool_tips import explained, improve_tool_tip, place_beside, wrapped

LONG = "How large each step is: too small learns slowly, too large overshoots the minimum. " * 3


def shown_tip():
    (tip,) = (
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QLabel) and widget.inherits("QTipLabel") and widget.isVisible()
    )
    return tip


def test_lines_have_at_most_40_characters_and_breaks_stay():
    assert max(map(len, wrapped(LONG).split("\n"))) <= 40
    assert wrapped(LONG).split() == LONG.split()
    assert wrapped("95 %: +2\n75 %: +1") == "95 %: +2\n75 %: +1"


def test_a_long_tip_is_wrapped_beside_its_button(qtbot):
    button = QPushButton("A button")
    qtbot.addWidget(button)
    button.setToolTip(LONG)
    button.show()
    button.move(100, 100)
    qtbot.waitExposed(button)
    middle = button.mapToGlobal(button.rect().center())
    QCursor.setPos(middle)
    QToolTip.showText(middle, button.toolTip(), button)
    before = shown_tip().width()
    improve_tool_tip()
    tip = shown_tip()
    assert tip.text() == wrapped(LONG)
    assert tip.width() < before
    on_screen = QRect(button.mapToGlobal(QPoint(0, 0)), button.size())
    assert explained(middle, LONG) == on_screen
    assert not tip.geometry().intersects(on_screen)
    QToolTip.hideText()


def test_the_app_improves_what_a_timer_has_shown(qtbot, qapp):
    """Qt shows a tip when a timer of the application's ends."""
    button = QPushButton("A button")
    qtbot.addWidget(button)
    button.show()
    qtbot.waitExposed(button)
    QToolTip.showText(button.mapToGlobal(button.rect().center()), LONG, button)
    QApplication.sendEvent(qapp, QTimerEvent(0))
    assert shown_tip().text() == wrapped(LONG)
    QToolTip.hideText()


def test_a_tab_is_explained_and_not_the_whole_bar(qtbot):
    bar = QTabBar()
    qtbot.addWidget(bar)
    for title in ("Weights", "Flow", "Layers"):
        bar.addTab(title)
    bar.show()
    qtbot.waitExposed(bar)
    place = bar.tabRect(1)
    on_screen = explained(bar.mapToGlobal(place.center()), "")
    assert on_screen == place.translated(bar.mapToGlobal(QPoint(0, 0)))


def test_a_tip_at_the_screens_edge_is_above_and_inside():
    screen = QRect(0, 0, 800, 600)
    what, size = QRect(700, 560, 90, 30), QSize(300, 100)
    tip = QRect(place_beside(what, size, screen), size)
    assert screen.contains(tip)
    assert not tip.intersects(what)
    assert tip.bottom() < what.top()
