"""A classroom in the window: what it shows, and what it leaves as it was."""

from contextlib import suppress
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QTabWidget, QWidget

from core.classroom.classroom import SETTINGS, TABS
from core.classroom.handed_file import open_handed_file
from core.settings.settings_text import settings_text
from gui.training import dataset_choice
from gui.training.state import State
from gui.window.tab_table import TABS as TABS_OF_THE_WINDOW
from tests.core.classroom.classrooms import TEXT
from tests.core.digits import tiny_dataset
from tests.core.lessons.lesson_texts import TEXT as LESSON
from tests.core.pictures.sheets import sheet_of
from tests.gui.driving import child, click, message
from tests.gui.window.fitting import faults

LESSON_INSIDE = "[lesson]\n" + LESSON.replace("[[variants", "[[lesson.variants").replace(
    "[variants", "[lesson.variants"
)


@pytest.fixture
def open_text(window, tmp_path):
    def open_text(text=TEXT, name="class.toml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        window.opening.open_file(path)
        return path

    return open_text


_NOT_ARRANGED = ("qt_", "banner", "layer_size_", "activation_combo_")
"""Parts of messages, and what depends on the run."""


def arrangement(window):
    """What of the window a user sees and has arranged."""
    return {
        "visible": {
            name
            for each in window.findChildren(QWidget)
            if each.isVisible() and (name := each.objectName())
            if not name.startswith(_NOT_ARRANGED)
        },
        "tabs": [child(window, name, QTabWidget).currentIndex() for name in _TABS],
        "columns": window.layout_.columns.sizes(),
        "plots": window.layout_.plots.sizes(),
        "sections": window.settings_panel.open_sections,
        "actions": [action.isVisible() for action in window.actions_.all()],
        "menus": [menu.menuAction().isVisible() for menu in window.menuBar().findChildren(QMenu)],
    }


_TABS = ("left_tabs", "views_tabs")


def is_seen(window, *names):
    return [child(window, name).isVisible() for name in names]


def test_the_tabs_that_can_be_named_are_those_of_the_window():
    assert [tab.name for tab in TABS_OF_THE_WINDOW] == list(TABS)


def test_a_classroom_shows_what_it_names_and_begins_with_its_settings(window, session, open_text):
    path = open_text()
    assert session.config == open_handed_file(path).config
    assert session.state is State.PAUSED
    assert child(window, "classroom_title").text() == "Learning rates"
    assert child(window, "classroom_text").text() == "Find the largest rate that still learns."
    named = "learning_rate_slider", "momentum_slider", "l2_slider", "play_button", "loss_plot"
    assert is_seen(window, *named) == [True] * 5
    others = "batch_size_slider", "dropout_slider", "optimizer_combo", "dataset_combo"
    assert is_seen(window, *others, "step_button", "reset_button", "views_tabs") == [False] * 7
    assert is_seen(window, "augmentation_section", "add_layer_button", "preset_section") == [
        False,
        False,
        False,
    ]
    left = child(window, "left_tabs", QTabWidget)
    assert [left.isTabVisible(index) for index in range(3)] == [True, False, False]


def test_what_is_hidden_has_no_keys_and_no_entries_in_menus(window, session, open_text):
    open_text()
    actions = window.actions_
    hidden = [actions.step, actions.reset, actions.use_mnist, actions.add_layer, actions.lessons]
    assert not any(action.isVisible() or action.isEnabled() for action in hidden)
    assert actions.play.isEnabled()
    assert actions.faster.isEnabled()
    menus = {menu.title(): menu for menu in window.menuBar().findChildren(QMenu)}
    assert menus["&Network"].menuAction().isVisible()
    run, config = session.run, session.config
    QTest.keyClick(window, Qt.Key.Key_R)
    QTest.keyClick(window, Qt.Key.Key_B)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert (session.run, session.state, session.config) == (run, State.PAUSED, config)
    open_text(TEXT.replace('"pad", ', "").replace('"learning_rate", ', ""))
    assert not menus["&Network"].menuAction().isVisible()
    assert not menus["&Pad"].menuAction().isVisible()
    QTest.keyClick(window, Qt.Key.Key_3)  # a correction, where there is a pad


def test_the_state_of_the_session_does_not_bring_back_what_is_hidden(window, session, open_text):
    open_text()
    session.set_hyperparameters(replace(session.config.hyperparameters, optimizer="sgd"))
    assert is_seen(window, "momentum_slider") == [False]
    session.set_hyperparameters(replace(session.config.hyperparameters, optimizer="adam"))
    assert is_seen(window, "momentum_slider") == [True]
    open_text(TEXT.replace('"momentum", "l2"', '"optimizer"'))
    assert is_seen(window, "optimizer_combo") == [True]
    session.set_hyperparameters(replace(session.config.hyperparameters, optimizer="adam"))
    assert is_seen(window, "momentum_slider") == [False]
    click(window, "play_button")
    window.actions_.play.trigger()
    assert not window.actions_.step.isEnabled()


def test_leaving_brings_back_what_the_user_had(window, open_text, qtbot):
    window.tabs.open("layers")
    window.settings_panel.open_only(["schedule_section"])
    window.layout_.columns.setSizes([400, 500, 340])
    window.layout_._note_hand()
    qtbot.wait(1)
    before = arrangement(window)
    open_text()
    assert arrangement(window) != before
    open_text(TEXT.replace("tabs = []", 'tabs = ["mistakes", "my_digits"]'))
    tabs = child(window, "views_tabs", QTabWidget)
    assert [i for i in range(tabs.count()) if tabs.isTabVisible(i)] == [4, 9]
    assert not window.tabs.is_made("weights") or window.tabs.is_made("mistakes")
    click(window, "leave_classroom_button")
    qtbot.wait(100)
    assert arrangement(window) == before


def test_nothing_that_is_remembered_is_changed(window, open_text, tmp_path, qtbot):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window.tabs.open("flow")
    window.layout_.remember(window, settings)
    window._choices.remember()
    # A column that is narrower than its content is shown wider: what is seen counts.
    as_seen, widths = {"geometry", "columns"}, window.layout_.columns.sizes()
    kept = {key: settings.value(key) for key in settings.allKeys() if key not in as_seen}
    open_text(TEXT.replace("tabs = []", 'tabs = ["maths"]'))
    assert window.close()
    settings.sync()
    assert settings.contains("columns")
    assert window.layout_.columns.sizes() == widths
    assert {key: settings.value(key) for key in kept} == kept
    assert not settings.contains("recent_runs")
    assert not settings.contains("data_dir")


@pytest.mark.parametrize("answer", ["Cancel", "Discard"])
def test_an_unsaved_run_is_asked_about(window, session, open_text, qtbot, monkeypatch, answer):
    button = QMessageBox.StandardButton[answer]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    session.step()
    qtbot.waitUntil(lambda: session.state is State.PAUSED and window.files.is_modified)
    run = session.run
    open_text()
    assert (session.run is run) == (answer == "Cancel")
    assert (window.classroom.classroom is None) == (answer == "Cancel")
    if answer == "Discard":  # and even so there is a way back
        qtbot.waitUntil(window.actions_.previous_run.isEnabled)


def test_a_faulty_classroom_changes_nothing(window, session, open_text):
    before, run = arrangement(window), session.run
    for fault in ("tabs = [3]", "contols = []", 'lesson = "gone.toml"'):
        open_text(TEXT.replace("tabs = []", fault))
        assert "class.toml, line 5: " in message(window)
        assert (arrangement(window), session.run) == (before, run)


def test_data_that_cannot_be_loaded_changes_nothing(window, session, open_text, tmp_path, qtbot):
    (tmp_path / "data").mkdir()
    text = TEXT.replace("tabs = []", 'tabs = []\ndata_dir = "data"').replace("strokes", "mnist")
    before, run = arrangement(window), session.run
    with qtbot.waitSignal(session.data.failed):
        open_text(text)
    assert str(tmp_path / "data") in message(window)
    assert session.data.folder_of("mnist") is None
    assert session.run is run
    assert arrangement(window) == before


def test_the_folder_of_a_classroom_is_not_remembered(
    window, session, open_text, tmp_path, qtbot, monkeypatch
):
    asked = []

    def load(name, data_dir, progress):
        asked.append(data_dir)
        return replace(tiny_dataset(), name=name)

    monkeypatch.setattr(dataset_choice, "load_dataset", load)
    (tmp_path / "data").mkdir()
    text = TEXT.replace("tabs = []", 'tabs = []\ndata_dir = "data"').replace("strokes", "mnist")
    with qtbot.waitSignal(session.run_started):
        open_text(text)
    assert asked == [tmp_path / "data"]
    assert session.config.dataset == "mnist"
    assert window.classroom.classroom is not None
    assert session.data.folder_of("mnist") is None
    assert not window._settings.contains("data_dir")


def test_the_lesson_of_a_classroom_is_open_and_the_others_are_not_in_reach(window, open_text):
    open_text(TEXT.replace("[settings]", LESSON_INSIDE + "[settings]"))
    assert window.lessons.lesson.title == "Two rates"
    assert is_seen(window, "lesson_card", "lesson_back_button") == [True, False]
    click(window, "leave_classroom_button")
    window.actions_.lessons.trigger()
    assert is_seen(window, "lesson_card", "lesson_back_button") == [True, True]


def test_lessons_and_settings_are_opened_as_what_they_are(window, session, open_text):
    open_text(LESSON, "lesson.toml")
    assert is_seen(window, "lesson_card") == [True]
    wanted = replace(session.config, seed=99)
    open_text(settings_text(wanted), "settings.toml")
    assert session.config == wanted
    assert message(window) == ""
    open_text('kind = "lessons"', "what.toml")
    assert "what.toml, line 1: 'kind' should be one of" in message(window)


def test_a_file_is_dropped_or_chosen(window, session, open_text, tmp_path, monkeypatch):
    path = open_text('kind = "nothing"')
    path.write_text(TEXT)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none)
    window.dragEnterEvent(drop)
    window.dropEvent(drop)
    assert window.classroom.classroom is not None
    window.actions_.leave_classroom.trigger()
    assert window.classroom.classroom is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.actions_.open.trigger()
    assert window.classroom.classroom is not None


