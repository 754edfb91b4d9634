"""Zoom of the interface, a view that fills the window, and presenter mode."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.my_digits.my_digits import MyDigits
from gui.training.session import Session
from gui.window.interface_scale import InterfaceScale
from gui.window.main_window import MainWindow
from gui.window.zoom import LEVELS
from tests.gui.driving import child


@pytest.fixture(autouse=True)
def _first_scale(qapp):
    yield
    InterfaceScale().set_factor(1)


def ratio(window):
    QApplication.processEvents()
    QApplication.processEvents()
    return window.devicePixelRatioF()


def test_the_zoom_is_live(window):
    """Fails where a version of Qt has no such function any more."""
    assert InterfaceScale().is_live
    on_screen = window.width()
    actions = window.actions_
    actions.zoom_in.trigger()
    assert ratio(window) == 1.1
    assert window.isVisible()
    assert window.width() == pytest.approx(on_screen / 1.1, abs=1)
    actions.zoom_out.trigger()
    actions.zoom_out.trigger()
    assert ratio(window) == 0.9
    actions.zoom_normal.trigger()
    assert ratio(window) == 1
    assert window.width() == pytest.approx(on_screen, abs=2)


def test_zooming_in_and_out_leaves_the_size_as_it_was(window):
    window.resize(1281, 723)
    for _ in range(3):
        for action in (window.actions_.zoom_in, window.actions_.zoom_out):
            action.trigger()
            QApplication.processEvents()
    assert (window.width(), window.height()) == (1281, 723)


def test_the_zoom_ends_at_80_and_200_percent(window):
    actions = window.actions_
    for action, end in ((actions.zoom_out, 0.8), (actions.zoom_in, 2)):
        for _ in LEVELS:
            action.trigger()
        assert ratio(window) == end
        assert not action.isEnabled()


def test_the_keys_of_the_zoom_are_those_of_a_browser(window):
    keys = {action.shortcut().toString() for action in window.actions_.all()}
    assert {"Ctrl++", "Ctrl+-", "Ctrl+0", "F11"} <= keys
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert ratio(window) == 1.1


def test_the_zoom_is_remembered(qtbot, themes, window, tmp_path):
    window.actions_.zoom_in.trigger()
    assert ratio(window) == 1.1
    window.close()
    InterfaceScale().set_factor(1)
    session = Session()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    second = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(second)
    second.show()
    assert ratio(second) == 1.1
    second.close()
    assert session.close()


def test_a_zoomed_window_may_be_as_small_as_before_and_scrolls(window):
    area = child(window, "zoomed_area")
    window.resize(960, 530)
    assert ratio(window) == 1
    assert not area.horizontalScrollBar().isVisible()
    assert not area.verticalScrollBar().isVisible()
    for _ in LEVELS:
        window.actions_.zoom_in.trigger()
    assert ratio(window) == 2
    assert window.width() == 480
    assert area.horizontalScrollBar().isVisible()
    assert area.widget().width() == 960


def double_click_tab(window, index):
    bar = window.tabs.tabBar()
    place = bar.tabRect(index).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=place)


def shown(window):
    parts = {
        "bar": window.transport,
        "left": child(window, "side_column"),
        "loss": window.curves.loss,
        "accuracy": window.curves.accuracy,
        "tabs": window.tabs,
        "pad": window.pad_panel,
    }
    return {name for name, part in parts.items() if part.isVisible()}


EVERYTHING = {"bar", "left", "loss", "accuracy", "tabs", "pad"}


def test_a_tab_fills_the_window_by_a_double_click_until_escape(window):
    assert shown(window) == EVERYTHING
    double_click_tab(window, 3)
    assert window.tabs.currentIndex() == 3
    assert shown(window) == {"tabs"}
    assert window.tabs.width() > window.width() - 40
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert shown(window) == EVERYTHING
    double_click_tab(window, 2)
    double_click_tab(window, 2)
    assert shown(window) == EVERYTHING


def test_a_chart_fills_the_window_by_a_double_click_on_its_title(window):
    for chart in ("loss", "accuracy"):
        heading = getattr(window.curves, chart).heading
        QTest.mouseDClick(heading, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        assert shown(window) == {chart}
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert shown(window) == EVERYTHING


@pytest.mark.parametrize(
    ("screen", "larger"),
    [((1920, 1080), 1.5), ((1280, 800), 1280 / 960), ((1920, 600), 600 / 530), ((800, 600), 1)],
)
def test_presenter_mode_shows_a_view_and_the_pad_as_large_as_all_of_them_fits(
    window, monkeypatch, screen, larger
):
    monkeypatch.setattr(window, "screen", lambda: QRect(0, 0, *screen))
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert shown(window) == {"tabs", "pad"}
    assert ratio(window) == pytest.approx(larger)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert ratio(window) == 1
    assert not window.isFullScreen()
    assert shown(window) >= EVERYTHING - {"left"}  # the screen of the tests is narrow


def test_what_is_in_the_menu_works_without_the_menu_bar(qtbot, window, session):
    window.actions_.fill.trigger()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: window.display.snapshot.step == 1)


def test_a_narrow_window_has_a_drawer_over_its_content(window):
    left = child(window, "side_column")
    window.resize(1199, 700)
    assert left.is_drawer
    assert not left.isVisible()
    places = window.tabs.geometry(), window.pad_panel.geometry()
    child(window, "drawer_handle").click()
    assert left.isVisible()
    assert (window.tabs.geometry(), window.pad_panel.geometry()) == places
    window.resize(1200, 700)
    assert not left.is_drawer
    assert left.isVisible()
    window.actions_.settings_shown.trigger()
    assert not left.isVisible()
    window.resize(1100, 700)
    window.actions_.lessons.trigger()
    assert left.isVisible()
    window.resize(1200, 700)
    assert not left.isVisible()  # as it was left in a wide window


def test_a_wide_window_has_a_larger_pad_unless_the_columns_were_moved(qapp, window):
    qapp.processEvents()
    pad = window.pad_panel.pad
    before = pad.width()
    window.resize(1920, 1000)
    qapp.processEvents()
    assert pad.width() > before + 60
    window.resize(1280, 800)
    qapp.processEvents()
    assert pad.width() == before
    for width in (1920, 960, 1280):
        window.resize(width, 800)
        qapp.processEvents()
    assert pad.width() == before
    columns = window.layout_.columns
    columns.moveSplitter(columns.widget(2).x() - 10, 2)
    moved = columns.widget(2).width()
    window.resize(1920, 1000)
    qapp.processEvents()
    assert columns.widget(2).width() == pytest.approx(moved, abs=3)


def test_the_columns_are_remembered_as_they_were_in_a_wide_window(window, tmp_path):
    state = window.layout_.columns.saveState()
    window.resize(1000, 700)
    window.actions_.fill.trigger()
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert settings.value("columns") in (None, state)
    assert settings.value("geometry") is None


def test_the_right_column_can_be_without_any_width(qtbot, window, qtlog):
    """As while another view fills the window."""
    window.pad_panel.resize(0, 300)
    assert not qtlog.records
