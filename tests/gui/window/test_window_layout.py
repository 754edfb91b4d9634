from PySide6.QtWidgets import QMainWindow

from gui.window.window_layout import show_on_screen


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
