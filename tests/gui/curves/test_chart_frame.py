"""Where everything in a chart is: nothing is cut, nothing jumps, nothing covers the curves."""

import pytest
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QApplication

from core.colors import LIGHT
from gui.curves.axes import y_title
from gui.curves.chart_frame import type_size
from gui.curves.chart_painter import figure_font
from gui.curves.chart_ticks import log_ticks, ticks
from gui.curves.curves_view import CurvesView
from gui.curves.end_labels import place_labels
from gui.curves.value_texts import loss_text
from tests.gui.curves.pixels import pixels_of
from tests.gui.snapshots import curves, snapshot


@pytest.fixture
def view(qtbot):
    view = CurvesView(QAction("log", checkable=True))
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(586, 150)
    view.show()
    qtbot.waitExposed(view)
    return view


def draw(view, run):
    view.show_loss(run)
    view.show_accuracy(run)


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (0, "0.000"),
        (0.000123456, "1.23e−4"),
        (0.00123456, "0.00123"),
        (0.0493, "0.0493"),
        (0.234567, "0.235"),
        (2.302585, "2.303"),
        (12.3456, "12.35"),
        (123.456, "123.5"),
        (1234.6, "1,235"),
        (1419790848.0, "1.42e9"),
    ],
)
def test_a_loss_has_three_or_four_significant_digits(loss, text):
    assert loss_text(loss) == text


@pytest.mark.parametrize("width", [320, 586, 900, 1500])
@pytest.mark.parametrize("validation", [False, True])
def test_values_and_the_cursor_move_nothing(view, width, validation):
    view.resize(width, 300)
    draw(view, snapshot(0, validation=validation))
    QApplication.processEvents()  # the layout of this size
    places = [plot.canvas.geometry() for plot in (view.loss, view.accuracy)]
    plots = [plot.canvas.frame.plot for plot in (view.loss, view.accuracy)]
    assert places[0].top() == places[1].top()
    run = snapshot(250, validation=validation)
    for loss in (None, 1e9, 1e-9):
        if loss is not None:
            run.history.batch_loss.base[:] = loss
        draw(view, run)
        for x in (None, 150.0):
            view.loss.canvas.cursor_moved.emit(x)
            QApplication.processEvents()
            assert [plot.canvas.geometry() for plot in (view.loss, view.accuracy)] == places
            assert [plot.canvas.frame.plot for plot in (view.loss, view.accuracy)] == plots


def test_the_cursor_covers_nothing_but_its_line(view):
    view.resize(586, 300)
    draw(view, snapshot(300))
    canvas = view.loss.canvas
    before = pixels_of(canvas)
    canvas.cursor_moved.emit(150.0)
    changed = (pixels_of(canvas) != before).any(axis=2)
    frame = canvas.frame
    top, bottom = int(frame.plot.top()), int(frame.plot.bottom())
    columns = changed[top:bottom].any(axis=0).nonzero()[0]
    assert len(columns) in (1, 2)
    assert abs(columns.mean() - frame.x_at(150)) < 1.5


def test_the_legend_shows_the_values_at_the_cursor(view):
    draw(view, snapshot(300))
    legend = view.loss.legend
    newest = pixels_of(legend)
    view.accuracy.canvas.cursor_moved.emit(50.0)
    assert (pixels_of(legend) != newest).any()
    view.accuracy.canvas.cursor_moved.emit(None)
    assert (pixels_of(legend) == newest).all()


@pytest.mark.parametrize("height", [136, 150, 180, 260, 500])
@pytest.mark.parametrize("is_log", [False, True])
def test_titles_and_numbers_of_the_y_axis_have_room_even_after_a_divergence(view, height, is_log):
    view.resize(586, height)
    view._log_scale.setChecked(is_log)
    run = snapshot(300)
    run.history.batch_loss.base[:] = 1.4e9
    draw(view, run)
    for plot in (view.loss, view.accuracy):
        frame = plot.canvas.frame
        metrics = QFontMetrics(figure_font(frame.size))
        assert y_title(frame)
        assert metrics.horizontalAdvance(y_title(frame)) <= frame.plot.height()
        low, high = frame.chart.y_range
        found = log_ticks(low, high, 9) if frame.chart.is_log else ticks(low, high, 9, True)
        room = frame.plot.left() - frame.row
        assert all(metrics.horizontalAdvance(text) <= room for _, text in found)


@pytest.mark.parametrize("height", [136, 150, 210, 400])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_labels_stay_beside_the_plot_and_do_not_move_under_the_cursor(view, height, count):
    view.resize(586, height)
    view.show_overlays(
        [(f"run {n}", LIGHT.overlays[n], curves(snapshot(300), 1 + n)) for n in range(count)]
    )
    for plot in (view.loss, view.accuracy):
        plot.canvas.cursor_moved.emit(None)
        frame = plot.canvas.frame
        labels = place_labels(frame)
        rects = [label.rect for label in labels]
        assert all(rect.top() >= frame.plot.top() - 1e-6 for rect in rects)
        assert all(rect.bottom() <= frame.plot.bottom() + 1e-6 for rect in rects)
        if len(labels) < count:
            assert labels[-1].text == f"and {count - len(labels) + 1} more"
        plot.canvas.cursor_moved.emit(100.0)
        readout = view.readout(plot, 100.0)
        at_cursor = place_labels(frame, readout.others)
        assert [label.rect for label in at_cursor] == rects
        said = "".join(label.text + label.values for label in at_cursor)
        assert all(readings[-1] in said for _, readings in readout.others[: len(labels) - 1])


@pytest.mark.parametrize(
    ("width", "height", "size"), [(285, 150, 12), (310, 300, 12), (560, 370, 14), (870, 520, 18)]
)
def test_type_is_larger_where_there_is_room(width, height, size):
    assert type_size(width, height) == size
