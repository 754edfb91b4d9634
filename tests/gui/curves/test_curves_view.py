"""What the curves show of a run with and without a validation split."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.colors import DARK, LIGHT
from core.history.recorder import HistoryRecorder
from core.settings.config import Hyperparameters, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from core.wording import percent
from gui.curves.chart import envelope
from gui.curves.curves_view import CurvesView
from gui.curves.legend import entries_of
from gui.curves.shown import Ranges
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run
from tests.gui.curves.pixels import colors_of
from tests.gui.driving import child, choose
from tests.gui.snapshots import PER_EPOCH, snapshot
from tests.gui.snapshots import curves as curves_of_snapshot

VALIDATED = RunConfig(validation=50, hyperparameters=Hyperparameters(batch_size=50, l2=0.01))


@pytest.fixture
def curves(qtbot):
    log_scale = QAction("log")
    log_scale.setCheckable(True)
    curves = CurvesView(log_scale)
    qtbot.addWidget(curves)
    curves.resize(690, 300)
    curves.apply_theme(LIGHT)
    return curves


def trained(config, epochs=2):
    trainer = Trainer(config, tiny_dataset())
    while trainer.epoch < epochs:
        trainer.step()
    return take_snapshot(trainer)


def draw(curves, snapshot):
    curves.show_loss(snapshot)
    curves.show_accuracy(snapshot)


def loss(curves, name="smoothed"):
    return curves.loss.chart.line(name)


def accuracy(curves, name="train"):
    return curves.accuracy.chart.line(name)


def batches(curves):
    """The band of the batches as a line up and down."""
    band = curves.loss.chart.band
    return envelope(band.x, band.low, band.high)


def values(plot, x):
    """What the cursor says at a place, line by line."""
    plot.canvas.cursor_moved.emit(x)
    return plot.legend.text().split("\n")


def test_validation_is_drawn_at_each_evaluation(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    steps = history.evaluation_step
    assert len(steps) > 3
    for curve, values in (
        (loss(curves, "validation"), history.validation_loss),
        (accuracy(curves, "validation"), 100 * history.validation_accuracy),
    ):
        np.testing.assert_array_equal(curve.x, steps)
        np.testing.assert_allclose(curve.y, values, rtol=1e-6)


def test_the_legend_lists_validation_only_if_there_is_a_split(curves):
    def entries():
        plots = curves.loss, curves.accuracy
        return tuple([entry.name for entry in entries_of(plot.chart)] for plot in plots)

    without = (["batch", "smoothed", "test"], ["train", "test"])
    assert entries() == without
    draw(curves, trained(VALIDATED))
    assert entries() == (
        ["batch", "smoothed", "validation", "test"],
        ["train", "validation", "test"],
    )
    curves.clear()
    draw(curves, trained(replace(VALIDATED, validation=0)))
    assert entries() == without


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_later_legend_entry_has_the_themes_colors(curves, theme):
    curves.apply_theme(theme)
    draw(curves, trained(VALIDATED))
    assert colors_of(curves.loss.legend) >= {
        getattr(theme, token).lower()
        for token in ("text", "validation", "test", "train", "train_faint")
    }
    assert loss(curves, "validation").color == theme.validation


def test_the_legend_has_the_newest_values_even_while_a_part_is_enlarged(curves):
    run = snapshot(250, validation=True)
    draw(curves, run)
    smooth = run.history.steps.spread("batch_loss")
    newest = f"{smooth.smoothed(smooth[-1:])[0]:.3f}"
    said = (
        f"batch {run.history.batch_loss[-1]:.3f}   smoothed {newest}   "
        f"validation {run.history.validation_loss[-1]:.3f} at step 200   "
        f"test {run.history.test_loss[-1]:.3f} at step 200"
    )
    assert curves.loss.legend.text() == said
    curves.show_part(20, 60)
    assert curves.loss.legend.text() == said


def test_each_curve_has_its_own_color_and_dash(curves):
    draw(curves, trained(VALIDATED))
    drawn = curves.loss.chart.lines
    assert len({curve.color for curve in drawn}) == len({curve.style for curve in drawn}) == 3


def test_the_validation_loss_is_within_the_range(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss.base[2:] = 30
    draw(curves, snapshot)
    low, high = curves.loss.chart.y_range
    assert low <= 30 <= high


def test_an_infinite_validation_loss_does_not_break_the_plot(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss.base[1] = np.inf
    draw(curves, snapshot)
    assert np.isfinite(loss(curves, "validation").y).all()
    assert len(loss(curves, "validation").x) == len(loss(curves, "test").x) - 1


def test_the_cursor_says_every_value_of_the_step_in_both_plots(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    data, l2 = history.batch_loss[2], history.steps.newest("regularization_loss")[2]
    assert l2 > 0
    at = list(history.evaluation_step).index(3)
    moment, *rows = values(curves.loss, 3)
    assert moment.startswith("step 3   epoch 1.00   ")  # 3 batches of 50 in 150 images
    assert moment.endswith(" s")
    smooth = loss(curves).y[2]
    assert rows == [
        f"batch {data:.3f}",
        f"smoothed {smooth:.3f}",
        f"L2 {l2:.3f}",
        f"validation {history.validation_loss[at]:.3f}",
        f"test {history.test_loss[at]:.3f}",
    ]
    same_moment, *rows = curves.accuracy.legend.text().split("\n")
    assert same_moment == moment
    assert rows[0] == f"batch {percent(history.steps.newest('batch_accuracy')[2])}"
    assert f"validation {percent(history.validation_accuracy[at])}" in rows
    curves.loss.canvas.cursor_moved.emit(None)
    for plot in (curves.loss, curves.accuracy):
        assert "epoch" not in plot.legend.text()


def test_an_evaluation_of_an_earlier_step_says_so(curves):
    draw(curves, snapshot(250))
    assert values(curves.loss, 150)[-1].endswith(" at step 100")
    assert values(curves.loss, 200)[-1].startswith("test ")
    assert "at step" not in values(curves.loss, 200)[-1]


def test_the_cursor_omits_missing_values(curves):
    assert values(curves.loss, 1) == ["batch   smoothed   test"]  # the legend
    draw(curves, trained(RunConfig()))
    said = "\n".join(values(curves.loss, 3))
    assert "L2" not in said
    assert "validation" not in said


def test_the_values_stay_true_while_the_run_goes_on_under_the_cursor(curves):
    draw(curves, snapshot(100))
    assert values(curves.loss, 180)[0].startswith("step 100 ")
    assert curves.loss.canvas._cursor == 100  # the line is at the step that has these values
    draw(curves, snapshot(200))
    assert curves.loss.legend.text().startswith("step 180 ")
    assert curves.loss.canvas._cursor == 180


# --- the x axis -------------------------------------------------------------------------------


def x_range(plot):
    return plot.chart.x_range


def x_title(plot):
    return plot.chart.x_title


@pytest.mark.parametrize(
    ("axis", "title", "end"),
    [("step", "step", 250), ("epoch", "epoch", 2.5), ("time", "training time, s", 5.0)],
)
def test_both_plots_use_the_chosen_axis(curves, axis, title, end):
    draw(curves, snapshot(250, seconds_per_step=0.02, validation=True))
    choose(curves, "axis_combo", axis)
    per_step = end / 250
    for plot, curve, tested in (
        (curves.loss, loss(curves), loss(curves, "validation")),
        (curves.accuracy, accuracy(curves), accuracy(curves, "test")),
    ):
        np.testing.assert_allclose(curve.x[[0, -1]], [per_step, end])
        np.testing.assert_allclose(tested.x, np.array([0, 100, 200]) * per_step)
        assert x_title(plot) == title
        left, right = x_range(plot)
        assert left == 0
        assert end < right <= 1.2 * end * (1 + 1e-9)  # some spare room, but not much


def test_steps_over_time_follow_the_speed_of_the_run(curves):
    run = snapshot(200)
    run.history.evaluations.newest("evaluation_seconds").base[1] = (
        10.0  # the first epoch took 10 s, the second 1 s
    )
    draw(curves, replace(run, seconds=11.0))
    curves.set_axis("time")
    at = dict(zip(range(1, 201), accuracy(curves).x, strict=True))
    assert at[50] == pytest.approx(5.0)
    assert at[150] == pytest.approx(10.5)


def test_another_axis_shows_the_whole_run_again(curves):
    draw(curves, snapshot(250))
    curves.show_part(100, 120)
    assert len(loss(curves).x) < 250
    curves.set_axis("epoch")
    assert curves.is_whole
    assert len(loss(curves).x) == 250
    assert child(curves, "axis_combo").currentData() == "epoch"


@pytest.mark.parametrize(("axis", "per_step"), [("step", 1), ("epoch", 0.01), ("time", 0.02)])
def test_a_visible_part_is_drawn_completely_even_while_paused(curves, axis, per_step):
    draw(curves, snapshot(5000, seconds_per_step=0.02))
    curves.set_axis(axis)
    whole, _ = batches(curves)
    assert whole[0] == whole[1]  # low and high of a bucket of several steps
    assert np.diff(whole[::2]).max() > 1.5 * per_step
    curves.show_part(4000 * per_step, 4040 * per_step)
    for plot in (curves.loss, curves.accuracy):
        assert x_range(plot) == pytest.approx((4000 * per_step, 4040 * per_step))
    part = batches(curves)[0][::2]
    np.testing.assert_allclose(np.diff(part), per_step)
    assert part[-1] >= 4040 * per_step
    QTest.mouseDClick(curves.loss.canvas, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(batches(curves)[0], whole)
    assert x_range(curves.loss)[1] >= 5000 * per_step


@pytest.mark.parametrize(("axis", "x"), [("step", 150), ("epoch", 1.5), ("time", 3.0)])
def test_the_readout_names_step_epoch_and_time_on_each_axis(curves, axis, x):
    draw(curves, snapshot(250, seconds_per_step=0.02))
    curves.set_axis(axis)
    for plot in (curves.loss, curves.accuracy):
        assert values(plot, x)[0] == "step 150   epoch 1.50   3.0 s"


def test_a_run_whose_time_is_not_known_is_left_out_over_time_alone(curves):
    draw(curves, snapshot(250, hidden=((0, (32,)), (100, (64,))), seconds_per_step=np.nan))
    assert values(curves.loss, 150)[0] == "step 150   epoch 1.50"
    curves.set_axis("time")
    assert len(loss(curves).x) == len(loss(curves, "test").x) == 0
    assert len(curves.loss.chart.marks) == 0
    assert x_title(curves.loss) == "training time, s (not known for this run)"
    assert values(curves.loss, 1.5) == ["1.5 s"]
    curves.set_axis("epoch")
    assert len(loss(curves).x) == 250
    assert x_title(curves.loss) == "epoch"


def test_steps_after_the_snapshot_are_not_drawn(curves):
    """A snapshot's history has the length of its run, even if the recorder continues."""
    trainer = run(make_trainer(), 3)
    draw(curves, take_snapshot(trainer))
    run(trainer, 4)
    curves.set_axis("step")
    assert loss(curves).x[-1] == 3
    draw(curves, snapshot(130))
    for axis, end in (("step", 130), ("epoch", 1.3), ("time", 1.3)):
        curves.set_axis(axis)
        assert loss(curves).x[-1] == pytest.approx(end)
        assert values(curves.accuracy, 1e6)[0].startswith("step 130 ")


