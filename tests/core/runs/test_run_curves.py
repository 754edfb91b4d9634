import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.history.history import History
from core.history.recorder import HistoryRecorder
from core.history.spread import SMOOTHED_IMAGES
from core.runs.run_curves import POINTS, Course, course_of, curves_of
from core.training.snapshot import take_snapshot
from tests.core.runs.run_records import make_curves, make_history
from tests.core.training.small_runs import make_trainer, run


def test_a_short_run_is_kept_step_by_step():
    curves = make_curves(steps=3)
    assert curves.step.tolist() == curves.loss.tolist() == [1, 2, 3]
    assert np.allclose(curves.accuracy, [1 / 3, 2 / 3, 1])
    assert curves.loss.dtype == np.float64


@pytest.mark.parametrize("steps", [POINTS, POINTS + 1, 2 * POINTS - 1, 7 * POINTS + 3])
def test_a_long_run_is_thinned_out(steps):
    """Batches are larger than the smoothing window, so a point is the mean of its steps."""
    history = make_history(steps, images=2 * SMOOTHED_IMAGES)
    curves = curves_of(history, course_of(history, steps, 1.0, 1.0))
    assert POINTS / 2 < len(curves.step) <= POINTS + 1
    assert np.allclose(curves.loss, curves.step)
    assert np.allclose(curves.accuracy * steps, curves.step, rtol=1e-5)


def test_means_of_many_steps_lose_nothing_to_rounding():
    recorder = HistoryRecorder()
    tenths = np.full(200_000, 0.1, np.float32)
    recorder.record_steps(tenths, tenths, tenths, np.full(200_000, 64))
    curves = curves_of(recorder.history, course_of(recorder.history, 200_000, 1.0, 1.0))
    assert np.allclose(curves.loss, np.float32(0.1), rtol=1e-12)


def test_a_curve_is_averaged_over_the_last_images():
    history = make_history(steps=600, images=64)
    curves = curves_of(history, course_of(history, 600, 2.0, 1.0))
    assert curves.step.tolist() == list(range(1, 601))
    window = SMOOTHED_IMAGES / 64  # 62 and a half batches
    for step in (550, 600):
        losses = history.batch_loss[step - 63 : step].astype(float)
        mean = (losses[1:].sum() + 0.5 * losses[0]) / window
        assert curves.loss[step - 1] == pytest.approx(mean)


def test_evaluations_are_all_kept():
    history = make_history(steps=64, per_epoch=16)
    curves = curves_of(history, course_of(history, 64, 4.0, 6.4))
    assert curves.test_step.tolist() == [16, 32, 48, 64]
    assert np.allclose(curves.test_accuracy, [0.25, 0.5, 0.75, 1])
    assert np.allclose(curves.test_loss, 1 / curves.test_step)
    assert len(curves.validation_loss) == len(curves.validation_accuracy) == 0


def test_means_of_very_many_evaluations_are_kept():
    """As if each batch has all images: 3,000 epochs, and as many points in the course."""
    history = make_history(steps=3_000, per_epoch=1)
    curves = curves_of(history, course_of(history, 3_000, 3_000.0, 300.0))
    assert POINTS / 2 < len(curves.test_step) <= POINTS + 1
    assert curves.test_step[:2].tolist() == [4, 8]
    assert curves.test_accuracy[0] == pytest.approx(2.5 / 3_000)
    assert len(curves.course.step) <= POINTS
    assert curves.course.at(np.array([0.0, 1_234, 3_000]), "epoch").tolist() == [0, 1_234, 3_000]


def test_a_run_without_steps_has_no_curves():
    curves = curves_of(History.empty(), course_of(History.empty(), 0, 0.0, 0.0))
    assert curves.step.shape == curves.loss.shape == curves.test_step.shape == (0,)
    assert curves.course.step.tolist() == [0]


