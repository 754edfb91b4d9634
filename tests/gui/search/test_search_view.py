"""The Search tab: what it shows of a search, and what can be done with a trial."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from core.colors import DARK, LIGHT
from core.runs.run_library import RunLibrary
from gui.search import trials_plot
from gui.search.search_view import SearchView
from gui.widgets.pictures import drawing_of, picture_of
from tests.gui.search.filled import ID, IMPORTANCE, plan_of, put_search, put_trials, values_of
from tests.gui.window.fitting import painted_texts

BEST = 3
"""Of trials 0 to 9, see accuracy_of."""


@pytest.fixture
def view(qtbot, library):
    put_search(library, importance=IMPORTANCE)
    return shown(qtbot, library)


def shown(qtbot, library):
    view = SearchView(library)
    qtbot.addWidget(view)
    view.resize(690, 330)
    view.apply_theme(LIGHT)
    view.show()
    qtbot.waitExposed(view)
    return view


def pictures(view):
    return view.pictures.dots, view.pictures.heat, view.pictures.parallel, view.pictures.importance


def test_without_searches_it_says_what_to_do(qtbot, library):
    view = shown(qtbot, library)
    assert view.empty.isVisible()
    assert "on the left" in view.empty.text()
    assert not view.choice.isVisible()


def test_a_search_without_trials_waits(qtbot, library):
    put_search(library, trials=0, state="running")
    view = shown(qtbot, library)
    assert view.pictures.waiting.isVisible()
    assert not view.use.isEnabled()


def test_it_shows_the_trials_and_says_which_is_best(view):
    assert view.choice.currentText() == "rates: 10 of 10 trials"
    assert view.state.count == 10
    assert view.line.toolTip().startswith(f"Best: Trial {BEST}: ")


def test_trials_that_another_process_records_appear(qtbot, view, library):
    other = RunLibrary(library.path)
    put_trials(other, range(10, 15))
    other.close()
    view.look()
    assert view.state.count == 15


def test_a_dot_that_is_clicked_is_chosen_and_its_curves_are_drawn(view):
    drawn = []
    view.overlays_changed.connect(drawn.append)
    x, y = view.pictures.dots._pixels(0, view.pictures.dots._plots()[0])
    QTest.mouseClick(
        view.pictures.dots, Qt.MouseButton.LeftButton, pos=QPoint(round(x[4]), round(y[4]))
    )
    assert view.state.chosen == 4
    assert view.line.toolTip().startswith("Trial 4: ")
    assert [title for title, *_ in drawn[-1]] == ["Trial 4"]
    assert view.pictures.dots.accessibleDescription() == view.state.text(4)


def test_the_best_curves_are_drawn_and_go_again(view):
    drawn = []
    view.overlays_changed.connect(drawn.append)
    view.best.click()
    assert len(drawn[-1]) == 5
    assert drawn[-1][0][0] == f"Trial {BEST}"
    assert len({color for _, color, _ in drawn[-1]}) == 5
    view.best.click()
    assert drawn[-1] == []


def test_a_reading_that_finds_the_same_draws_no_curves_again(view):
    view.state.choose(2)
    drawn = []
    view.overlays_changed.connect(drawn.append)
    view.read()
    assert view.state.chosen == 2
    assert drawn == []


def test_the_settings_of_the_chosen_trial_or_of_the_best_are_used(view):
    used = []
    view.use_wanted.connect(used.append)
    view.use.click()
    view.state.choose(0)
    view.use.click()
    assert [config.hyperparameters.learning_rate for config in used] == [
        values_of(BEST)["learning_rate"],
        values_of(0)["learning_rate"],
    ]


@pytest.mark.parametrize("picture", range(4))
def test_keys_choose_better_and_worse_trials(view, picture):
    view.picture.setCurrentIndex(picture)
    plot = pictures(view)[picture]
    QTest.keyClick(plot, Qt.Key.Key_Down)
    assert view.state.chosen == BEST
    QTest.keyClick(plot, Qt.Key.Key_Down)
    second = view.state.chosen
    assert second == view.state.results.ranked()[1]
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert view.state.chosen == BEST
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert view.state.chosen is None


def drag(plot, axis, low, high):
    area, x = plot._plot(), round(float(plot._x()[axis]))
    ends = [QPoint(x, round(area.bottom() - place * area.height())) for place in (low, high)]
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(plot, ends[1])
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=ends[1])


def test_a_drag_along_an_axis_selects(view):
    view.picture.setCurrentIndex(2)
    drag(view.pictures.parallel, 0, 0.2, 0.7)
    low, high = view.state.brushes[0]
    places = view.state.axes[0].places
    assert (low, high) == pytest.approx((0.2, 0.7), abs=0.01)
    assert np.array_equal(view.state.mask, (places >= low) & (places <= high))
    assert 0 < view.state.mask.sum() < 10
    assert view.line.toolTip() == f"{view.state.mask.sum()} of 10 trials selected"
    drag(view.pictures.parallel, 3, 0.5, 1.0)
    assert len(view.state.brushes) == 2
    view.clear_brushes.click()
    assert view.state.mask.all()
    assert not view.clear_brushes.isEnabled()


def test_keys_select_a_part_of_an_axis(view):
    view.picture.setCurrentIndex(2)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(view.pictures.parallel, Qt.Key.Key_Right)
    assert view.pictures.parallel.accessibleDescription() == "Units per layer"
    for _ in range(4):
        QTest.keyClick(view.pictures.parallel, Qt.Key.Key_Up, shift)
    QTest.keyClick(view.pictures.parallel, Qt.Key.Key_Down, shift)
    assert view.state.brushes[1] == pytest.approx((0.2, 0.95))
    for _ in range(40):
        QTest.keyClick(view.pictures.parallel, Qt.Key.Key_Up, shift)
    low, high = view.state.brushes[1]
    assert low < high
    QTest.keyClick(view.pictures.parallel, Qt.Key.Key_Escape)
    assert view.state.brushes == {}


def test_a_click_on_an_axis_selects_all_of_it(view):
    view.picture.setCurrentIndex(2)
    drag(view.pictures.parallel, 0, 0.2, 0.7)
    drag(view.pictures.parallel, 0, 0.5, 0.5)
    assert view.state.brushes == {}


def test_the_heat_map_has_the_means_of_its_cells(view):
    view.picture.setCurrentIndex(1)
    view.pictures.up.setCurrentIndex(2)
    view.pictures.up.activated.emit(2)
    means, counts = view.pictures.heat.cells()
    assert counts.shape == (2, 8)
    assert counts.sum(axis=1).tolist() == [5, 5]  # sgd, adam
    accuracy = view.state.results.accuracy
    assert np.nansum(means[1] * counts[1]) == pytest.approx(accuracy[1::2].sum())
    tip, _area = view.pictures.heat.tip_at(
        view.pictures.heat._cell(view.pictures.heat._plot(), 0, 0, (2, 8)).center()
    )
    assert "trial" in tip or tip == "None"


def test_a_search_that_cannot_be_read_is_said_and_others_can_be_chosen(qtbot, library):
    record = put_search(library, trials=2)
    library.put_search(replace(record, id="7" * 32, name="other", began=1.8e9, plan={"a": 1}))
    view = shown(qtbot, library)
    assert "not the plan of a search" in view.line.toolTip()
    assert view.choice.currentText().startswith("other")
    view.choice.setCurrentIndex(1)
    view.choice.activated.emit(1)
    assert view.state.count == 2


def test_the_picture_of_the_view_is_that_of_the_screen(view):
    view.picture.setCurrentIndex(2)
    picture = picture_of(view)
    assert picture.size() == 2 * view.size()
    drawing = drawing_of(view)
    assert drawing is not None
    assert b"Learning rate" in drawing


def test_the_heat_map_needs_two_settings(qtbot, library):
    record = put_search(library, trials=2)
    plan = dict(record.plan, vary=["learning_rate=0.001..1:log"])
    library.put_search(type(record)(record.id, "one", 1.7e9, plan, "finished", 2))
    view = shown(qtbot, library)
    view.picture.setCurrentIndex(1)
    assert view.pictures.waiting.isVisible()
    assert "two settings" in view.pictures.waiting.text()


def test_importance_is_sorted_and_read_aloud(view):
    assert view.pictures.importance.rows()[0] == ("Learning rate", 0.7)
    assert view.pictures.importance.accessibleDescription().startswith("Learning rate 70 %")


def test_the_chosen_trial_stays_when_there_are_more(view, library):
    view.state.choose(4)
    view.state.brush(0, (0.0, 0.9))
    put_trials(library, range(10, 12))
    view.read()
    assert view.state.chosen == 4
    assert view.state.brushes == {0: (0.0, 0.9)}
    assert len(view.state.mask) == 12


def test_another_search_is_chosen_in_the_list(view, library):
    put_search(library, trials=3, search="6" * 32, name="second")
    view.read()
    assert view.choice.currentText().startswith("rates")
    view.state.choose(1)
    view.choice.setCurrentIndex(0)
    view.choice.activated.emit(0)
    assert view.choice.currentText() == "second: 3 of 3 trials"
    assert (view.state.count, view.state.chosen) == (3, None)
    view.follow(ID)
    assert view.choice.currentText().startswith("rates")


def test_a_search_of_other_settings_is_followed(view, library):
    view.state.brush(3, (0.5, 1.0))
    view.state.choose(1)
    other = replace(put_search(library, 0, "6" * 32), plan=plan_of("units=16,32").as_values())
    library.put_search(other)
    put_trials(library, range(2), "6" * 32)
    view.follow("6" * 32)
    assert (view.state.count, view.state.brushes, view.state.chosen) == (2, {}, None)
    assert [view.pictures.across.itemText(0)] == ["Units per layer"]
    assert view.pictures.across.count() == 1


def test_the_table_is_written(view, tmp_path, monkeypatch):
    path = tmp_path / "trials.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    view.export.click()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert len(rows) == 10
    assert rows[1]["optimizer"] == "adam"
    assert "saved" in view.line.toolTip()


@pytest.mark.parametrize("size", [(560, 235), (690, 330), (1400, 700)])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_no_painted_text_is_cut_or_over_another(view, qapp, size, theme, monkeypatch):
    # As for a file: the spy does not see what is painted into the layers, which are pictures.
    monkeypatch.setattr(trials_plot, "is_for_a_file", lambda *_: True)
    view.resize(*size)
    view.apply_theme(theme)
    view.state.choose(3)
    for index in range(4):
        view.picture.setCurrentIndex(index)
        qapp.processEvents()
        with painted_texts() as found:
            view.grab()
        assert found == []
        assert pictures(view)[index].isVisible()


def test_the_mouse_marks_what_it_is_on(view):
    x, y = view.pictures.dots._pixels(1, view.pictures.dots._plots()[1])
    assert view.pictures.dots.item_at(QPointF(x[6], y[6])) == 6
    tip, _area = view.pictures.dots.tip_at(QPointF(x[6], y[6]))
    assert tip == view.state.text(6)
    assert view.pictures.dots.item_at(QPointF(-50, -50)) is None