def test_the_axis_stays_still_for_a_while(curves):
    curves.set_axis("epoch")
    draw(curves, snapshot(2 * PER_EPOCH))
    before = x_range(curves.loss)
    draw(curves, snapshot(2 * PER_EPOCH + 20))
    assert x_range(curves.loss) == before
    draw(curves, snapshot(3 * PER_EPOCH))
    assert x_range(curves.loss)[1] > 3


# --- smoothing, and long runs -----------------------------------------------------------------


def test_changing_the_batch_size_does_not_redraw_the_past(curves):
    """64 images a batch, then one."""
    before = snapshot(200, images=64)
    draw(curves, before)
    drawn = [curve.y.copy() for curve in (loss(curves), accuracy(curves))]
    after = snapshot(200, images=64)
    recorder = HistoryRecorder(after.history)
    for _ in range(50):
        recorder.record_step(0.1, 0.0, 1.0, 1)
    after = replace(after, history=recorder.history)
    draw(curves, replace(after, step=250))
    for curve, early in zip((loss(curves), accuracy(curves)), drawn, strict=True):
        assert len(curve.y) == 250
        np.testing.assert_array_equal(curve.y[:200], early)


@pytest.mark.parametrize("steps", [50, 250])
def test_the_overlay_of_a_run_lies_on_its_live_curve(curves, steps):
    run = snapshot(steps, images=64)
    draw(curves, run)
    curves.show_overlays([("the same", "#ff0000", curves_of_snapshot(run))])
    for plot, curve in (
        (curves.loss, loss(curves)),
        (curves.accuracy, accuracy(curves)),
    ):
        overlay, _tests = plot.chart.others
        np.testing.assert_array_equal(overlay.x, curve.x)
        np.testing.assert_array_equal(overlay.y, curve.y)


