import itertools
import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from core.colors import DARK, LIGHT
from core.runs.run_comparison import UNUSED
from core.runs.run_library import RunLibrary
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.settings_text import read_settings
from gui.runs.run_columns import BEGAN, COLUMNS, CURVE, NAME, NOTE, TICK
from gui.runs.run_thumbnails import thumbnail_heights
from gui.runs.runs_view import RunsView
from tests.core.runs.run_records import make_curves, make_record
from tests.gui.runs.shown_runs import names, show_runs
from tests.gui.widgets.test_theme import as_seen_without_green, contrast

ACCURACY = 3


@pytest.fixture
def make_view(qtbot, library):
    """Put runs 1, 2, … of these fields into the library, and show them."""

    def make(*runs):
        for number, fields in enumerate(runs, start=1):
            library.put(make_record(number, **fields), make_curves(steps=10 + number))
        return show_runs(qtbot, library)

    return make


@pytest.fixture
def overlaid(qtbot):
    """Return a list that always holds the view's newest overlays."""

    def watch(view):
        newest = []
        view.overlays_changed.connect(lambda overlays: newest.__setitem__(slice(None), overlays))
        return newest

    return watch


def cell(view, name, column):
    return view.table.filter.index(names(view).index(name), column)


def click(view, name, column=TICK):
    place = view.table.visualRect(cell(view, name, column)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def select(view, *chosen):
    view.table.clearSelection()
    for name in chosen:
        index = cell(view, name, NAME)
        flags = view.table.selectionModel().SelectionFlag
        view.table.selectionModel().setCurrentIndex(index, flags.Select | flags.Rows)


def press(view, key):
    QTest.keyClick(view.table, key)


def differences(view):
    table = view.difference.table
    if table.isHidden():
        return {}
    return {
        table.item(row, 0).text(): [
            table.item(row, column).text() for column in range(1, table.columnCount())
        ]
        for row in range(table.rowCount())
    }


# --- the list ---------------------------------------------------------------------------------


def test_without_runs_it_says_what_to_do(make_view):
    view = make_view()
    assert view.empty.isVisible()
    assert "Space" in view.empty.text()
    assert not view.table.isVisible()


def test_runs_are_listed_newest_first(make_view):
    view = make_view({}, {}, {})
    assert names(view) == ["Run 3", "Run 2", "Run 1"]
    assert not view.empty.isVisible()
    assert view.count.text() == "3 runs"


def test_a_row_shows_settings_and_metrics(make_view):
    config = RunConfig(
        dataset="mnist",
        network=NetworkConfig(hidden=(30, 20)),
        hyperparameters=Hyperparameters(0.003, batch_size=128, optimizer="adam"),
    )
    view = make_view(
        {
            "config": config,
            "test_accuracy": 0.97123,
            "test_loss": 0.1,
            "epochs": 2.5,
            "seconds": 75.2,
            "live_changes": 3,
            "note": "mine",
        }
    )
    shown = {column.title: cell(view, "Run 1", i).data() for i, column in enumerate(COLUMNS)}
    assert shown.items() >= {
        ("Layers", "30-20"),
        ("Optimizer", "Adam"),
        ("Rate", "0.003"),
        ("Batch", "128"),
        ("Data", "MNIST"),
        ("Accuracy", "97.12 %"),
        ("Loss", "0.1000"),
        ("Epochs", "2.5"),
        ("Time", "1 min 15 s"),
        ("Changes", "3"),
        ("Note", "mine"),
    }


def test_dates_are_written_as_in_the_users_locale(make_view, german):
    view = make_view({"began": datetime(2026, 3, 21, 16, 5).timestamp()})
    assert cell(view, "Run 1", BEGAN).data() == "21.03.26 16:05"


def test_a_click_on_a_heading_sorts(make_view):
    view = make_view({"test_accuracy": 0.9}, {"test_accuracy": None}, {"test_accuracy": 0.1})
    header = view.table.horizontalHeader()

    def click_heading(column):
        x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        place = QPoint(x, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return names(view)

    worst_first = ["Run 2", "Run 3", "Run 1"]
    assert click_heading(ACCURACY) == worst_first
    assert click_heading(ACCURACY) == worst_first[::-1]
    assert click_heading(NAME) == ["Run 1", "Run 2", "Run 3"]


def test_a_run_of_unknown_duration_is_listed_below_all_others(make_view):
    view = make_view({"seconds": 2.0}, {"seconds": math.nan}, {"seconds": 1.0})
    duration = next(i for i, column in enumerate(COLUMNS) if column.title == "Time")
    view.table.sortByColumn(duration, Qt.SortOrder.DescendingOrder)
    assert names(view) == ["Run 1", "Run 3", "Run 2"]
    assert cell(view, "Run 2", duration).data() == UNUSED


def test_run_10_comes_after_run_9(make_view):
    view = make_view(*[{}] * 10)
    view.table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    assert names(view) == [f"Run {number}" for number in range(1, 11)]


def test_the_filter_wants_all_words_in_any_column(make_view):
    adam = RunConfig(hyperparameters=Hyperparameters(0.001, optimizer="adam"))
    last = {"name": "third", "note": "wobbles"}
    view = make_view({"config": adam, "note": "wobbles"}, {"config": adam}, last)
    for text, expected in (
        ("adam", ["Run 2", "Run 1"]),
        ("WOBBLES adam", ["Run 1"]),
        ("third", ["third"]),
        ("nothing like it", []),
        ("", ["third", "Run 2", "Run 1"]),
    ):
        QTest.keyClick(view.filter, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(view.filter, Qt.Key.Key_Delete)
        QTest.keyClicks(view.filter, text)
        assert names(view) == expected
    QTest.keyClicks(view.filter, "adam")
    assert view.count.text() == "2 of 3 runs"


def test_a_run_of_another_window_is_there_when_this_is_shown_again(make_view, library):
    view = make_view({})
    other = RunLibrary(library.path)
    other.put(make_record(2), make_curves())
    other.close()
    view.hide()
    view.show()
    assert names(view) == ["Run 2", "Run 1"]


def test_runs_deleted_in_another_window_disappear_except_the_current_one(
    make_view, library, overlaid
):
    view = make_view({}, {})
    shown = overlaid(view)
    view.show_present(make_record(1))
    click(view, "Run 2")
    assert len(shown) == 1
    other = RunLibrary(library.path)
    other.delete([make_record(1).id, make_record(2).id])
    other.close()
    view.hide()
    view.show()
    assert names(view) == ["Run 1"]
    assert shown == []


def test_a_library_that_cannot_be_read_is_named(qtbot, library):
    view = RunsView(library)
    qtbot.addWidget(view)
    library.close()
    view.show()
    assert "runs.sqlite" in view.message.text()


# --- ticking ----------------------------------------------------------------------------------


def test_ticked_runs_are_overlaid_in_the_order_of_ticking(make_view, overlaid):
    view = make_view({}, {}, {})
    newest = overlaid(view)
    click(view, "Run 1")
    click(view, "Run 3")
    assert [(title, color) for title, color, _ in newest] == [
        ("Run 1", LIGHT.overlays[0]),
        ("Run 3", LIGHT.overlays[1]),
    ]
    assert [len(curves.step) for _, _, curves in newest] == [11, 13]


def test_a_run_keeps_its_color_when_another_is_removed(make_view, overlaid):
    view = make_view({}, {}, {})
    newest = overlaid(view)
    for name in ("Run 1", "Run 2", "Run 1", "Run 3"):
        click(view, name)
    assert [(title, color) for title, color, _ in newest] == [
        ("Run 2", LIGHT.overlays[1]),
        ("Run 3", LIGHT.overlays[0]),
    ]


def test_at_most_eight_runs_are_overlaid(make_view, overlaid):
    view = make_view(*[{}] * 9)
    newest = overlaid(view)
    select(view, *names(view))
    press(view, Qt.Key.Key_Return)
    assert len(newest) == 8
    assert len({color for _, color, _ in newest}) == 8
    assert "8" in view.message.text()


def test_enter_ticks_a_run_and_a_second_enter_unticks_it(make_view, overlaid):
    view = make_view({}, {})
    newest = overlaid(view)
    select(view, "Run 1")
    press(view, Qt.Key.Key_Return)
    assert [title for title, _, _ in newest] == ["Run 1"]
    press(view, Qt.Key.Key_Return)
    assert newest == []


def test_another_theme_brings_its_colors(make_view, overlaid):
    view = make_view({})
    newest = overlaid(view)
    click(view, "Run 1")
    view.apply_theme(DARK)
    assert newest[0][1] == DARK.overlays[0]


def test_lost_curves_of_a_run_are_reported(make_view, overlaid, library):
    view = make_view({}, {})
    newest = overlaid(view)
    click(view, "Run 1")
    view.model._library._connection.execute("DELETE FROM curves WHERE id = ?", [f"{2:032x}"])
    click(view, "Run 2")
    assert [title for title, _, _ in newest] == ["Run 1"]
    assert "curves" in view.message.text()


# --- what differs -----------------------------------------------------------------------------


def test_only_the_settings_that_differ_are_shown(make_view):
    view = make_view(
        {"config": RunConfig(seed=3)},
        {"config": RunConfig(hyperparameters=Hyperparameters(0.5))},
        {"config": RunConfig(dataset="mnist")},
    )
    assert "Tick" in view.difference.message.text()
    click(view, "Run 1")
    assert differences(view) == {}
    click(view, "Run 2")
    assert differences(view) == {"Seed": ["3", "0"], "Learning rate": ["0.1", "0.5"]}
    headings = view.difference.table.horizontalHeaderItem
    assert [headings(column).text() for column in (1, 2)] == ["Run 1", "Run 2"]
    click(view, "Run 1")
    assert differences(view) == {}


def test_the_current_run_is_compared_too(make_view):
    view = make_view({}, {})
    view.show_present(make_record(9, name="Run 9", config=RunConfig(seed=5)))
    assert differences(view) == {}
    click(view, "Run 1")
    assert differences(view) == {"Seed": ["5", "0"]}
    view.end_present()
    assert differences(view) == {}


def test_runs_with_the_same_settings_are_reported_as_equal(make_view):
    view = make_view({}, {})
    click(view, "Run 1")
    click(view, "Run 2")
    assert differences(view) == {}
    assert "same settings" in view.difference.message.text()


# --- the current run --------------------------------------------------------------------------


def test_the_current_run_joins_and_continues(make_view):
    view = make_view({})
    present = make_record(9, name="Run 9", epochs=1.0)
    view.show_present(present)
    assert names(view) == ["Run 9", "Run 1"]
    view.show_present(replace(present, epochs=2.0, test_accuracy=0.5))
    assert cell(view, "Run 9", ACCURACY).data() == "50.00 %"
    assert names(view) == ["Run 9", "Run 1"]


def test_the_current_run_is_listed_once(make_view, library):
    """It may be announced before the library is first read, and is also in the library."""
    library.put(make_record(9), make_curves())
    view = RunsView(library)
    view.show_present(make_record(9, name="Run 1"))
    view.show()
    assert names(view) == ["Run 1"]
    view.deleteLater()


def test_the_current_run_is_not_ticked_until_it_has_ended(make_view, overlaid):
    view = make_view({})
    newest = overlaid(view)
    view.show_present(make_record(1, name="Run 1"))
    click(view, "Run 1")
    assert newest == []
    view.end_present()
    click(view, "Run 1")
    assert [title for title, _, _ in newest] == ["Run 1"]


def test_the_users_name_stays_while_the_run_continues(make_view):
    view = make_view({})
    view.show_present(make_record(1, name="Run 1"))
    view.model.setData(view.model.index(0, NAME), "mine")
    view.show_present(make_record(1, name="Run 1", test_accuracy=0.5))
    assert cell(view, "mine", ACCURACY).data() == "50.00 %"


# --- deleting ---------------------------------------------------------------------------------


def test_delete_and_undo(make_view, library):
    view = make_view({}, {}, {})
    select(view, "Run 1", "Run 3")
    press(view, Qt.Key.Key_Delete)
    assert names(view) == ["Run 2"]
    assert len(library.records()) == 1
    assert "2 runs deleted." in view.message.text()
    view.message.linkActivated.emit("undo")
    assert names(view) == ["Run 3", "Run 2", "Run 1"]
    assert len(library.records()) == 3
    assert view.message.text() == ""


def test_a_deleted_run_is_no_longer_overlaid(make_view, overlaid):
    view = make_view({}, {})
    newest = overlaid(view)
    click(view, "Run 1")
    click(view, "Run 2")
    select(view, "Run 1")
    press(view, Qt.Key.Key_Delete)
    assert [title for title, _, _ in newest] == ["Run 2"]


def test_the_current_run_is_not_deleted(make_view, library):
    view = make_view({}, {})
    view.show_present(make_record(2, name="Run 2"))
    select(view, "Run 1", "Run 2")
    press(view, Qt.Key.Key_Delete)
    assert names(view) == ["Run 2"]
    assert "1 run deleted. The current run cannot be deleted." in view.message.text()
    select(view, "Run 2")
    press(view, Qt.Key.Key_Delete)
    assert names(view) == ["Run 2"]


def test_deleting_all_runs_looks_like_having_none(make_view):
    view = make_view({})
    select(view, "Run 1")
    press(view, Qt.Key.Key_Delete)
    assert view.empty.isVisible()
    view.message.linkActivated.emit("undo")
    assert view.table.isVisible()


# --- names, notes, files, settings --------------------------------------------------------------


@pytest.mark.parametrize(("column", "field"), [(NAME, "name"), (NOTE, "note")])
def test_names_and_notes_are_edited_in_place_and_saved(qtbot, make_view, library, column, field):
    view = make_view({})
    index = cell(view, "Run 1", column)
    view.table.setCurrentIndex(index)
    view.table.edit(index)
    (editor,) = view.table.viewport().findChildren(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "wide and 8")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.table.filter.index(0, column).data() == "wide and 8")
    assert getattr(library.records()[0], field) == "wide and 8"


def test_an_empty_name_restores_the_number(make_view):
    view = make_view({"name": "mine"})
    view.model.setData(view.model.index(0, NAME), "  ")
    assert names(view) == ["Run 1"]


def test_an_overlaid_run_is_overlaid_by_its_new_name(make_view, overlaid):
    view = make_view({})
    newest = overlaid(view)
    click(view, "Run 1")
    view.model.setData(view.model.index(0, NAME), "mine")
    assert [title for title, _, _ in newest] == ["mine"]


def menu_action(view, text):
    (action,) = [a for a in view.table.make_menu().actions() if a.text().startswith(text)]
    return action


def test_a_runs_file_is_opened(qtbot, make_view, tmp_path):
    file = tmp_path / "run.npz"
    file.touch()
    view = make_view({"path": file}, {"path": tmp_path / "gone.npz"}, {})
    select(view, "Run 1")
    with qtbot.waitSignal(view.open_wanted) as blocker:
        menu_action(view, "Open").trigger()
    assert blocker.args == [file]
    select(view, "Run 2")
    with qtbot.assertNotEmitted(view.open_wanted):
        menu_action(view, "Open").trigger()
    assert "gone.npz" in view.message.text()
    select(view, "Run 3")
    assert not menu_action(view, "Open").isEnabled()


def test_settings_are_copied_as_text(qtbot, make_view):
    config = RunConfig(seed=12, hyperparameters=Hyperparameters(0.7))
    view = make_view({"config": config})
    select(view, "Run 1")
    with qtbot.waitSignal(view.settings_copied):
        menu_action(view, "Copy settings").trigger()
    assert read_settings(QGuiApplication.clipboard().text()) == config


# --- drawing ----------------------------------------------------------------------------------


def test_small_curves_share_one_scale():
    """10 % is the bottom, 99.7 % the top, and each halving of the errors rises equally."""
    heights = thumbnail_heights(np.array([0.0, 0.1, 0.2, 0.6, 0.8, 0.9, 0.997, 1.0], np.float32))
    assert heights[[0, 1, -2, -1]] == pytest.approx([0, 0, 1, 1], abs=1e-4)
    assert heights[4] - heights[3] == pytest.approx(heights[5] - heights[4], rel=1e-4)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_ticked_run_shows_its_color(make_view, theme):
    view = make_view({}, {})
    view.apply_theme(theme)

    def colors(name, column):
        image = view.table.viewport().grab(view.table.visualRect(cell(view, name, column)))
        image = image.toImage()
        places = itertools.product(range(image.width()), range(image.height()))
        return {image.pixelColor(x, y).name() for x, y in places}

    color = theme.overlays[0].lower()
    for column in (TICK, CURVE):
        assert color not in colors("Run 1", column)
    click(view, "Run 1")
    for column in (TICK, CURVE):
        assert color in colors("Run 1", column)
        assert color not in colors("Run 2", column)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_overlays_stand_out_and_are_distinguishable(theme):
    assert len(theme.overlays) == 8
    for color in theme.overlays:
        assert contrast(color, theme.surface) >= 3
    curves = [*theme.overlays, theme.train, theme.test]
    for a, b in itertools.combinations(curves, 2):
        # Half of the contrast required of the current run; the legend also names the others.
        assert np.linalg.norm(as_seen_without_green(a) - as_seen_without_green(b)) > 0.05


def test_the_first_columns_fit_at_1280_pixels(make_view):
    view = make_view({})
    first = [column.title for column in COLUMNS[:8]]
    assert first == ["", "Run", "Curve", "Accuracy", "Layers", "Optimizer", "Rate", "Epochs"]
    width_there = 593
    end = view.table.horizontalHeader().sectionViewportPosition(len(first))
    assert end <= width_there


def test_every_accuracy_is_readable_and_similar_names_can_be_told_apart(make_view):
    name = "Full batch against mini-batch: Rate 0.1"
    view = make_view({"test_accuracy": 1.0, "name": name}, {"name": name + ", He"})
    metrics = view.table.fontMetrics()
    padding = 20
    assert metrics.horizontalAdvance("100.00 %") + padding <= COLUMNS[ACCURACY].width
    room = COLUMNS[NAME].width - padding
    assert (
        len({metrics.elidedText(each, view.table.textElideMode(), room) for each in names(view)})
        == 2
    )


def test_a_run_that_cannot_be_opened_says_why(make_view):
    view = make_view({}, {})
    assert view.open.toolTip() == "Select one run to continue it"
    select(view, "Run 1")
    assert not view.open.isEnabled()
    assert view.open.toolTip().startswith("Only its curves and settings are kept")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Accuracy", "100.00 %"),
        ("Epochs", "11,878"),
        ("Optimizer", "Momentum"),
        ("Rate", "0.00123"),
    ],
)
def test_no_usual_value_is_cut(make_view, title, text):
    view = make_view({})
    column = next(column for column in COLUMNS if column.title == title)
    beside = 2 * (4 + 3)  # the style sheet's padding, and Qt's own
    assert view.table.fontMetrics().horizontalAdvance(text) + beside <= column.width


def test_many_epochs_are_whole():
    column = next(column for column in COLUMNS if column.title == "Epochs")
    texts = [column.text(make_record(1, epochs=n)) for n in (2.5, 999.5, 11_878.4)]
    assert texts == ["2.5", "999.5", "11,878"]