def test_a_course_says_how_far_a_run_was_at_each_time():
    """40 steps of 16 an epoch, a tenth of a second each: 2.5 epochs, 4 seconds."""
    course = course_of(make_history(), 40, 2.5, 4.0)
    steps = np.array([0.0, 8, 16, 24, 36, 40])
    assert np.allclose(course.at(steps, "step"), steps)
    assert np.allclose(course.at(steps, "epoch"), steps / 16)
    assert np.allclose(course.at(steps, "time"), steps / 10)
    for axis in ("step", "epoch", "time"):
        assert np.allclose(course.steps_at(course.at(steps, axis), axis), steps)


def test_a_course_follows_a_change_of_batch_size():
    """The batch size was changed live: 10 steps in the first epoch, 2 in the second."""
    recorder = HistoryRecorder()
    for end in (10, 12):
        recorder.record_epoch(end)
        recorder.record_evaluation(end, {10: 1.0, 12: 5.0}[end], 1.0, 0.5)
    course = course_of(recorder.history, 12, 2.0, 5.0)
    assert course.at(np.array([5.0, 10, 11, 12]), "epoch").tolist() == [0.5, 1, 1.5, 2]
    assert course.at(np.array([5.0, 10, 11, 12]), "time").tolist() == [0.5, 1, 3, 5]


def test_unknown_seconds_are_nan():
    """As in a run from a file without them."""
    recorder = HistoryRecorder()
    recorder.record_epoch(10)
    recorder.record_evaluation(10, float("nan"), 1.0, 0.5)
    course = course_of(recorder.history, 10, 1.0, float("nan"))
    assert np.isnan(course.at(np.array([10.0]), "time")).all()
    assert course.at(np.array([10.0]), "epoch").tolist() == [1]


def test_a_real_run_ends_where_its_snapshot_says():
    snapshot = take_snapshot(run(make_trainer(batch_size=64), 6))  # 4 steps an epoch
    epochs = snapshot.epoch + snapshot.epoch_progress
    course = course_of(snapshot.history, snapshot.step, epochs, snapshot.seconds)
    curves = curves_of(snapshot.history, course)
    assert isinstance(course, Course)
    end = np.array([6.0])
    assert course.at(end, "epoch")[0] == pytest.approx(1.64)
    assert course.at(end, "time")[0] == pytest.approx(snapshot.seconds)
    assert curves.step.tolist() == [1, 2, 3, 4, 5, 6]
    losses = snapshot.history.batch_loss
    assert np.allclose(curves.loss[:3], losses[:3])  # the fourth batch is of 8 images
    assert curves.test_step.tolist() == snapshot.history.evaluation_step.tolist()


def test_curves_of_a_branch_continue_its_parents():
    own = make_curves(steps=40)
    curves = own.after(100, 6.25, 10.0)
    assert_array_equal(curves.step, own.step + 100)
    assert_array_equal(curves.test_step, own.test_step + 100)
    assert_array_equal(curves.loss, own.loss)
    steps = np.array([100.0, 116.0, 140.0])
    for axis, begin in (("step", 100), ("epoch", 6.25), ("time", 10.0)):
        own_places = own.course.at(steps - 100, axis)
        assert np.allclose(curves.course.at(steps, axis), begin + own_places)
        assert np.allclose(curves.course.steps_at(begin + own_places, axis), steps)


@pytest.mark.parametrize("steps", [0, 20, 32, 40])
def test_curves_until_a_step_end_there(steps):
    own = make_curves(steps=40)
    curves = own.after(100, 6.25, 10.0).until(100 + steps)
    assert_array_equal(curves.step, 100 + own.step[:steps])
    assert_array_equal(curves.loss, own.loss[:steps])
    tested = len(curves.test_step)
    assert tested == np.count_nonzero(own.test_step <= steps)
    assert len(curves.test_loss) == len(curves.test_accuracy) == tested
    assert curves.course.step[-1] == 100 + steps
    assert curves.course.at(np.array([100.0 + steps]), "epoch") == 6.25 + steps / 16
    assert np.isclose(curves.course.seconds[-1], 10 + steps / 10)
