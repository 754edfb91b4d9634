"""What the curves show of a run with and without a validation split."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtTest import QTest

from core.history.recorder import HistoryRecorder
from core.settings.config import Hyperparameters, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from core.wording import percent
from gui.curves.curves_view import CurvesView
from gui.widgets.theme import DARK, LIGHT
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run
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


def test_validation_is_drawn_at_each_evaluation(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    steps = history.evaluation_step
    assert len(steps) > 3
    for curve, values in (
        (curves._validation_loss, history.validation_loss),
        (curves._validation_accuracy, 100 * history.validation_accuracy),
    ):
        np.testing.assert_array_equal(curve.x, steps)
        np.testing.assert_allclose(curve.y, values, rtol=1e-6)


def test_the_legend_lists_validation_only_if_there_is_a_split(curves):
    def entries():
        return curves.loss.legend.titles, curves.accuracy.legend.titles

    without = (["batch", "smoothed", "test"], ["train", "test"])
    assert entries() == without
    draw(curves, trained(VALIDATED))
    draw(curves, trained(VALIDATED))
    assert entries() == tuple([*titles, "validation"] for titles in without)
    curves.clear()
    draw(curves, trained(replace(VALIDATED, validation=0)))
    assert entries() == without
    assert len(curves._validation_loss.x) == 0


def colors(legend):
    """The colors of a legend."""
    picture = QImage(legend.boundingRect().size().toSize(), QImage.Format.Format_RGB32)
    picture.fill(0)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, False)
        legend.paint(painter)
    return {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_later_legend_entry_has_the_themes_colors(curves, theme):
    curves.apply_theme(theme)
    draw(curves, trained(VALIDATED))
    assert colors(curves.loss.legend) >= {theme.text.lower(), theme.validation.lower()}
    assert curves._validation_loss.item.pen().color().name() == theme.validation.lower()


def test_each_curve_has_its_own_color_and_dash(curves):
    drawn = [curves._smooth_loss, curves._test_loss, curves._validation_loss]
    assert len({curve.item.pen().color().name() for curve in drawn}) == 3
    assert len({curve.item.pen().style() for curve in drawn}) == 3


def test_the_validation_loss_is_within_the_range(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss.base[2:] = 30
    draw(curves, snapshot)
    (_, _), (low, high) = curves.loss._view.viewRange()
    assert low <= 30 <= high


def test_an_infinite_validation_loss_does_not_break_the_plot(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss.base[1] = np.inf
    draw(curves, snapshot)
    assert np.isfinite(curves._validation_loss.y).all()
    assert len(curves._validation_loss.x) == len(curves._test_loss.x) - 1


def test_the_readout_has_every_value_of_the_step(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    data, l2 = history.batch_loss[2], history.steps.newest("regularization_loss")[2]
    assert l2 > 0
    first, second = curves._loss_readout(3).split("\n")
    assert first.startswith("step 3   epoch 1.00   ")  # 3 batches of 50 in 150 images
    assert first.endswith(f" s   batch {data:.3f}")
    assert second.startswith(f"L2 {l2:.3f}   ")
    at = list(history.evaluation_step).index(3)
    assert f"validation {history.validation_loss[at]:.3f}" in second
    assert second.endswith(f"test {history.test_loss[at]:.3f}")
    accuracy = history.steps.newest("batch_accuracy")[2]
    first, second = curves._accuracy_readout(3).split("\n")
    assert first.endswith(f" s   batch {percent(accuracy)}")
    assert f"validation {percent(history.validation_accuracy[at])}" in second


def test_the_readout_omits_missing_values(curves):
    assert curves._loss_readout(1) == ""
    draw(curves, trained(RunConfig()))
    assert "L2" not in curves._loss_readout(3)
    assert "validation" not in curves._loss_readout(3)


# --- the x axis -------------------------------------------------------------------------------


def x_range(plot):
    return plot.plot.getViewBox().viewRange()[0]


def x_title(plot):
    return plot.plot.getAxis("bottom").labelText


@pytest.mark.parametrize(
    ("axis", "title", "end"),
    [("step", "step", 250), ("epoch", "epoch", 2.5), ("time", "training time, s", 5.0)],
)
def test_both_plots_use_the_chosen_axis(curves, axis, title, end):
    draw(curves, snapshot(250, seconds_per_step=0.02, validation=True))
    choose(curves, "axis_combo", axis)
    per_step = end / 250
    for plot, curve, tested in (
        (curves.loss, curves._smooth_loss, curves._validation_loss),
        (curves.accuracy, curves._train_accuracy, curves._test_accuracy),
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
    at = dict(zip(range(1, 201), curves._train_accuracy.x, strict=True))
    assert at[50] == pytest.approx(5.0)
    assert at[150] == pytest.approx(10.5)


def test_another_axis_shows_the_whole_run_again(curves):
    draw(curves, snapshot(250))
    zoom(curves.loss, 100, 120)
    assert len(curves._smooth_loss.x) < 250
    curves.set_axis("epoch")
    assert curves.loss.is_following
    assert len(curves._smooth_loss.x) == 250
    assert child(curves, "axis_combo").currentData() == "epoch"


def zoom(plot, left, right):
    """As the mouse does it."""
    view = plot.plot.getViewBox()
    view.setXRange(left, right, padding=0)
    view.sigRangeChangedManually.emit(view.state["mouseEnabled"])


@pytest.mark.parametrize(("axis", "per_step"), [("step", 1), ("epoch", 0.01), ("time", 0.02)])
def test_a_visible_part_is_drawn_completely_even_while_paused(curves, axis, per_step):
    draw(curves, snapshot(5000, seconds_per_step=0.02))
    curves.set_axis(axis)
    whole = curves._batch_loss.x
    assert whole[0] == whole[1]  # low and high of a bucket of several steps
    assert np.diff(whole[::2]).max() > 1.5 * per_step
    zoom(curves.loss, 4000 * per_step, 4040 * per_step)
    part = curves._batch_loss.x[::2]
    np.testing.assert_allclose(np.diff(part), per_step)
    assert part[-1] >= 4040 * per_step
    QTest.mouseDClick(curves.loss.plot.viewport(), Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(curves._batch_loss.x, whole)
    assert x_range(curves.loss)[1] >= 5000 * per_step


@pytest.mark.parametrize(("axis", "x"), [("step", 150), ("epoch", 1.5), ("time", 3.0)])
def test_the_readout_names_step_epoch_and_time_on_each_axis(curves, axis, x):
    draw(curves, snapshot(250, seconds_per_step=0.02))
    curves.set_axis(axis)
    for readout in (curves._loss_readout, curves._accuracy_readout):
        assert readout(x).startswith("step 150   epoch 1.50   3.0 s   batch ")


def test_a_run_whose_time_is_not_known_is_left_out_over_time_alone(curves):
    draw(curves, snapshot(250, hidden=((0, (32,)), (100, (64,))), seconds_per_step=np.nan))
    assert curves._loss_readout(150).startswith("step 150   epoch 1.50   batch ")
    curves.set_axis("time")
    assert len(curves._smooth_loss.x) == len(curves._test_loss.x) == 0
    assert len(curves.loss.marks.x) == 0
    assert x_title(curves.loss) == "training time, s (not known for this run)"
    assert curves._loss_readout(1.5) == ""
    curves.set_axis("epoch")
    assert len(curves._smooth_loss.x) == 250
    assert x_title(curves.loss) == "epoch"


def test_steps_after_the_snapshot_are_not_drawn(curves):
    """A snapshot's history has the length of its run, even if the recorder continues."""
    trainer = run(make_trainer(), 3)
    draw(curves, take_snapshot(trainer))
    run(trainer, 4)
    curves.set_axis("step")
    assert curves._smooth_loss.x[-1] == 3
    draw(curves, snapshot(130))
    for axis, end in (("step", 130), ("epoch", 1.3), ("time", 1.3)):
        curves.set_axis(axis)
        assert curves._smooth_loss.x[-1] == pytest.approx(end)
        assert curves.accuracy.text_at(1e6, 0).startswith("step 130 ")


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
    drawn = [curve.y.copy() for curve in (curves._smooth_loss, curves._train_accuracy)]
    after = snapshot(200, images=64)
    recorder = HistoryRecorder(after.history)
    for _ in range(50):
        recorder.record_step(0.1, 0.0, 1.0, 1)
    after = replace(after, history=recorder.history)
    draw(curves, replace(after, step=250))
    for curve, early in zip((curves._smooth_loss, curves._train_accuracy), drawn, strict=True):
        assert len(curve.y) == 250
        np.testing.assert_array_equal(curve.y[:200], early)


