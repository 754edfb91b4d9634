"""Marks where the network was resized."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAction

from core.colors import DARK, LIGHT
from core.settings.config import NetworkConfig
from gui.curves.axes import mark_labels
from gui.curves.curves_view import CurvesView
from gui.curves.marks import marks
from tests.gui.curves.pixels import is_color, pixels_of
from tests.gui.snapshots import snapshot

GROWN = ((0, (128, 64)), (100, (256, 64)), (220, (256, 64, 32)))
FIRST = "784-128-64-10 became 784-256-64-10 at step 100"
SECOND = "784-256-64-10 became 784-256-64-32-10 at step 220"


@pytest.fixture
def view(qtbot):
    view = CurvesView(QAction("log", checkable=True))
    qtbot.addWidget(view)
    view.resize(690, 300)
    view.apply_theme(LIGHT)
    view.show()
    qtbot.waitExposed(view)
    return view


def draw(view, run):
    view.show_loss(run)
    view.show_accuracy(run)


def drawn(plot):
    """Where the marks of a plot are on its x axis."""
    return list(plot.chart.marks)


def values(plot, x):
    """What the cursor says at a place, line by line."""
    plot.canvas.cursor_moved.emit(x)
    return plot.legend.text().split("\n")


def labels(plot):
    """What is written under the marks, the newest first."""
    return [text for _, text in mark_labels(plot.canvas.frame)]


def test_settings_that_do_not_change_the_network_make_no_mark():
    run = snapshot(300, hidden=((0, (32,)), (50, (32,)), (100, (64,)), (150, (64,))))
    assert [str(each) for each in marks(run.changes)] == ["784-32-10 became 784-64-10 at step 100"]


def test_changes_at_the_same_step_are_one():
    def texts(*hidden):
        return [str(each) for each in marks(snapshot(300, hidden=hidden).changes)]

    assert texts((0, (32,)), (1234, (48,)), (1234, (64,))) == [
        "784-32-10 became 784-64-10 at step 1,234"
    ]
    assert texts((0, (32,)), (100, (48,)), (100, (32,))) == []


def test_another_activation_is_listed_by_its_name():
    first, second = snapshot(300, hidden=((0, (32, 16)), (100, (32, 16)))).changes
    network = NetworkConfig(hidden=(32, 16), activations=("relu", "tanh"))
    (only,) = marks((first, replace(second, network=network)))
    assert str(only) == "relu, relu became relu, tanh at step 100"


@pytest.mark.parametrize(
    ("axis", "places"), [("step", [100, 220]), ("epoch", [1, 2.2]), ("time", [2, 4.4])]
)
def test_both_plots_have_a_line_at_each_change(view, axis, places):
    draw(view, snapshot(300, hidden=GROWN, seconds_per_step=0.02))
    view.set_axis(axis)
    for plot in (view.loss, view.accuracy):
        np.testing.assert_allclose(drawn(plot), places)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_lines_are_quiet_and_go_over_the_whole_height_even_of_a_part(view, theme):
    view.apply_theme(theme)
    draw(view, snapshot(300, hidden=GROWN))
    for part in (None, (90, 110)):
        view.show_all() if part is None else view.show_part(*part)
        frame = view.loss.canvas.frame
        column = is_color(pixels_of(view.loss.canvas), theme.quiet, 90)[
            :, round(frame.x_at(100)) - 1 : round(frame.x_at(100)) + 2
        ].any(axis=1)
        top, bottom = int(frame.plot.top()), int(frame.plot.bottom())
        tenths = np.array_split(column[top:bottom], 8)
        assert all(tenth.any() for tenth in tenths)


@pytest.mark.parametrize("height", [170, 300, 600])
def test_each_mark_has_a_label_beside_the_numbers_of_the_axis(view, height):
    view.resize(690, height)
    draw(view, snapshot(300))
    assert labels(view.loss) == []
    draw(view, snapshot(300, hidden=GROWN))
    for plot in (view.loss, view.accuracy):
        frame = plot.canvas.frame
        assert labels(plot) == ["resized", "resized"]
        (later, _), (earlier, _) = mark_labels(frame)
        assert earlier.right() <= later.left()
        assert later.left() <= frame.x_at(220) <= later.right()
        for rect in (later, earlier):
            assert frame.plot.bottom() <= rect.top()
            assert rect.bottom() <= plot.canvas.height()
            assert frame.plot.left() <= rect.left()
            assert rect.right() <= plot.canvas.width()
    draw(view, snapshot(200, hidden=GROWN[:1]))
    assert labels(view.loss) == []


def test_of_marks_that_are_too_near_the_later_one_has_a_label(view):
    draw(view, snapshot(300, hidden=((0, (32,)), (100, (64,)), (101, (65,)), (102, (66,)))))
    assert len(drawn(view.loss)) == 3
    ((rect, _),) = mark_labels(view.loss.canvas.frame)
    assert rect.center().x() == pytest.approx(view.loss.canvas.frame.x_at(102))


def fine_tuned(steps, *at):
    """A run that was fine-tuned after these steps."""
    run = snapshot(steps)
    (begun,) = run.changes
    return replace(
        run, changes=(begun, *(replace(begun, step=step, is_fine_tuning=True) for step in at))
    )


def test_fine_tuning_is_marked_until_it_is_undone(view):
    draw(view, fine_tuned(300, 150))
    for plot in (view.loss, view.accuracy):
        assert drawn(plot) == [150]
        assert labels(plot) == ["fine-tuned"]
    assert values(view.loss, 150)[1] == "fine-tuned on your digits at step 150"
    draw(view, fine_tuned(300))
    assert drawn(view.accuracy) == []
    assert "fine-tuned" not in "".join(values(view.loss, 150))


def test_resizes_and_fine_tunings_are_in_the_order_of_their_steps():
    resized = snapshot(300, hidden=GROWN).changes
    tuned = fine_tuned(300, 220, 150).changes[1:]
    found = marks(sorted((*resized, *tuned), key=lambda change: change.step))
    assert [mark.step for mark in found if mark.label == "fine-tuned"] == [150, 220]
    assert [mark.step for mark in found] == sorted(mark.step for mark in found)


def test_going_back_removes_marks(view):
    draw(view, snapshot(300, hidden=GROWN))
    draw(view, snapshot(200, hidden=GROWN[:2]))
    assert drawn(view.accuracy) == [100]
    draw(view, snapshot(90, hidden=GROWN[:1]))
    assert drawn(view.accuracy) == []


def test_a_new_run_has_none(view):
    draw(view, snapshot(300, hidden=GROWN))
    view.clear()
    for plot in (view.loss, view.accuracy):
        assert drawn(plot) == []
        assert labels(plot) == []
        assert "became" not in "".join(values(plot, 100))


def test_the_cursor_says_what_changed_nearby(view):
    draw(view, snapshot(300, hidden=GROWN))
    pixel = 360 / view.loss.canvas.frame.plot.width()
    for x, text in ((100, FIRST), (100 - 4 * pixel, FIRST), (220 + 4 * pixel, SECOND)):
        first, second, *_ = values(view.loss, x)
        assert first.startswith("step ")
        assert second == text
    assert "became" not in "".join(values(view.loss, 100 + 8 * pixel))


def test_another_resize_at_the_same_place_is_announced_again(view):
    draw(view, snapshot(300, hidden=GROWN[:2]))
    assert values(view.loss, 100)[1] == FIRST
    draw(view, snapshot(300, hidden=((0, (128, 64)), (100, (128, 32)))))
    assert values(view.loss, 100)[1] == "784-128-64-10 became 784-128-32-10 at step 100"
