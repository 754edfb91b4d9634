"""A search is one line of the list of runs, and opens."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from core.runs.run_library import RunLibrary
from core.runs.search_record import SearchRecord
from gui.runs import trials_reader
from gui.runs.run_columns import BEGAN, COLUMNS, NAME, TICK
from tests.core.runs.run_records import make_curves, make_record
from tests.gui.runs.shown_runs import names, show_runs

SEARCH = SearchRecord("5" * 32, "rates", 1.7e9 + 3600 * 2.5, {}, "running", 4)
VALIDATION = [column.title for column in COLUMNS].index("Validation")
LAYERS, OPTIMIZER = 4, 5
CHILDREN = ["\u2003Trial 2", "\u2003Trial 1", "\u2003Trial 0"]


def put_trial(library, trial, accuracy=0.5, **fields):
    record = make_record(
        100 + trial,
        search=SEARCH.id,
        trial=trial,
        validation_accuracy=accuracy,
        test_accuracy=None,
        **fields,
    )
    return library.put(record, make_curves())


@pytest.fixture
def library(library):
    for number in (1, 2, 3):
        library.put(make_record(number), make_curves())
    library.put_search(SEARCH)
    for trial in range(3):
        put_trial(library, trial, 0.5 + trial / 8)
    return library


@pytest.fixture
def view(qtbot, library):
    return show_runs(qtbot, library)


def cell(view, name, column=NAME):
    return view.table.filter.index(names(view).index(name), column)


def press(view, name, key):
    view.table.setCurrentIndex(cell(view, name))
    QTest.keyClick(view.table, key)


def test_a_search_is_one_line_until_it_is_opened(view):
    assert names(view) == ["Run 3", "rates", "Run 2", "Run 1"]
    assert cell(view, "rates", LAYERS).data() == "3 trials"
    assert cell(view, "rates", OPTIMIZER).data() == "Running"
    assert cell(view, "rates", VALIDATION).data() == "75.00 %"
    assert view.count.text() == "3 runs, 1 search"
    said = cell(view, "rates").data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Search rates: 3 of 4 trials, running")
    assert "closed, Right opens it" in said


def test_right_opens_and_left_closes(view):
    press(view, "rates", Qt.Key.Key_Right)
    assert names(view) == ["Run 3", "rates", *CHILDREN, "Run 2", "Run 1"]
    said = cell(view, "rates").data(Qt.ItemDataRole.AccessibleTextRole)
    assert "open, Left closes it" in said
    press(view, CHILDREN[1], Qt.Key.Key_Left)
    assert view.table.currentIndex() == cell(view, "rates")
    press(view, "rates", Qt.Key.Key_Left)
    assert names(view) == ["Run 3", "rates", "Run 2", "Run 1"]


def test_a_click_on_the_arrow_opens(view):
    place = view.table.visualRect(cell(view, "rates", TICK)).center()
    for expected in (7, 4):
        QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
        assert len(names(view)) == expected


@pytest.mark.parametrize("order", list(Qt.SortOrder))
@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_runs_stay_under_their_search_however_they_are_sorted(view, column, order):
    view.model.open_search(SEARCH.id, on=True)
    view.table.sortByColumn(column, order)
    shown = names(view)
    first = shown.index("rates") + 1
    assert sorted(shown[first : first + 3]) == sorted(CHILDREN)


def test_a_trial_is_a_run_like_any_other(view):
    drawn, copied = [], []
    view.overlays_changed.connect(drawn.append)
    view.settings_copied.connect(lambda: copied.append(True))
    view.model.open_search(SEARCH.id, on=True)
    view.table.setCurrentIndex(cell(view, CHILDREN[0]))
    view.table.toggle_ticks()
    assert [title for title, *_ in drawn[-1]] == ["Trial 2"]
    view.copy_settings(view.table.selected()[0])
    assert copied
    view.model.open_search(SEARCH.id, on=False)
    assert drawn[-1] == []


def test_the_filter_finds_runs_of_an_open_search_with_their_search(view):
    view.model.open_search(SEARCH.id, on=True)
    view.filter.setText("62.50")
    assert names(view) == ["rates", CHILDREN[1]]
    view.filter.setText("rates")
    assert names(view) == ["rates", *CHILDREN]


def test_a_search_is_deleted_with_its_runs_and_comes_back(view, library):
    view.model.open_search(SEARCH.id, on=True)
    view.table.selectAll()
    view.deletion.delete([*view.table.selected()])
    assert names(view) == []
    assert "3 runs, 1 search deleted." in view.message.text()
    assert library.records_of_search(SEARCH.id) == []
    view.deletion.undo()
    assert names(view) == ["Run 3", "rates", "Run 2", "Run 1"]
    assert len(library.records_of_search(SEARCH.id)) == 3


def test_the_search_of_the_current_run_cannot_be_deleted(view, library):
    present = library.records_of_search(SEARCH.id)[0]
    view.show_present(present)
    assert "Trial 0" in names(view)
    view.model.open_search(SEARCH.id, on=True)
    assert len(names(view)) == 7
    view.deletion.delete([library.search(SEARCH.id)])
    assert "cannot be deleted" in view.message.text()
    view.model.open_search(SEARCH.id, on=False)
    assert len(names(view)) == 5


def test_what_another_process_records_appears_while_the_list_is_shown(qtbot, view, library):
    view.model.open_search(SEARCH.id, on=True)
    view.table.setCurrentIndex(cell(view, CHILDREN[0]))
    other = RunLibrary(library.path)
    put_trial(other, 3, 0.875)
    put_trial(other, 0, 0.625, steps=99)
    other.put_search(replace(SEARCH, state="finished"))
    other.close()
    qtbot.waitUntil(lambda: "\u2003Trial 3" in names(view))
    assert cell(view, "rates", OPTIMIZER).data() == "Finished"
    assert cell(view, "rates", VALIDATION).data() == "87.50 %"
    assert cell(view, CHILDREN[2], VALIDATION).data() == "62.50 %"
    assert view.table.currentIndex().data() == CHILDREN[0]


def test_a_search_is_renamed_like_a_run(view, library):
    assert view.table.filter.setData(cell(view, "rates"), "my rates")
    assert "my rates" in names(view)
    assert library.search(SEARCH.id).name == "my rates"
    assert cell(view, "my rates", BEGAN).data()


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_runs_move_with_their_search(view, order):
    view.table.sortByColumn(NAME, order)
    view.model.open_search(SEARCH.id, on=True)
    for name in ("Run 1b", "Z", "A"):
        place = next(i for i, row in enumerate(view.model.rows.listed) if row.id == SEARCH.id)
        assert view.model.setData(view.model.index(place, NAME), name)
        shown = names(view)
        first = shown.index(name) + 1
        assert sorted(shown[first : first + 3]) == sorted(CHILDREN)


def test_a_large_search_is_read_in_parts_and_listed_at_once(qtbot, library, view, monkeypatch):
    monkeypatch.setattr(trials_reader, "PART", 2)
    counts = []
    view.model.rowsInserted.connect(lambda *_: counts.append(view.model.rowCount()))
    press(view, "rates", Qt.Key.Key_Right)
    assert view.model.is_reading
    assert counts == []
    qtbot.waitUntil(lambda: not view.model.is_reading)
    assert counts == [7]
    assert names(view) == ["Run 3", "rates", *CHILDREN, "Run 2", "Run 1"]


def test_a_search_closed_while_it_is_read_stays_closed(qtbot, view, monkeypatch):
    monkeypatch.setattr(trials_reader, "PART", 2)
    press(view, "rates", Qt.Key.Key_Right)
    press(view, "rates", Qt.Key.Key_Left)
    assert not view.model.is_reading
    QTest.qWait(0)
    assert names(view) == ["Run 3", "rates", "Run 2", "Run 1"]


def test_selection_and_current_row_stay_while_rows_move_come_and_go(view):
    press(view, "rates", Qt.Key.Key_Right)
    view.table.selectRow(cell(view, "Run 1").row())
    for column in (NAME, VALIDATION, BEGAN):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            view.table.sortByColumn(column, order)
            assert [record.name for record in view.table.selected()] == ["Run 1"]
            assert view.table.currentIndex().siblingAtColumn(NAME).data() == "Run 1"
    view.filter.setText("Run")
    assert [record.name for record in view.table.selected()] == ["Run 1"]
    view.filter.setText("")
    assert [record.name for record in view.table.selected()] == ["Run 1"]


def test_the_order_is_a_model_as_qt_wants_it(qtmodeltester, view, library):
    order = view.table.filter
    qtmodeltester.check(order)
    press(view, "rates", Qt.Key.Key_Right)
    view.table.sortByColumn(VALIDATION, Qt.SortOrder.AscendingOrder)
    put_trial(library, 0, 0.9, steps=77)
    view.model.update()
    view.filter.setText("Run")
    qtmodeltester.check(order)


def test_looking_again_reads_only_the_runs_that_came_further(view, library, monkeypatch):
    press(view, "rates", Qt.Key.Key_Right)
    read = []
    record = library.record
    monkeypatch.setattr(library, "record", lambda run: read.append(run) or record(run))
    put_trial(library, 1, 0.9, steps=77)
    put_trial(library, 3)
    view.model.update()
    assert len(read) == 2
    assert cell(view, "\u2003Trial 1", VALIDATION).data() == "90.00 %"
    assert "\u2003Trial 3" in names(view)


def test_widths_remembered_without_the_validation_column_stay_with_their_columns(qtbot, view):
    before = QTableView()
    qtbot.addWidget(before)
    before.setModel(QStandardItemModel(0, len(COLUMNS) - 1))
    for column in range(len(COLUMNS) - 1):
        before.setColumnWidth(column, 100 + column)
    header = view.table.horizontalHeader()
    assert header.visualIndex(VALIDATION) == 10
    assert header.restoreState(before.horizontalHeader().saveState())
    old = [column.title for column in COLUMNS if column.title != "Validation"]
    titles = [column.title for column in COLUMNS]
    for place, title in enumerate(old):
        assert view.table.columnWidth(titles.index(title)) == 100 + place
    assert not header.isSectionHidden(VALIDATION)
