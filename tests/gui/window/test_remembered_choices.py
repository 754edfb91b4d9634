"""What was chosen is there at the next start."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QSlider, QTabWidget

from core.colors import DARK, LIGHT
from core.my_digits.my_digits import MyDigits
from gui.training.session import Session
from gui.window.main_window import MainWindow
from tests.gui.driving import child, choose, click


@pytest.fixture
def start(qtbot, themes, tmp_path):
    """Open a window with the settings of the one before, as at the next start."""
    opened = []

    def start():
        themes.choose(Qt.ColorScheme.Unknown)
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        session = Session()
        window = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
        qtbot.addWidget(window)
        window.show()
        opened.append((window, session))
        return window

    yield start
    for window, session in opened:
        window.close()
        assert session.close()


def test_the_scheme_is_remembered_as_soon_as_it_is_chosen(start, themes):
    window = start()
    assert themes.theme is LIGHT
    window.actions_.scheme.actions()[2].trigger()
    # Not closed: the app may be killed.
    again = start()
    assert themes.theme is DARK
    assert again.actions_.scheme.checkedAction().data() == Qt.ColorScheme.Dark
    again.actions_.scheme.actions()[0].trigger()
    start()
    assert themes.theme is LIGHT


def test_a_scheme_of_the_command_line_is_not_remembered(start, themes, qtbot, tmp_path):
    window = start()
    window.actions_.scheme.actions()[1].trigger()
    themes.choose(Qt.ColorScheme.Dark)
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    session = Session()
    other = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(other)
    assert themes.theme is DARK
    assert session.close()
    start()
    assert themes.theme is LIGHT


def test_choices_of_views_are_remembered(start):
    window = start()
    choose(window, "axis_combo", "epoch")
    choose(window, "on_change_combo", False)
    choose(window, "weights_scale", "unit")
    window.actions_.log_scale.trigger()
    child(window, "brush_slider", QSlider).setValue(30)
    window.tabs.open("layers")
    left = child(window, "left_tabs", QTabWidget)
    left.setCurrentIndex(1)
    assert window.close()
    QApplication.processEvents()

    window = start()
    assert window.curves.axis == "epoch"
    assert window._session.keeps_learned is False
    assert child(window, "weights_scale").currentData() == "unit"
    assert window.actions_.log_scale.isChecked()
    assert window.pad_panel.pad.brush == 30
    assert window.tabs.tabText(window.tabs.currentIndex()) == "Layers"
    assert child(window, "left_tabs", QTabWidget).currentIndex() == 1


def test_the_look_of_flow_is_remembered(start):
    window = start()
    window.tabs.open("activations")
    assert window.close()
    window = start()
    assert window.tabs.tabText(window.tabs.currentIndex()) == "Flow"
    assert child(window, "activations_view").isVisible()


def test_a_tab_of_an_earlier_version_opens_what_has_become_of_it(start, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("views_tabs", "Activations")
    settings.sync()
    window = start()
    assert window.tabs.tabText(window.tabs.currentIndex()) == "Flow"
    assert child(window, "activations_view").isVisible()


def test_what_is_made_late_is_restored_then(start):
    window = start()
    window.tabs.open("runs")
    header = child(window, "runs_table").horizontalHeader()
    header.resizeSection(1, 222)
    header.moveSection(4, 3)
    window.tabs.open("weights")
    assert window.close()
    window = start()
    assert window.findChild(type(header.parent()), "runs_table") is None
    window.tabs.open("runs")
    header = child(window, "runs_table").horizontalHeader()
    assert header.sectionSize(1) == 222
    assert header.logicalIndex(3) == 4


def test_open_sections_beside_the_data_are_remembered(start):
    window = start()
    window.tabs.open("data")
    click(window, "augmentation_in_data")
    click(window, "nearest_in_data")
    assert window.close()
    window = start()
    sections = window.tabs.view("data").column.sections
    assert [section.is_open for section in sections] == [False, True, True]


def test_nonsense_in_the_settings_is_passed_over(start, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    for key in ("scheme", "axis_combo", "brush_slider", "runs_table", "left_tabs", "views_tabs"):
        settings.setValue(key, "??")
    settings.setValue("classes_in_data", "??")
    settings.sync()
    window = start()
    window.tabs.open("data")
    assert child(window, "classes_in_data").isChecked()
    window.tabs.open("runs")
    assert window.curves.axis == "step"