@pytest.fixture
def long_run(monkeypatch):
    """1,000 steps, of which the first 896 are in buckets of 32; 16 are an epoch."""
    monkeypatch.setattr("core.history.history.KEPT_STEPS", 64)
    monkeypatch.setattr("core.history.history.KEPT_EVALUATIONS", 8)
    return snapshot(1_000, per_epoch=16)


def test_the_old_part_of_a_long_run_is_drawn_as_bucket_ranges(curves, long_run):
    draw(curves, long_run)
    items = long_run.history.steps.spread("batch_loss")
    in_buckets = np.flatnonzero(items.count - items.before > 1)
    assert len(in_buckets) == 28
    curves.show_part(100, 160)
    x, y = batches(curves)
    assert x[0] <= 100
    assert x[-1] >= 160
    np.testing.assert_array_equal(np.unique(x), np.arange(80.5, 209, 32))
    shown = items.thin(*items.around(100, 161), 1_000)
    np.testing.assert_allclose(y[::2], shown.low)
    np.testing.assert_allclose(y[1::2], shown.high)
    assert (y[1::2] > y[::2]).all()


def test_the_cursor_in_a_bucket_says_range_and_mean(curves, long_run):
    draw(curves, long_run)
    for plot, form, name in (
        (curves.loss, "{:.3f}".format, "batch_loss"),
        (curves.accuracy, percent, "batch_accuracy"),
    ):
        bucket = long_run.history.steps.spread(name)[3:4]
        mean, low, high = (form(*v) for v in (bucket.mean, bucket.low, bucket.high))
        moment, batch, *_, test = values(plot, 100)
        assert moment.startswith("steps 97–128   epoch 8.00   ")
        assert batch == f"batch {mean} ({low}–{high})"
        assert test.startswith("test ")
        assert test.endswith(")")  # so are the tests of that time
        assert values(plot, 990)[0].startswith("step 990   ")


