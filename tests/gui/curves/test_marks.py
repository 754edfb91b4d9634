"""Marks where the network was resized."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAction

from core.settings.config import NetworkConfig
from gui.curves.curves_view import CurvesView
from gui.curves.marks import resizes
from gui.widgets.theme import DARK, LIGHT
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
    """The lines of the plot's one item: x of each, and their y."""
    path = plot.marks.item.path()
    points = [path.elementAt(index) for index in range(path.elementCount())]
    pairs = list(zip(points[::2], points[1::2], strict=True))
    assert all(low.x == high.x for low, high in pairs)
    return [low.x for low, _ in pairs], {(low.y, high.y) for low, high in pairs}


def test_settings_that_do_not_change_the_network_make_no_mark():
    run = snapshot(300, hidden=((0, (32,)), (50, (32,)), (100, (64,)), (150, (64,))))
    assert [str(each) for each in resizes(run.changes)] == [
        "784-32-10 became 784-64-10 at step 100"
    ]


def test_changes_at_the_same_step_are_one():
    def texts(*hidden):
        return [str(each) for each in resizes(snapshot(300, hidden=hidden).changes)]

    assert texts((0, (32,)), (1234, (48,)), (1234, (64,))) == [
        "784-32-10 became 784-64-10 at step 1,234"
    ]
    assert texts((0, (32,)), (100, (48,)), (100, (32,))) == []


def test_another_activation_is_listed_by_its_name():
    first, second = snapshot(300, hidden=((0, (32, 16)), (100, (32, 16)))).changes
    network = NetworkConfig(hidden=(32, 16), activations=("relu", "tanh"))
    (only,) = resizes((first, replace(second, network=network)))
    assert str(only) == "relu, relu became relu, tanh at step 100"


@pytest.mark.parametrize(
    ("axis", "places"), [("step", [100, 220]), ("epoch", [1, 2.2]), ("time", [2, 4.4])]
)
def test_both_plots_have_a_line_at_each_change(view, axis, places):
    draw(view, snapshot(300, hidden=GROWN, seconds_per_step=0.02))
    view.set_axis(axis)
    for plot in (view.loss, view.accuracy):
        x, ends = drawn(plot)
        np.testing.assert_allclose(x, places)
        assert ends == {tuple(plot.plot.getViewBox().viewRange()[1])}


def test_the_lines_span_the_full_height_after_zooming(view):
    draw(view, snapshot(300, hidden=GROWN))
    view.loss.plot.getViewBox().setYRange(-7, 70, padding=0)
    assert drawn(view.loss) == ([100, 220], {(-7, 70)})


def test_the_legend_lists_marks_only_if_there_are_some(view):
    draw(view, snapshot(300))
    assert "resized" not in view.loss.legend.titles
    draw(view, snapshot(300, hidden=GROWN))
    draw(view, snapshot(310, hidden=GROWN))
    for plot in (view.loss, view.accuracy):
        assert plot.legend.titles.count("resized") == 1
    draw(view, snapshot(200, hidden=GROWN[:1]))
    assert "resized" not in view.loss.legend.titles


def test_going_back_removes_marks(view):
    draw(view, snapshot(300, hidden=GROWN))
    draw(view, snapshot(200, hidden=GROWN[:2]))
    assert drawn(view.accuracy)[0] == [100]
    draw(view, snapshot(90, hidden=GROWN[:1]))
    assert drawn(view.accuracy)[0] == []


def test_a_new_run_has_none(view):
    draw(view, snapshot(300, hidden=GROWN))
    view.clear()
    for plot in (view.loss, view.accuracy):
        assert drawn(plot)[0] == []
        assert "resized" not in plot.legend.titles
        assert plot.text_at(100, 1) == "\n"


def test_the_readout_says_what_changed_near_the_cursor(view):
    draw(view, snapshot(300, hidden=GROWN))
    pixel = view.loss.plot.getViewBox().viewPixelSize()[0]
    for x, text in ((100, FIRST), (100 - 4 * pixel, FIRST), (220 + 4 * pixel, SECOND)):
        first, second = view.loss.text_at(x, 1).split("\n")
        assert first.startswith("step ")
        assert second == text
    assert "became" not in view.loss.text_at(100 + 8 * pixel, 1)


def test_another_resize_at_the_same_place_is_announced_again(view):
    draw(view, snapshot(300, hidden=GROWN[:2]))
    draw(view, snapshot(300, hidden=((0, (128, 64)), (100, (128, 32)))))
    assert view.loss.text_at(100, 1).endswith("784-128-64-10 became 784-128-32-10 at step 100")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_marks_are_unobtrusive(view, theme):
    view.apply_theme(theme)
    assert view.loss.marks.item.pen().color().name() == theme.quiet.lower()
