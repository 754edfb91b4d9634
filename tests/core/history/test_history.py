import numpy as np
import pytest

from core.history.history import KEPT_EVALUATIONS, KEPT_STEPS, History
from core.history.recorder import HistoryRecorder
from core.history.spread import Spread


def test_epoch_loss_is_the_mean_of_the_last_epoch():
    recorder = HistoryRecorder()
    assert np.isnan(recorder.history.epoch_loss)
    recorder.record_step(9.0, 0.0, 0.0)
    recorder.record_epoch(1)
    assert recorder.history.epoch_loss == 9.0
    recorder.record_step(1.0, 0.5, 0.0)
    recorder.record_step(2.0, 0.5, 0.0)
    recorder.record_epoch(3)
    recorder.record_step(7.0, 0.0, 0.0)
    assert recorder.history.epoch_loss == 2.0
    assert recorder.history.epoch_loss_parts == (1.5, 0.5)


def test_means_of_an_epoch_weigh_images():
    """The batch size changes within it: 30 images, 10 and 60."""
    recorder = HistoryRecorder()
    recorder.record_step(1.0, 0.25, 0.5, 30)
    recorder.record_step(4.0, 0.5, 1.0, 10)
    recorder.record_step(2.0, 0.75, 0.25, 60)
    recorder.record_epoch(3)
    data, penalty = (30 + 40 + 120) / 100, (7.5 + 5 + 45) / 100
    assert recorder.history.epoch_loss_parts == pytest.approx((data, penalty), rel=1e-7)
    assert recorder.history.epoch_loss == pytest.approx(data + penalty, rel=1e-7)
    np.testing.assert_array_equal(recorder.history.epoch_accuracies, np.float32([0.4]))


def test_an_epochs_accuracy_is_correct_images_divided_by_all():
    """Though each batch's is rounded: the mean of 2 / 2 and 5 / 9 would be another float32."""
    recorder = HistoryRecorder()
    recorder.record_step(1.0, 0.0, 2 / 2, 2)
    recorder.record_step(1.0, 0.0, 5 / 9, 9)
    recorder.record_epoch(2)
    assert recorder.history.epoch_accuracies[0] == np.float32(7 / 11)


def test_going_back_forgets_later_steps_and_evaluations():
    recorder = HistoryRecorder()
    recorder.record_evaluation(0, 0.0, 2.3, 0.1)
    for step in range(9):
        recorder.record_step(step, 0.5, 0.25)
    state = recorder.history
    recorder.record_step(9, 0.5, 0.25)
    recorder.record_epoch(10)
    recorder.record_evaluation(10, 0.5, 1.0, 0.7)
    recorder.restore(state)
    history = recorder.history
    assert len(history.epochs.newest("epoch_end")) == history.epochs.count == 0
    for name in ("batch_loss", "regularization_loss", "batch_accuracy"):
        assert len(history.steps.newest(name)) == history.steps.count == 9
    np.testing.assert_array_equal(history.evaluation_step, [0])
    assert len(history.test_loss) == len(history.test_accuracy) == 1
    recorder.record_step(19, 0.5, 0.25)
    recorder.record_epoch(10)
    assert recorder.history.epoch_loss_parts[0] == pytest.approx((36 + 19) / 10)


def test_what_a_reader_was_given_never_changes():
    recorder = HistoryRecorder()
    for value in range(3):
        recorder.record_step(value, 0.0, 0.0)
    held, state = recorder.history.batch_loss, recorder.history
    for value in range(2 * KEPT_STEPS):
        recorder.record_step(value + 100, 0.0, 0.0)
    recorder.restore(state)
    recorder.record_step(7, 0.0, 0.0)
    np.testing.assert_array_equal(held, [0, 1, 2])
    np.testing.assert_array_equal(recorder.history.batch_loss, [0, 1, 2, 7])
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 1