@pytest.mark.parametrize("steps", [50, 250])
def test_the_overlay_of_a_run_lies_on_its_live_curve(curves, steps):
    run = snapshot(steps, images=64)
    draw(curves, run)
    curves.show_overlays([("the same", "#ff0000", curves_of_snapshot(run))])
    for plot, curve in (
        (curves.loss, curves._smooth_loss),
        (curves.accuracy, curves._train_accuracy),
    ):
        (overlay,) = plot.overlays._shown
        np.testing.assert_array_equal(overlay.train.x, curve.x)
        np.testing.assert_array_equal(overlay.train.y, curve.y)


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
    zoom(curves.loss, 100, 160)
    x, y = curves._batch_loss.x, curves._batch_loss.y
    assert x[0] <= 100
    assert x[-1] >= 160
    np.testing.assert_array_equal(np.unique(x), np.arange(80.5, 209, 32))
    shown = items.thin(*items.around(100, 161), 1_000)
    np.testing.assert_allclose(y[::2], shown.low)
    np.testing.assert_allclose(y[1::2], shown.high)
    assert (y[1::2] > y[::2]).all()


def test_the_readout_in_a_bucket_says_range_and_mean(curves, long_run):
    draw(curves, long_run)
    for readout, form, name in (
        (curves._loss_readout, "{:.3f}".format, "batch_loss"),
        (curves._accuracy_readout, percent, "batch_accuracy"),
    ):
        bucket = long_run.history.steps.spread(name)[3:4]
        mean, low, high = (form(*v) for v in (bucket.mean, bucket.low, bucket.high))
        first, second = readout(100).split("\n")
        assert first.startswith("steps 97–128   epoch 8.00   ")
        assert first.endswith(f"batch {mean} ({low}–{high})")
        assert second.endswith(")")  # so are the evaluations of that time
        assert "test " in second
        assert readout(990).startswith("step 990   ")


def test_old_evaluations_of_many_are_drawn_as_bucket_ranges(curves, long_run):
    draw(curves, long_run)
    items = long_run.history.evaluations
    tests = items.spread("test_loss")
    assert tests.is_thinned
    x, y = curves._test_loss.x, curves._test_loss.y
    np.testing.assert_array_equal(x[::2], items.last("evaluation_step"))
    np.testing.assert_allclose(y[::2], tests.low)
    np.testing.assert_allclose(y[1::2], tests.high)


def test_a_readout_that_is_too_long_is_cut_in_its_middle(qtbot, curves):
    curves.show()
    qtbot.waitExposed(curves)
    deep = (500,) * 8
    draw(curves, snapshot(250, hidden=((0, deep), (100, (*deep[:-1], 600)))))
    view = curves.loss.plot.getViewBox()
    curves.loss.plot.scene().sigMouseMoved.emit(view.mapViewToScene(QPointF(100, 1)))
    shown = child(curves, "loss_plot_values").text().split("\n")[1]
    assert shown.startswith("784-500")
    assert shown.endswith("at step 100")
    assert "…" in shown
