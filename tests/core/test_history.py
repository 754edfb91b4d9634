import numpy as np

from core.history import History, Series


def test_series_keeps_every_value_while_it_grows():
    series = Series(np.float32)
    for value in range(5_000):
        series.append(value)
    assert len(series) == 5_000
    np.testing.assert_array_equal(series.values, np.arange(5_000))


def test_what_a_reader_holds_never_changes():
    series = Series(np.float32)
    for value in range(3):
        series.append(value)
    held = series.values
    series.truncate(1)
    for value in range(10_000):
        series.append(value + 100)
    np.testing.assert_array_equal(held, [0, 1, 2])
    np.testing.assert_array_equal(series.values[:2], [0, 100])


def test_a_series_emptied_can_be_filled_again():
    series = Series(np.float32)
    series.append(1)
    series.truncate(0)
    assert len(series) == 0
    series.append(2)
    series.append(3)
    np.testing.assert_array_equal(series.values, [2, 3])


def test_epoch_loss_is_the_mean_of_the_last_epoch():
    history = History()
    assert np.isnan(history.epoch_loss)
    history.record_step(9.0, 0.0, 0.0)
    history.record_epoch(1)
    assert history.epoch_loss == 9.0
    history.record_step(1.0, 0.5, 0.0)
    history.record_step(2.0, 0.5, 0.0)
    history.record_epoch(3)
    history.record_step(7.0, 0.0, 0.0)
    assert history.epoch_loss == 2.0
    assert history.epoch_loss_parts == (1.5, 0.5)


def test_truncating_a_history_drops_later_steps_and_evaluations():
    history = History()
    history.record_evaluation(0, 0.0, 2.3, 0.1)
    for step in range(10):
        history.record_step(step, 0.5, 0.25)
    history.record_epoch(10)
    history.record_evaluation(10, 0.5, 1.0, 0.7)
    history.truncate(9)
    assert len(history.epoch_end) == 0
    assert len(history.batch_loss) == len(history.regularization_loss) == 9
    assert len(history.batch_accuracy) == 9
    np.testing.assert_array_equal(history.evaluation_step.values, [0])
    assert len(history.test_loss) == len(history.test_accuracy) == 1


def test_accuracies_of_epochs_are_the_means_of_their_batches():
    """Two epochs of three and one batches, and a third that is not complete."""
    history = History()
    assert history.epoch_accuracies.shape == (0,)
    for accuracies in ([0.25, 0.5, 0.75], [0.875]):
        for accuracy in accuracies:
            history.record_step(1.0, 0.0, accuracy)
        history.record_epoch(len(history.batch_loss))
    history.record_step(1.0, 0.0, 1.0)
    np.testing.assert_array_equal(history.epoch_accuracies, [0.5, 0.875])
    history.truncate(3)
    np.testing.assert_array_equal(history.epoch_accuracies, [0.5])
    history.truncate(2)
    assert history.epoch_accuracies.shape == (0,)


def test_validation_accuracies_of_epochs_leave_out_those_between():
    """Evaluations after 0, 1, 2 and 4 steps, and after the epochs' ends at 3 and 6."""
    history = History()
    assert history.epoch_validation_accuracies.shape == (0,)
    accuracies = {0: 0.125, 1: 0.25, 2: 0.375, 3: 0.5, 4: 0.625, 6: 0.75}
    for step in range(7):
        if step:
            history.record_step(1.0, 0.0, 0.0)
        if step in (3, 6):
            history.record_epoch(step)
        if step in accuracies:
            history.record_validation(1.0, accuracies[step])
            history.record_evaluation(step, 0.1, 1.0, 0.0)
    np.testing.assert_array_equal(history.epoch_validation_accuracies, [0.5, 0.75])
    history.truncate(5)
    np.testing.assert_array_equal(history.epoch_validation_accuracies, [0.5])
    np.testing.assert_array_equal(history.validation_accuracy.values, list(accuracies.values())[:5])
    assert len(history.validation_loss) == len(history.evaluation_step) == 5


def test_a_validation_whose_evaluation_is_still_to_come_is_left_out():
    """As another thread may see it."""
    history = History()
    history.record_step(1.0, 0.0, 0.0)
    history.record_epoch(1)
    history.record_validation(1.0, 0.5)
    assert history.epoch_validation_accuracies.shape == (0,)
    history.record_evaluation(1, 0.1, 1.0, 0.0)
    np.testing.assert_array_equal(history.epoch_validation_accuracies, [0.5])


def test_without_validation_there_are_no_accuracies_of_it():
    history = History()
    history.record_step(1.0, 0.0, 0.5)
    history.record_epoch(1)
    history.record_evaluation(1, 0.1, 1.0, 0.5)
    assert history.epoch_validation_accuracies.shape == (0,)
    history.truncate(1)
    assert len(history.validation_loss) == 0


def test_a_series_takes_many_values_at_once():
    series = Series(np.float32)
    series.append(7)
    series.extend(np.arange(5000))
    series.extend(np.empty(0))
    series.append(8)
    np.testing.assert_array_equal(series.values, [7, *range(5000), 8])
