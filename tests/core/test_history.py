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


def test_truncating_a_history_drops_later_steps_and_evaluations():
    history = History()
    history.record_evaluation(0, 2.3, 0.1)
    for step in range(10):
        history.record_step(step, 0.5, 0.25)
    history.record_epoch(10)
    history.record_evaluation(10, 1.0, 0.7)
    history.truncate(9)
    assert len(history.epoch_end) == 0
    assert len(history.batch_loss) == len(history.regularization_loss) == 9
    assert len(history.batch_accuracy) == 9
    np.testing.assert_array_equal(history.evaluation_step.values, [0])
    assert len(history.test_loss) == len(history.test_accuracy) == 1
