from PySide6.QtWidgets import QMainWindow

from gui.window.showing import show_on_screen
from gui.window.tab_table import TABS
from gui.window.window_layout import LEAST


def test_a_window_that_is_larger_than_the_screen_is_maximized(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(window.screen().availableSize())  # without room for the title bar
    show_on_screen(window)
    assert window.isMaximized()


def test_a_window_that_fits_keeps_its_size(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(400, 300)
    show_on_screen(window)
    assert window.isVisible()
    assert not window.isMaximized()
    assert (window.width(), window.height()) == (400, 300)


def test_on_a_large_screen_the_pad_grows_with_its_column(window, qtbot):
    sides = []
    for size in ((1280, 720), (1920, 1000), (2560, 1360)):
        window.resize(*size)
        qtbot.waitUntil(lambda: window.layout_.columns.width() > 0.7 * window.width())
        sides.append(min(window.pad_panel.pad.width(), window.pad_panel.pad.height()))
    assert sides[0] < sides[1] < sides[2]


def test_in_the_smallest_window_the_curves_keep_their_share(window, qtbot):
    window.resize(LEAST)
    curves, tabs = window.curves, window.tabs
    for tab in TABS:
        tabs.open(tab.name)
        qtbot.waitUntil(lambda: window.height() == LEAST.height())
        height = curves.height() + window.time_bar.height()
        assert height >= 0.4 * (height + tabs.height())
        for plot in (curves.loss, curves.accuracy):
            assert plot.canvas.height() >= 80