def test_accuracies_of_epochs_are_the_means_of_their_batches():
    """Two epochs of three and one batches, and an incomplete third."""
    recorder = HistoryRecorder()
    assert recorder.history.epoch_accuracies.shape == (0,)
    states = []
    for accuracies in ([0.25, 0.5, 0.75], [0.875]):
        states.append(recorder.history)
        for accuracy in accuracies:
            recorder.record_step(1.0, 0.0, accuracy)
        recorder.record_epoch(len(recorder.history.batch_loss))
    recorder.record_step(1.0, 0.0, 1.0)
    np.testing.assert_array_equal(recorder.history.epoch_accuracies, [0.5, 0.875])
    recorder.restore(states[1])
    np.testing.assert_array_equal(recorder.history.epoch_accuracies, [0.5])
    recorder.restore(states[0])
    assert recorder.history.epoch_accuracies.shape == (0,)


def test_validation_accuracies_of_epochs_leave_out_those_between():
    """Evaluations after 0, 1, 2 and 4 steps, and after the epochs' ends at 3 and 6."""
    recorder = HistoryRecorder()
    assert recorder.history.epoch_validation_accuracies.shape == (0,)
    accuracies = {0: 0.125, 1: 0.25, 2: 0.375, 3: 0.5, 4: 0.625, 6: 0.75}
    for step in range(7):
        if step:
            recorder.record_step(1.0, 0.0, 0.0)
        if step in (3, 6):
            recorder.record_epoch(step)
        if step in accuracies:
            recorder.record_evaluation(step, 0.1, 1.0, 0.0, 1.0, accuracies[step])
        if step == 5:
            state = recorder.history
    np.testing.assert_array_equal(recorder.history.epoch_validation_accuracies, [0.5, 0.75])
    recorder.restore(state)
    np.testing.assert_array_equal(recorder.history.epoch_validation_accuracies, [0.5])
    history = recorder.history
    np.testing.assert_array_equal(history.validation_accuracy, list(accuracies.values())[:5])
    assert len(history.validation_loss) == len(history.evaluation_step) == 5


def test_a_validation_value_still_to_be_measured_is_left_out():
    """As another thread may see it."""
    recorder = HistoryRecorder()
    recorder.record_step(1.0, 0.0, 0.0)
    recorder.record_epoch(1)
    assert recorder.history.epoch_validation_accuracies.shape == (0,)
    recorder.record_evaluation(1, 0.1, 1.0, 0.0, 1.0, 0.5)
    np.testing.assert_array_equal(recorder.history.epoch_validation_accuracies, [0.5])


def test_without_validation_there_are_no_accuracies_of_it():
    recorder = HistoryRecorder()
    recorder.record_step(1.0, 0.0, 0.5)
    recorder.record_epoch(1)
    recorder.record_evaluation(1, 0.1, 1.0, 0.5)
    assert recorder.history.epoch_validation_accuracies.shape == (0,)
    assert len(recorder.history.validation_loss) == 0


# --- long runs ----------------------------------------------------------------------------------


@pytest.fixture
def short_memory(monkeypatch):
    monkeypatch.setattr("core.history.history.KEPT_STEPS", 16)
    monkeypatch.setattr("core.history.history.KEPT_EVALUATIONS", 4)


def recorded(steps, per_epoch=5, until=0, history=None):
    """A history of batches of 3 to 9 images, tested at each epoch's end; may continue another."""
    recorder = HistoryRecorder(history)
    for step in range(until + 1, steps + 1):
        images = 3 + step % 7
        recorder.record_step(1 / step, 0.01 * step, step % images / images, images)
        if step % per_epoch == 0:
            recorder.record_epoch(step)
            figures = 3 / step, 1 - 2 / step, 2 / step, 1 - 1 / step
            recorder.record_evaluation(step, 0.1 * step, *figures)
    return recorder.history


def assert_same(a, b):
    ours, theirs = a.values(), b.values()
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


def seconds(history):
    return history.evaluations.last("evaluation_seconds")


@pytest.mark.usefixtures("short_memory")
@pytest.mark.parametrize("steps", [3, 31, 32, 47, 48, 203, 500])
@pytest.mark.parametrize("per_epoch", [1, 5, 40])
def test_a_history_that_was_saved_and_loaded_in_between_is_the_same(steps, per_epoch):
    begun = recorded(steps, per_epoch)
    values = begun.values()
    shapes = History.shapes(values["counts"].tolist(), is_validated=True)
    if begun.evaluations.count:
        assert {name: (each.shape, each.dtype) for name, each in values.items()} == shapes
    again = History.of(values, seconds(begun))
    assert_same(again, begun)
    whole = recorded(600, per_epoch)
    continued = recorded(600, per_epoch, until=steps, history=again)
    assert_same(continued, whole)
    np.testing.assert_array_equal(seconds(continued), seconds(whole))
    assert_same(again, begun)  # nothing in it has changed


