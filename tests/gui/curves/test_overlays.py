"""The curves of other runs under those of the live one."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from core.wording import percent
from gui.curves.curves_view import CurvesView
from gui.widgets.theme import LIGHT
from tests.gui.snapshots import curves, snapshot

RED, GREEN = "#aa0000", "#00aa00"


@pytest.fixture
def view(qtbot):
    log_scale = QAction("log")
    log_scale.setCheckable(True)
    view = CurvesView(log_scale)
    qtbot.addWidget(view)
    view.resize(690, 300)
    view.apply_theme(LIGHT)
    view.log_scale = log_scale
    return view


def draw(view, run):
    view.show_loss(run)
    view.show_accuracy(run)


def points(path):
    elements = [path.elementAt(index) for index in range(path.elementCount())]
    return np.array([(element.x, element.y) for element in elements]).reshape(-1, 2).T


def lines(plot):
    """What is drawn of other runs: points, color and dash of each line."""
    return [
        (points(path), pen.color().name(), pen.style()) for path, pen in plot.overlays.item.lines
    ]


def ranges(plot):
    return plot.plot.getViewBox().viewRange()


def test_each_run_has_a_solid_and_a_dashed_line_in_both_plots(view):
    first, second = curves(snapshot(300)), curves(snapshot(200), scale=2)
    view.show_overlays([("one", RED, first), ("two", GREEN, second)])
    solid, dash = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
    for plot, factor, train, test in (
        (view.loss, 1, "loss", "test_loss"),
        (view.accuracy, 100, "accuracy", "test_accuracy"),
    ):
        wanted = [
            (x, factor * getattr(run, name), color, style)
            for run, color in ((first, RED), (second, GREEN))
            for x, name, style in ((run.step, train, solid), (run.test_step, test, dash))
        ]
        drawn = lines(plot)
        assert len(drawn) == len(wanted)
        for ((x, y), color, style), expected in zip(drawn, wanted, strict=True):
            np.testing.assert_allclose(x, expected[0])
            np.testing.assert_allclose(y, expected[1])
            assert (color, style) == expected[2:]


def test_the_legend_lists_each_run_once(view):
    run = curves(snapshot(200))
    view.show_overlays([("one", RED, run), ("two", GREEN, run)])
    assert view.loss.legend.titles == ["batch", "smoothed", "test", "one", "two"]
    assert view.accuracy.legend.titles == ["train", "test", "one", "two"]
    view.show_overlays([("three", RED, run)])
    assert view.loss.legend.titles == ["batch", "smoothed", "test", "three"]
    assert len(lines(view.loss)) == 2
    view.show_overlays([])
    assert view.accuracy.legend.titles == ["train", "test"]
    assert lines(view.loss) == []


def test_a_long_title_is_shortened_and_complete_in_the_tool_tip(qtbot, view):
    view.show()
    qtbot.waitExposed(view)
    title = "a run with a title that is far too long for a legend & <b>odd</b>"
    view.show_overlays([(title, RED, curves(snapshot(200)))])
    legend = view.loss.legend
    assert legend.boundingRect().width() < view.loss.plot.getViewBox().width() / 2
    assert legend._texts[-1].endswith("…")
    assert title in legend.toolTip()


def test_eight_runs_leave_the_legend_within_the_smallest_plot(qtbot, view):
    view.show()
    qtbot.waitExposed(view)
    run = curves(snapshot(200))
    draw(view, snapshot(250, hidden=((0, (32,)), (100, (64,))), validation=True))
    view.show_overlays([(f"a long title of run {n}", RED, run) for n in range(10)])
    for plot in (view.loss, view.accuracy):
        assert len(lines(plot)) == 2 * 8
        inside = plot.plot.getViewBox().rect()
        assert inside.contains(plot.legend.mapRectToParent(plot.legend.boundingRect()))


def test_the_ranges_take_the_other_runs_in(view):
    draw(view, snapshot(200))
    alone = [ranges(plot) for plot in (view.loss, view.accuracy)]
    view.show_overlays([("worse and longer", RED, curves(snapshot(1000), scale=10))])
    ((left, right), (low, high)) = ranges(view.loss)
    assert left == 0
    assert 1000 <= right <= 1050
    # 5 % of 1,000 steps are 50, where the loss is 10 · 2 / 2.
    assert low == 0
    assert high >= 10
    assert ranges(view.accuracy)[0][1] == right
    view.show_overlays([])
    assert [ranges(plot) for plot in (view.loss, view.accuracy)] == alone


def test_a_longer_live_run_still_fits_the_axis(view):
    view.show_overlays([("short", RED, curves(snapshot(200)))])
    draw(view, snapshot(1000))
    assert ranges(view.loss)[0][1] == pytest.approx(1200)


@pytest.mark.parametrize(("axis", "end"), [("step", 300), ("epoch", 3), ("time", 6)])
def test_overlays_are_drawn_over_the_chosen_axis(view, axis, end):
    view.show_overlays([("one", RED, curves(snapshot(300, seconds_per_step=0.02)))])
    view.set_axis(axis)
    (x, _), _, _ = lines(view.accuracy)[0]
    assert x[-1] == pytest.approx(end)
    (x, _), _, _ = lines(view.loss)[1]
    np.testing.assert_allclose(x, np.arange(4) * end / 3)
    assert end <= ranges(view.loss)[0][1] <= 1.05 * end


def test_runs_of_unknown_time_are_counted_instead(view):
    old = curves(snapshot(300, seconds_per_step=np.nan))
    view.show_overlays([("new", RED, curves(snapshot(200))), ("old", GREEN, old)])
    assert "old" in view.loss.legend.titles
    view.set_axis("time")
    assert [color for _, color, _ in lines(view.loss)] == [RED, RED]
    assert view.loss.legend.titles[-2:] == ["new", "no times: 1 run"]
    assert view.loss.legend.toolTip().endswith(": old")
    view.set_axis("step")
    assert view.loss.legend.titles[-2:] == ["new", "old"]


def test_overlays_follow_the_logarithmic_scale(view):
    run = curves(snapshot(200), scale=0.01)
    view.show_overlays([("one", RED, run)])
    view.log_scale.setChecked(True)
    (_, y), _, _ = lines(view.loss)[0]
    np.testing.assert_allclose(y, np.log10(run.loss))
    low, high = ranges(view.loss)[1]
    assert low <= y.min()
    assert high >= y.max()
    (_, y), _, _ = lines(view.accuracy)[0]
    np.testing.assert_allclose(y, 100 * run.accuracy)


def test_non_finite_values_do_not_break_the_plot(view):
    run = curves(snapshot(300))
    run.test_loss[-1] = np.inf
    run.loss[-1] = np.nan
    view.show_overlays([("diverged", RED, run)])
    for (x, y), _, _ in lines(view.loss):
        assert len(x) > 0
        assert np.isfinite(y).all()
    assert np.isfinite(ranges(view.loss)).all()


def test_a_run_without_steps_is_listed_alone(view):
    view.show_overlays([("new", RED, curves(snapshot(0)))])
    assert view.loss.legend.titles[-1] == "new"
    assert np.isfinite(ranges(view.loss)).all()


def test_a_frame_of_the_live_run_does_not_draw_them_again(view):
    view.show_overlays([("one", RED, curves(snapshot(300)))])
    before = view.loss.overlays.item.lines
    draw(view, snapshot(100))
    draw(view, snapshot(1000))
    assert view.loss.overlays.item.lines is before


def test_overlays_outlive_the_live_run(view):
    view.show_overlays([("one", RED, curves(snapshot(300)))])
    draw(view, snapshot(1000))
    view.clear()
    assert len(lines(view.loss)) == 2
    assert 300 <= ranges(view.loss)[0][1] <= 315


def test_the_readout_describes_the_run_whose_curve_is_near(qtbot, view):
    view.show()
    qtbot.waitExposed(view)
    first, second = curves(snapshot(300)), curves(snapshot(300), scale=3)
    view.show_overlays([("one", RED, first), ("two", GREEN, second)])
    for run, title in ((first, "one"), (second, "two")):
        loss, test = run.loss[149], run.test_loss[1]
        text = view.loss.text_at(150, loss)
        assert text == f"\n{title}   training {loss:.3f}   test {test:.3f}"
        assert view.loss.text_at(150, loss + 0.6) == "\n"
    draw(view, snapshot(200))
    step, near = view.accuracy.text_at(150, 100 * first.accuracy[149]).split("\n")
    assert step.startswith("step 150 ")
    assert near.endswith(
        f"training {percent(first.accuracy[149])}   test {percent(first.test_accuracy[1])}"
    )


def test_a_run_that_was_partly_timed_is_drawn_over_straight_lines_between(view):
    run = curves(snapshot(300))
    seconds = run.course.seconds.copy()
    seconds[1] = np.nan
    view.show_overlays([("one", RED, replace(run, course=replace(run.course, seconds=seconds)))])
    view.set_axis("time")
    (x, _), _, _ = lines(view.loss)[0]
    np.testing.assert_allclose(x, 0.01 * run.step)
