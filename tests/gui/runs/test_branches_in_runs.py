"""Branches stand under the runs that they branched off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.runs.run_columns import BEGAN, NAME
from gui.runs.runs_view import RunsView
from tests.core.runs.run_records import make_curves, make_record
from tests.gui.runs.shown_runs import names, show_runs

ACCURACY = 3
DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
IN = "\u2003"


def put(library, number, parent=None, **fields):
    of = {} if parent is None else {"parent": f"{parent:032x}", "parent_step": 240}
    return library.put(make_record(number, **of, **fields), make_curves())


@pytest.fixture
def view(qtbot, library):
    """Run 3 and Run 5 branched off Run 1, Run 4 off Run 3."""
    for number, parent, accuracy in (
        (1, None, 0.5),
        (2, None, 0.6),
        (3, 1, 0.9),
        (4, 3, 0.7),
        (5, 1, 0.8),
    ):
        put(library, number, parent, test_accuracy=accuracy)
    return show_runs(qtbot, library)


def test_branches_stand_under_their_parents_where_the_newest_would_be(view):
    assert names(view) == ["Run 1", f"{IN}Run 5", f"{IN}Run 3", f"{IN}{IN}Run 4", "Run 2"]
    view.table.sortByColumn(BEGAN, UP)
    assert names(view) == ["Run 1", f"{IN}Run 3", f"{IN}{IN}Run 4", f"{IN}Run 5", "Run 2"]


def test_sorted_by_a_figure_each_run_has_its_own_place(view):
    view.table.sortByColumn(ACCURACY, DOWN)
    assert names(view) == ["Run 3", "Run 5", "Run 4", "Run 2", "Run 1"]
    view.table.sortByColumn(NAME, UP)
    assert names(view) == ["Run 1", f"{IN}Run 3", f"{IN}{IN}Run 4", f"{IN}Run 5", "Run 2"]


def test_a_branch_says_where_it_comes_from_by_the_present_name(view):
    index = view.table.filter.index(1, NAME)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Run 5, a branch of Run 1 from step 240"
    parent = view.table.filter.index(0, NAME)
    assert parent.data(Qt.ItemDataRole.AccessibleTextRole) == "Run 1"
    view.model.setData(view.table.filter.mapToSource(parent), "wide")
    assert "branch of wide" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_left_on_a_branch_goes_to_its_parent(view):
    view.table.setCurrentIndex(view.table.filter.index(3, NAME))
    for row in (2, 0, 0):
        QTest.keyClick(view.table, Qt.Key.Key_Left)
        assert view.table.currentIndex().row() == row


def test_a_thousand_generations_are_listed(qtbot, library):
    view = RunsView(library)
    qtbot.addWidget(view)
    view.model._append(
        [
            make_record(number, name=f"Run {number}", parent=f"{number - 1:032x}", parent_step=9)
            for number in range(1, 1_200)
        ]
    )
    assert names(view)[0] == "Run 1"
    assert names(view)[-1] == f"{4 * IN}Run 1199"


def test_a_branch_without_its_parent_is_a_run_like_others(view):
    view.model.remove([f"{1:032x}"])
    assert names(view) == ["Run 5", "Run 3", f"{IN}Run 4", "Run 2"]
    said = view.table.filter.index(0, NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "a run that is not listed" in said


def test_runs_that_name_each_other_are_all_listed(qtbot, library):
    put(library, 1, parent=2)
    put(library, 2, parent=1)
    put(library, 3, parent=3)
    view = RunsView(library)
    qtbot.addWidget(view)
    view.show()
    assert names(view) == ["Run 3", "Run 1", f"{IN}Run 2"]