def test_old_evaluations_of_many_are_drawn_as_bucket_ranges(curves, long_run):
    draw(curves, long_run)
    items = long_run.history.evaluations
    tests = items.spread("test_loss")
    assert tests.is_thinned
    x, y = loss(curves, "test").x, loss(curves, "test").y
    np.testing.assert_array_equal(x[::2], items.last("evaluation_step"))
    np.testing.assert_allclose(y[::2], tests.low)
    np.testing.assert_allclose(y[1::2], tests.high)


# --- enlarging a part --------------------------------------------------------------------------


@pytest.fixture
def shown(qtbot, curves):
    """The curves of a run of 1,000 steps, on the screen."""
    curves.show()
    qtbot.waitExposed(curves)
    draw(curves, snapshot(1000))
    return curves


def at(canvas, x):
    """The pixel of a place on the x axis."""
    return QPoint(round(canvas.frame.x_at(x)), round(canvas.frame.plot.center().y()))


def drag(canvas, begin, end):
    begin, end = at(canvas, begin), at(canvas, end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(canvas, (begin + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_a_part_that_is_dragged_over_is_enlarged_and_then_moved(shown):
    canvas = shown.accuracy.canvas
    per_pixel = 1200 / canvas.frame.plot.width()
    drag(canvas, 200, 400)
    for plot in (shown.loss, shown.accuracy):
        assert x_range(plot) == pytest.approx((200, 400), abs=per_pixel)
    drag(canvas, 350, 300)
    assert x_range(shown.loss) == pytest.approx((250, 450), abs=2 * per_pixel)
    drag(canvas, 250, 2000)
    assert x_range(shown.loss)[0] == 0
    child(shown, "show_all_button").click()
    assert x_range(shown.loss) == (0, 1200)


def test_the_run_goes_on_while_a_part_is_enlarged_and_is_followed_afterwards(shown):
    shown.show_part(900, 1100)
    draw(shown, snapshot(1050))
    assert x_range(shown.loss) == (900, 1100)
    assert loss(shown).x[-1] == 1050
    assert child(shown, "show_all_button").isEnabled()
    draw(shown, snapshot(2000))
    shown.show_all()
    assert x_range(shown.loss)[1] >= 2000
    assert not child(shown, "show_all_button").isEnabled()


def turn_wheel(canvas, x, turns, modifiers=Qt.KeyboardModifier.ControlModifier):
    place = QPointF(at(canvas, x))
    event = QWheelEvent(
        place,
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_the_wheel_enlarges_with_ctrl_around_the_cursor_and_else_scrolls(shown):
    canvas = shown.loss.canvas
    assert not turn_wheel(canvas, 600, 1, Qt.KeyboardModifier.NoModifier)
    assert shown.is_whole
    assert turn_wheel(canvas, 600, 1)
    left, right = x_range(shown.loss)
    assert right - left == pytest.approx(0.8 * 1200)
    assert 600 - left == pytest.approx(0.8 * 600, abs=3)
    turn_wheel(canvas, 600, -2)
    assert shown.is_whole


def test_keys_move_the_cursor_and_enlarge(shown):
    canvas = shown.loss.canvas
    shown.loss.canvas.cursor_moved.emit(500.0)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    said = shown.accuracy.legend.text()
    assert not said.startswith("step 500 ")
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shown.accuracy.legend.text().startswith("step 500 ")
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    left, right = x_range(shown.accuracy)
    assert right - left == pytest.approx(0.8 * 1200)
    assert left < 500 < right
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert shown.is_whole
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not shown.accuracy.legend.text().startswith("step ")


def test_a_part_can_be_enlarged_while_a_lesson_chooses_the_ranges(shown):
    shown.set_ranges(Ranges(loss=(0.0, 5.0)))
    drag(shown.loss.canvas, 200, 400)
    assert x_range(shown.accuracy) == pytest.approx((200, 400), abs=10)
    assert shown.loss.chart.y_range == pytest.approx((0, 5), abs=1e-5)


def test_keys_move_the_visible_part_and_the_cursor_in_it_within_the_run(shown):
    canvas = shown.loss.canvas
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(canvas, Qt.Key.Key_Right, control)
    assert shown.is_whole
    shown.show_part(400, 600)
    canvas.cursor_moved.emit(500.0)
    QTest.keyClick(canvas, Qt.Key.Key_Right, control)
    assert x_range(shown.accuracy) == pytest.approx((450, 650))
    assert shown.accuracy.legend.text().startswith("step 550 ")
    for key, end in ((Qt.Key.Key_Left, (0, 200)), (Qt.Key.Key_Right, (1000, 1200))):
        for _ in range(30):
            QTest.keyClick(canvas, key, control)
        assert x_range(shown.loss) == pytest.approx(end)
    canvas.cursor_moved.emit(1000.0)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    left, right = x_range(shown.loss)
    assert left < 1000
    assert right - left == pytest.approx(200)


def test_the_mouse_moves_one_cursor_through_both_plots(shown):
    QTest.mouseMove(shown.accuracy.canvas, at(shown.accuracy.canvas, 500))
    step = shown.loss.legend.text().split("   ")[0]
    assert shown.accuracy.legend.text().startswith(f"{step}   epoch ")
    assert abs(int(step.removeprefix("step ")) - 500) < 5
    for plot in (shown.loss, shown.accuracy):
        frame = plot.canvas.frame
        column = plot.canvas.grab().toImage()
        x = round(frame.x_at(plot.canvas._cursor))
        shades = {
            column.pixelColor(x + side, round(frame.plot.bottom()) - 3).name()
            for side in (-1, 0, 1)
        }
        assert len(shades) > 1  # the line
