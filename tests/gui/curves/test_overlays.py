"""The curves of other runs under those of the live one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPixmap

from core.colors import DARK, LIGHT
from core.wording import percent
from gui.curves import chart_pictures
from gui.curves.chart_painter import beyond, figure_font, paint_others
from gui.curves.curves_view import CurvesView
from gui.curves.end_labels import labeled_lines, paint_labels, place_labels
from gui.widgets.theme import HINT_SIZE
from tests.gui.curves.pixels import is_color, pixels_of
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


def lines(plot):
    """What is drawn of the other runs: points, color and dash of each line."""
    return [((line.x, line.y), line.color, line.style) for line in plot.chart.others]


def labels(plot):
    return [line.name for line in labeled_lines(plot.chart)]


def ranges(plot):
    return plot.chart.x_range, plot.chart.y_range


def values(plot, x):
    """What the cursor says at a place, line by line."""
    plot.canvas.cursor_moved.emit(x)
    return plot.legend.text().split("\n")


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


def test_each_run_is_labeled_once_at_its_end_and_not_in_the_legend(view):
    run = curves(snapshot(200))
    view.show_overlays([("one", RED, run), ("two", GREEN, run)])
    for plot in (view.loss, view.accuracy):
        assert labels(plot) == ["one", "two"]
        assert "one" not in plot.legend.text()
    view.show_overlays([("three", RED, run)])
    assert labels(view.loss) == ["three"]
    assert len(lines(view.loss)) == 2
    view.show_overlays([])
    assert labels(view.accuracy) == lines(view.loss) == []


@pytest.mark.parametrize("width", [420, 690, 1400])
@pytest.mark.parametrize("height", [210, 400])
def test_labels_are_whole_inside_and_apart(qtbot, view, width, height):
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    names = ["learning rate 0.01", "batch of 1", "a name & <b>that</b> a person gave to a run"]
    view.show_overlays(
        [(name, LIGHT.overlays[n], curves(snapshot(300 + n))) for n, name in enumerate(names)]
    )
    for plot in (view.loss, view.accuracy):
        placed = place_labels(plot.canvas.frame)
        rects = [label.rect for label in placed]
        metrics = QFontMetrics(figure_font(HINT_SIZE))
        for upper, lower in pairwise(rects):
            assert upper.bottom() <= lower.top() + 1e-6
        for label in placed:
            assert label.rect.left() >= plot.canvas.frame.plot.right()
            for text in label.text.split("\n"):
                right = label.rect.left() + metrics.horizontalAdvance(text)
                assert right <= plot.canvas.width()
            assert 0 <= label.rect.top() <= label.rect.bottom() <= plot.canvas.height()
        if width > 420:
            assert {label.text.replace("\n", " ") for label in placed} == set(names)


def test_eight_runs_have_labels_in_the_smallest_plot(qtbot, view):
    view.resize(420, 210)
    view.show()
    qtbot.waitExposed(view)
    run = curves(snapshot(200))
    draw(view, snapshot(250, hidden=((0, (32,)), (100, (64,))), validation=True))
    view.show_overlays([(f"a long title of run {n}", RED, run) for n in range(10)])
    for plot in (view.loss, view.accuracy):
        assert len(lines(plot)) == 2 * 8
        rects = [label.rect for label in place_labels(plot.canvas.frame)]
        assert len(rects) == 8
        assert all(upper.bottom() <= lower.top() + 1e-6 for upper, lower in pairwise(rects))


def test_the_ranges_take_the_other_runs_in(view):
    draw(view, snapshot(200))
    alone = [ranges(plot) for plot in (view.loss, view.accuracy)]
    view.show_overlays([("worse and longer", RED, curves(snapshot(1000), scale=4))])
    ((left, right), (low, high)) = ranges(view.loss)
    assert left == 0
    assert 1000 <= right <= 1050
    # 5 % of 1,000 steps are 50, where the loss is 4 · 2 / 2.
    assert low == 0
    assert high >= 4
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
    assert labels(view.loss) == ["new", "old"]
    view.set_axis("time")
    assert [color for _, color, _ in lines(view.loss)] == [RED, RED]
    assert labels(view.loss) == ["new"]
    assert view.loss.legend.text().endswith("no times: 1 run")
    assert view.loss.legend.toolTip().endswith("\nold")
    view.set_axis("step")
    assert labels(view.loss) == ["new", "old"]
    assert "no times" not in view.loss.legend.text()


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


def test_a_run_without_steps_has_only_its_first_test(view):
    view.show_overlays([("new", RED, curves(snapshot(0)))])
    assert labels(view.loss) == ["new"]
    assert np.isfinite(ranges(view.loss)).all()


def test_a_frame_of_the_live_run_does_not_draw_them_again(view, monkeypatch):
    painted = []

    def counted(painter, frame, theme):
        painted.append(frame.chart)
        paint_others(painter, frame, theme)

    monkeypatch.setattr(chart_pictures, "paint_others", counted)
    view.show_overlays([("one", RED, curves(snapshot(300)))])
    view.loss.canvas.grab()
    assert len(painted) == 1
    before = view.loss.chart.others
    draw(view, snapshot(100))
    draw(view, snapshot(101))
    view.loss.canvas.grab()
    assert view.loss.chart.others is before
    assert len(painted) == 1
    view.apply_theme(DARK)
    view.loss.canvas.grab()
    assert len(painted) == 2


def test_kept_labels_make_room_for_the_values_under_the_cursor(view):
    view.show_overlays([("one", RED, curves(snapshot(300)))])
    view.grab()
    canvas = view.loss.canvas
    for x in (None, 100, 200, None):
        canvas.cursor_moved.emit(x)
        wanted = QPixmap(canvas.size())
        wanted.fill(QColor(LIGHT.surface))
        with QPainter(wanted) as painter:
            paint_labels(painter, canvas.frame, LIGHT, view.readout(view.loss, x).others)
        (label,) = place_labels(canvas.frame)
        text = label.rect.toAlignedRect()
        assert canvas.grab(text).toImage() == wanted.copy(text).toImage(), x


def test_overlays_outlive_the_live_run(view):
    view.show_overlays([("one", RED, curves(snapshot(300)))])
    draw(view, snapshot(1000))
    view.clear()
    assert len(lines(view.loss)) == 2
    assert 300 <= ranges(view.loss)[0][1] <= 315


def test_the_cursor_says_the_values_of_all_runs(view):
    first, second = curves(snapshot(300)), curves(snapshot(300), scale=3)
    view.show_overlays([("one", RED, first), ("two", GREEN, second)])
    assert values(view.loss, 150) == [
        "step 150",
        *(
            f"{title} {run.loss[149]:.3f}   test {run.test_loss[1]:.3f}"
            for run, title in ((first, "one"), (second, "two"))
        ),
    ]
    draw(view, snapshot(200))
    moment, *_, one, two = values(view.accuracy, 150)
    assert moment.startswith("step 150 ")
    assert one == f"one {percent(first.accuracy[149])}   test {percent(first.test_accuracy[1])}"
    assert two.startswith("two ")


def test_a_run_that_ended_before_the_cursor_says_so(view):
    short, long = curves(snapshot(100)), curves(snapshot(300))
    view.show_overlays([("short", RED, short), ("long", GREEN, long)])
    assert values(view.loss, 200)[1] == "short ended before"
    assert values(view.loss, 200)[2].startswith("long 0.")


def test_without_the_live_run_the_legend_says_what_the_lines_are(view):
    view.show_overlays([("one", RED, curves(snapshot(100)))])
    for plot in (view.loss, view.accuracy):
        assert plot.legend.text() == "training   test"
    draw(view, snapshot(100))
    assert view.loss.legend.text().startswith("batch ")


# --- a run that diverges -----------------------------------------------------------------------


def diverging(steps=300, height=300.0):
    """A run whose losses begin as others do, and then are as large as `height`."""
    run = curves(snapshot(steps))
    run.loss[20:] = height
    run.test_loss[1:] = height
    return run


@pytest.mark.parametrize("height", [30, 300, 1e30])
@pytest.mark.parametrize("count", [1, 4])
def test_a_run_that_diverges_leaves_the_others_their_height(view, height, count):
    others = [("one", RED, curves(snapshot(300))), ("two", RED, curves(snapshot(300)))]
    view.show_overlays(others)
    alone = ranges(view.loss), ranges(view.accuracy)
    wild = [(f"wild {n}", GREEN, diverging(height=height)) for n in range(count)]
    view.show_overlays([*wild, *others])
    assert (ranges(view.loss), ranges(view.accuracy)) == alone
    view.show_overlays([])
    draw(view, snapshot(300))
    (_, (low, high)) = ranges(view.loss)
    view.show_overlays(wild)
    assert ranges(view.loss)[1] == (low, high)


def test_a_run_that_diverges_does_not_squeeze_the_accuracies_either(view):
    good, wild = curves(snapshot(5000)), diverging(5000)
    wild.accuracy[20:], wild.test_accuracy[1:] = 0.1, 0.1
    view.show_overlays([("good", RED, good)])
    alone = ranges(view.accuracy)[1]
    assert alone[0] > 0
    view.show_overlays([("good", RED, good), ("wild", GREEN, wild)])
    assert ranges(view.accuracy)[1] == alone


def test_a_run_that_only_guesses_is_in_view(view):
    guess = curves(snapshot(300))
    guess.loss[:], guess.test_loss[:] = 2.3, 2.3
    view.show_overlays([("one", RED, curves(snapshot(5000))), ("guesses", GREEN, guess)])
    assert ranges(view.loss)[1][1] >= 2.3


def test_a_new_run_is_in_view_beside_one_that_began_with_learned_weights(view):
    branch, new = curves(snapshot(300), scale=0.05), curves(snapshot(300))
    new.loss[:], new.test_loss[:] = 2.3, 2.3
    view.show_overlays([("branch", RED, branch), ("new", GREEN, new)])
    assert branch.loss[0] == pytest.approx(0.1, rel=0.05)
    assert ranges(view.loss)[1][1] >= 2.3


def test_runs_that_all_diverge_are_drawn_for_the_calmest(view):
    view.show_overlays([("wild", RED, diverging(height=30)), ("wilder", RED, diverging())])
    assert 30 <= ranges(view.loss)[1][1] < 300


def test_where_a_line_leaves_the_plot_is_marked_with_its_height(qtbot, view):
    view.show()
    qtbot.waitExposed(view)
    view.show_overlays(
        [("calm", RED, curves(snapshot(300))), ("wild", GREEN, diverging(height=312.0))]
    )
    frame = view.loss.canvas.frame
    assert {label.text for label in place_labels(frame)} == {"calm", "wild ↑"}
    (mark,) = _marks_of(frame, GREEN)
    assert mark[1:] == (pytest.approx(312), True)
    pixels = pixels_of(view.loss.canvas)
    x, top = round(mark[0]), round(frame.plot.top())
    triangle = is_color(pixels[top : top + 9, max(x - 5, 0) : x + 6], GREEN, 60)
    assert triangle.sum() > 20
    assert view.loss.chart.value_text(312.0) == "312"


def _marks_of(frame, color):
    return [
        mark
        for line in frame.chart.others
        if line.color == color and line.style == Qt.PenStyle.SolidLine
        for mark in beyond(frame, line)
    ]


def test_a_live_run_that_diverges_leaves_the_others_their_height(view):
    view.show_overlays([("calm", RED, curves(snapshot(300)))])
    alone = ranges(view.loss)[1]
    run = snapshot(300)
    run.history.batch_loss.base[20:300] = 1000
    draw(view, run)
    assert ranges(view.loss)[1] == alone


def test_a_few_huge_losses_at_the_end_do_not_flatten_the_runs_own_curve(view):
    run = curves(snapshot(300))
    before = ranges(view.loss)
    view.show_overlays([("calm", RED, run)])
    before = ranges(view.loss)
    run.loss[-3:] = 1e9
    view.show_overlays([("almost calm", RED, run)])
    assert ranges(view.loss) == before


def test_a_run_that_was_partly_timed_is_drawn_over_straight_lines_between(view):
    run = curves(snapshot(300))
    seconds = run.course.seconds.copy()
    seconds[1] = np.nan
    view.show_overlays([("one", RED, replace(run, course=replace(run.course, seconds=seconds)))])
    view.set_axis("time")
    (x, _), _, _ = lines(view.loss)[0]
    np.testing.assert_allclose(x, 0.01 * run.step)
