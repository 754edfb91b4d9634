"""The curves of a branch continue those of its parent."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.training.starting_state import Distance, Parent, StartingState
from gui.curves.axes import mark_labels
from gui.curves.curves_view import CurvesView
from tests.gui.curves.pixels import is_color, pixels_of
from tests.gui.snapshots import curves as curves_of
from tests.gui.snapshots import snapshot

NETWORK = Network.from_config(NetworkConfig())
PARENT = Parent("a" * 32, 300, 3.0, 3.0)
"""Of a run of 100 steps an epoch, and 100 a second."""
GRANDCHILD = replace(PARENT, before=Distance(1_000, 10.0, 10.0))


@pytest.fixture
def view(qtbot):
    view = CurvesView(QAction("log", checkable=True))
    qtbot.addWidget(view)
    view.resize(690, 300)
    view.apply_theme(LIGHT)
    return view


def branch(steps, parent=PARENT, **how):
    start = StartingState(NETWORK, "another run", parent=parent)
    return replace(snapshot(steps, **how), start=start)


def draw(view, run):
    view.show_loss(run)
    view.show_accuracy(run)


def readout(view, x):
    """What the cursor says at a place of the loss, line by line."""
    view.loss.canvas.cursor_moved.emit(x)
    return view.loss.legend.text().split("\n")


@pytest.mark.parametrize(("axis", "per_step"), [("step", 1), ("epoch", 0.01), ("time", 0.01)])
@pytest.mark.parametrize(("parent", "begin"), [(PARENT, 300), (GRANDCHILD, 1_300)])
def test_all_of_a_branch_lies_behind_its_parent(view, axis, per_step, parent, begin):
    def shown(run):
        draw(view, run)
        chart = view.loss.chart
        lines = [chart.band, *chart.lines]
        return np.concatenate([line.x for line in lines]), np.concatenate(
            [line.y for line in chart.lines]
        )

    view.set_axis(axis)
    own_x, own_y = shown(snapshot(200, validation=True))
    x, y = shown(branch(200, parent, validation=True))
    np.testing.assert_allclose(x, own_x + per_step * begin)
    np.testing.assert_array_equal(y, own_y)
    assert view.loss.chart.x_range[0] == pytest.approx(per_step * begin)
    assert view.loss.chart.x_range == view.accuracy.chart.x_range


def test_the_axis_has_as_much_room_as_that_of_another_run(view):
    draw(view, snapshot(200))
    left, right = view.loss.chart.x_range
    view.clear()
    draw(view, branch(200))
    assert view.loss.chart.x_range == (left + 300, right + 300)


def test_the_parent_is_drawn_faintly_up_to_the_branch_point(view):
    view.show_ancestors([curves_of(snapshot(500)).until(300)])
    draw(view, branch(100))
    chart = view.loss.chart
    assert chart.x_range[0] == 0
    trained, tested = chart.before
    assert {trained.color, tested.color} == {LIGHT.control}
    assert trained.x[0] == 1
    assert trained.x[-1] == 300 < chart.lines[0].x[0]
    assert tested.x.tolist() == [0, 100, 200, 300]
    assert is_color(pixels_of(view.loss.canvas), LIGHT.control).sum() > 200
    view.apply_theme(DARK)
    assert view.loss.chart.before[0].color == DARK.control
    view.show_ancestors(())
    assert view.loss.chart.before == []


def test_the_branch_point_is_marked(view):
    hidden = ((0, (32,)), (20, (64,)))
    view.show_ancestors([curves_of(snapshot(500)).until(300)])
    draw(view, branch(100, hidden=hidden))
    chart = view.loss.chart
    assert chart.marks.tolist() == [300, 320]
    assert list(chart.mark_labels) == ["branched", "resized"]
    _moment, mark, *_rows = readout(view, 300.0)
    assert mark == "branched off at step 300"
    assert "784-32-10 became 784-64-10 at step 300 + 20" in readout(view, 320.0)


def test_the_branch_point_has_its_label(view):
    view.show_ancestors([curves_of(snapshot(500)).until(300)])
    draw(view, branch(100))
    ((_room, text),) = mark_labels(view.loss.canvas.frame)
    assert text == "branched"


def test_the_cursor_says_which_step_of_the_branch_it_is(view):
    run = branch(250)
    draw(view, run)
    moment, _batch, _smoothed, test = readout(view, 430.0)
    assert moment == "step 300 + 130   epoch 4.30   4.3 s"
    assert test == f"test {run.history.test_loss[1]:.3f} at step 300 + 100"
    view.show_moment(40)
    view.loss.canvas.cursor_moved.emit(None)
    assert view.loss.legend.text().startswith("step 300 + 40 ")
    view.set_axis("epoch")
    assert readout(view, 4.3)[0] == moment


def test_before_the_branch_the_cursor_says_what_the_parent_measured(view):
    parent = curves_of(snapshot(500)).until(300)
    view.show_ancestors([parent])
    draw(view, branch(100))
    moment, smoothed, test = readout(view, 250.0)
    assert moment == "step 250"
    assert smoothed == f"smoothed {np.interp(250, parent.step, parent.loss):.3f}"
    assert test == f"test {parent.test_loss[2]:.3f}"


def test_a_branch_of_a_branch_continues_all_of_them(view):
    root = curves_of(snapshot(1_200)).until(1_000)
    parent = curves_of(snapshot(400)).after(1_000, 10.0, 10.0).until(1_300)
    view.show_ancestors([parent, root])
    draw(view, branch(100, GRANDCHILD))
    solid = [line.x for line in view.loss.chart.before[::2]]
    assert [(x[0], x[-1]) for x in solid] == [(1_001, 1_300), (1.5, 999.5)]
    assert readout(view, 1_100.0)[0] == "step 1,100"
    assert readout(view, 1_310.0)[0].startswith("step 1,300 + 10 ")
    rows = readout(view, 700.0)
    assert rows[1] == f"smoothed {np.interp(700, root.step, root.loss):.3f}"


def test_a_part_of_a_branch_is_enlarged_where_it_is(view):
    draw(view, branch(1_000))
    view.show_part(600, 700)
    assert view.loss.chart.x_range == (600, 700)
    smooth = view.loss.chart.lines[0]
    assert smooth.x[0] <= 600 < 700 <= smooth.x[-1]
    assert len(smooth.x) < 150
    view.show_part(250, 350)
    assert view.loss.chart.x_range == (300, 400)
    QTest.keyClick(view.loss.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert view.loss.chart.x_range == (300, 400)
    view.show_part(0, 5_000)
    assert view.is_whole


def test_an_overlaid_branch_begins_at_its_parents_step(view):
    drawn = curves_of(snapshot(200)).after(*PARENT.total)
    view.show_overlays(
        [("branch", "#aa0000", drawn), ("root", "#00aa00", curves_of(snapshot(500)))]
    )
    trained = view.loss.chart.others[0]
    assert (trained.x[0], trained.x[-1]) == (301, 500)
    assert view.loss.chart.x_range[0] == 0
    draw(view, branch(100))
    view.show_overlays([("branch", "#aa0000", drawn)])
    assert view.loss.chart.x_range[0] == 300


def test_a_figure_has_the_parent_and_its_own_colors(view):
    view.show_ancestors([curves_of(snapshot(500)).until(300)])
    draw(view, branch(100))
    view.apply_theme(DARK)
    chart, _accuracy = view.charts(LIGHT, 800)
    assert chart.x_range == (0, 400)
    assert {line.color for line in chart.before} == {LIGHT.control}
    view.show_ancestors(())
    assert view.charts(LIGHT, 800)[0].x_range == (300, 400)


def test_a_run_from_given_weights_is_no_branch(view):
    start = StartingState(NETWORK, "ready-made")
    draw(view, replace(snapshot(100), start=start))
    assert view.loss.chart.x_range[0] == 0
    assert not len(view.loss.chart.marks)


def test_a_lesson_hides_the_ancestors_with_the_run(view):
    view.show_ancestors([curves_of(snapshot(500)).until(300)])
    draw(view, branch(100))
    view.show_live(False)
    assert not view.loss.chart.before
    assert view.loss.chart.x_range[0] == 0
