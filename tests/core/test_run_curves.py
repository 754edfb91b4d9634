import numpy as np
import pytest

from core.history import History
from core.runs.run_curves import POINTS, Course, course_of, curves_of, running_mean
from core.snapshot import take_snapshot
from tests.core.run_records import make_curves, make_history
from tests.core.training import make_trainer, run


def test_a_short_run_is_kept_step_by_step():
    curves = make_curves(steps=3)
    assert curves.step.tolist() == curves.loss.tolist() == [1, 2, 3]
    assert np.allclose(curves.accuracy, [1 / 3, 2 / 3, 1])
    assert curves.loss.dtype == np.float64


@pytest.mark.parametrize("steps", [POINTS, POINTS + 1, 2 * POINTS - 1, 7 * POINTS + 3])
def test_a_long_run_is_kept_as_means(steps):
    """The loss of a step is its number, so that the mean of a bucket is its middle."""
    curves = make_curves(steps)
    assert len(curves.step) == POINTS
    assert np.allclose(curves.loss, curves.step)
    widths = np.diff(np.concatenate(([0.5], (curves.step[:-1] + curves.step[1:]) / 2)))
    assert widths.max() <= steps / POINTS + 1
    share = curves.accuracy * steps
    assert np.allclose(share, curves.step, rtol=1e-5)


def test_means_of_many_steps_lose_nothing_to_rounding():
    history = History()
    steps = 200_000
    for series in (history.batch_loss, history.batch_accuracy):
        series.extend(np.full(steps, 0.1, np.float32))
    curves = curves_of(history, course_of(history, steps, 1.0, 1.0))
    assert np.allclose(curves.loss, np.float32(0.1), rtol=1e-12)


def test_a_curve_is_smoothed_over_a_fifteenth_of_an_epoch():
    history = make_history(steps=600, per_epoch=300)
    for steps, epochs in ((600, 2.0), (600, 40.0)):
        course = course_of(history, steps, epochs, 1.0)
        smooth = curves_of(history, course).loss
        width = {2.0: 17, 40.0: 1}[epochs]  # of 500 buckets
        plain = np.add.reduceat(
            history.batch_loss.values, np.linspace(0, 600, 501).astype(int)[:-1]
        ) / np.diff(np.linspace(0, 600, 501).astype(int))
        assert smooth[100] == pytest.approx(plain[101 - width : 101].mean())


def test_running_mean_by_hand():
    np.testing.assert_allclose(running_mean(np.array([1.0, 2, 3, 7]), 2), [1, 1.5, 2.5, 5])
    np.testing.assert_allclose(running_mean(np.array([1.0, 2, 3]), 1), [1, 2, 3])


def test_evaluations_are_all_kept():
    history = make_history(steps=64, per_epoch=16)
    curves = curves_of(history, course_of(history, 64, 4.0, 6.4))
    assert curves.test_step.tolist() == [16, 32, 48, 64]
    assert np.allclose(curves.test_accuracy, [0.25, 0.5, 0.75, 1])
    assert np.allclose(curves.test_loss, 1 / curves.test_step)
    assert len(curves.validation_loss) == len(curves.validation_accuracy) == 0


def test_a_step_that_is_just_being_recorded_is_left_out():
    history = make_history(steps=5)
    history.batch_loss.append(99)
    curves = curves_of(history, course_of(history, 5, 0.3, 0.5))
    assert curves.loss.tolist() == [1, 2, 3, 4, 5]


def test_a_run_without_steps_has_no_curves():
    curves = curves_of(History(), course_of(History(), 0, 0.0, 0.0))
    assert curves.step.shape == curves.loss.shape == curves.test_step.shape == (0,)
    assert curves.course.step.tolist() == [0]


def test_a_course_says_when_a_run_was_how_far():
    """40 steps of 16 an epoch, a tenth of a second each: 2.5 epochs, 4 seconds."""
    course = course_of(make_history(), 40, 2.5, 4.0)
    steps = np.array([0.0, 8, 16, 24, 36, 40])
    assert np.allclose(course.at(steps, "step"), steps)
    assert np.allclose(course.at(steps, "epoch"), steps / 16)
    assert np.allclose(course.at(steps, "time"), steps / 10)
    for axis in ("step", "epoch", "time"):
        assert np.allclose(course.steps_at(course.at(steps, axis), axis), steps)


def test_a_course_follows_a_change_of_pace():
    """The batch size was changed live: 10 steps in the first epoch, 2 in the second."""
    history = History()
    for end in (10, 12):
        history.record_epoch(end)
        history.record_evaluation(end, {10: 1.0, 12: 5.0}[end], 1.0, 0.5)
    course = course_of(history, 12, 2.0, 5.0)
    assert course.at(np.array([5.0, 10, 11, 12]), "epoch").tolist() == [0.5, 1, 1.5, 2]
    assert course.at(np.array([5.0, 10, 11, 12]), "time").tolist() == [0.5, 1, 3, 5]


def test_seconds_that_are_not_known_are_nan():
    """As of a run from a file that did not keep them."""
    history = History()
    history.record_epoch(10)
    history.record_evaluation(10, float("nan"), 1.0, 0.5)
    course = course_of(history, 10, 1.0, float("nan"))
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
    assert np.allclose(curves.loss, snapshot.history.batch_loss.values)
    assert curves.test_step.tolist() == snapshot.history.evaluation_step.values.tolist()