@pytest.mark.usefixtures("short_memory")
def test_many_steps_at_once_equal_one_after_the_other():
    whole, at_once = recorded(500, per_epoch=1_000), HistoryRecorder()
    step = np.arange(1, 501)
    images = 3 + step % 7
    at_once.record_steps(1 / step, 0.01 * step, step % images / images, images)
    assert_same(at_once.history, whole)


def test_a_whole_run_is_drawn_the_same_though_its_old_part_is_in_buckets():
    losses = np.random.default_rng(0).random(200_000).astype(np.float32)
    images = np.random.default_rng(1).integers(1, 65, 200_000)
    recorder = HistoryRecorder()
    recorder.record_steps(losses, losses, losses, images)
    kept = recorder.history.steps.spread("batch_loss")
    count = np.arange(1, 200_001)
    every = Spread(count - 1, count, images, losses, losses, losses)
    assert len(kept) < 75_000
    drawn, expected = kept.thin(0, 200_000, 1_500), every.thin(0, 200_000, 1_500)
    for name in ("x", "low", "high"):
        np.testing.assert_array_equal(getattr(drawn, name), getattr(expected, name))
    np.testing.assert_allclose(drawn.mean, expected.mean, rtol=1e-6)
    np.testing.assert_allclose(kept.smoothed(drawn), every.smoothed(expected), rtol=1e-6)


@pytest.mark.usefixtures("short_memory")
@pytest.mark.parametrize("per_epoch", [1, 40, 200])
def test_an_epochs_means_are_exact_although_its_steps_are_in_buckets(per_epoch):
    history = recorded(200, per_epoch)
    step = np.arange(200 - per_epoch + 1, 201)
    images = 3 + step % 7
    data, penalty = history.epoch_loss_parts
    assert data == pytest.approx(np.average(1 / step, weights=images), rel=1e-6)
    assert penalty == pytest.approx(np.average(0.01 * step, weights=images), rel=1e-6)
    accuracy = np.float32((step % images).sum() / images.sum())
    assert history.epochs.spread("epoch_accuracy").mean[-1] == accuracy


@pytest.mark.usefixtures("short_memory")
def test_a_bucket_of_epochs_keeps_the_best():
    history = recorded(40, per_epoch=1)
    assert history.epochs.count == 40
    best = history.epoch_validation_accuracies
    assert len(best) == len(history.epochs.counts) < 12
    np.testing.assert_allclose(best, 1 - 1 / history.epochs.last("epoch_end"), rtol=1e-6)


def test_a_hundred_million_steps_of_one_epoch_each_take_little_memory():
    """Checked by the lengths that the tests above find."""
    shapes = History.shapes((100_000_000,) * 3, is_validated=True)
    size = sum(np.prod(shape, dtype=int) * dtype.itemsize for shape, dtype in shapes.values())
    assert size < 4_000_000
    assert shapes["batch_loss"][0] < (2 * KEPT_STEPS,)
    assert shapes["test_loss"][0] < (2 * KEPT_EVALUATIONS,)
    assert 1_000 < shapes["test_loss_buckets"][0][1] <= KEPT_EVALUATIONS // 2


def test_the_newest_loss_is_the_mean_over_the_last_images():
    """5,000 batches of one image, then one of 1,000, a quarter of the last 4,000 images."""
    recorder = HistoryRecorder()
    assert np.isnan(recorder.history.recent_loss)
    recorder.record_steps(
        np.full(40_000, 2.0), np.full(40_000, 0.5), np.zeros(40_000), np.ones(40_000)
    )
    assert recorder.history.recent_loss == pytest.approx(2.5)
    recorder.record_step(6.0, 0.5, 0.0, 1_000)
    assert recorder.history.recent_loss == pytest.approx(3.5)