def test_what_a_teacher_saves_can_be_opened(window, session, tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    before = arrangement(window)
    window.actions_.save_classroom.trigger()
    assert "Classroom saved to" in message(window)
    assert open_handed_file(path).config == session.config
    window.opening.open_file(path)
    seen = arrangement(window)
    assert before["visible"] <= seen["visible"]


ROOMS = [
    (("pad", "play"), ()),
    (("curves", "learning_rate"), ()),
    (("curves", "pad", *SETTINGS), ()),
    (("lessons",), ("mistakes",)),
    (("pad", "play", "speed", "search"), ("mistakes", "sheet")),
]


def test_everything_that_is_shown_has_room(window, open_text, qtbot):
    window.resize(960, 560)
    for controls, tabs in ROOMS:
        lines = [f"controls = {list(controls)}", f"tabs = {list(tabs)}"]
        open_text("\n".join(['kind = "classroom"', 'title = "A"', 'text = "B"', *lines]))
        assert window.classroom.classroom.controls == set(controls)
        with suppress(qtbot.TimeoutError):
            qtbot.waitUntil(lambda: faults(window) == [], timeout=1000)
        assert faults(window) == [], (controls, tabs)
    window.resize(1024, 630)
    text = TEXT.replace("Find the", 40 * "and " + "find the")
    open_text(text.replace("tabs = []", 'tabs = ["weights"]'))
    qtbot.waitUntil(lambda: child(window, "classroom_text").height() > 20)
    assert child(window, "zoomed_area").verticalScrollBar().maximum() == 0


def test_tab_goes_through_what_is_shown(window, open_text, qtbot):
    open_text()
    window.activateWindow()
    window.pad_panel.pad.setFocus()
    stops = []
    for _ in range(40):
        window.focusNextPrevChild(True)
        stops.append(window.focusWidget())
    assert all(stop.isVisible() for stop in stops)
    names = [stop.objectName() for stop in dict.fromkeys(stops)]
    order = [names.index(name) for name in ("leave_classroom_button", "play_button")]
    assert order == sorted(order)
    assert "learning_rate_slider" in names


def test_a_picture_of_several_digits_needs_its_tab(window, open_text):
    open_text()
    window.pictures.show_sheet(sheet_of(3, 3))
    assert "one digit at a time" in child(window, "pad_remark").text()


def test_presenting_shows_what_the_classroom_has(window, open_text, qtbot):
    open_text()
    window.actions_.fill.trigger()
    assert is_seen(window, "loss_plot", "views_tabs", "classroom_bar") == [True, False, False]
    window.actions_.leave_view.trigger()
    assert is_seen(window, "loss_plot", "views_tabs", "classroom_bar") == [True, False, True]
