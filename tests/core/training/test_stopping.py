import pytest

from core.history.recorder import HistoryRecorder
from core.settings.config import Hyperparameters
from core.training.stopping import find_stop


def history(training, validation=None, test=None):
    """A history of epochs of one batch each, with these accuracies."""
    recorder = HistoryRecorder()
    recorder.record_evaluation(0, 0.0, 2.3, 0.0, *(() if validation is None else (2.3, 0.0)))
    for epoch, accuracy in enumerate(training):
        recorder.record_step(1.0, 0.0, accuracy)
        recorder.record_epoch(epoch + 1)
        on_split = () if validation is None else (1.0, validation[epoch])
        recorder.record_evaluation(epoch + 1, 0.1, 1.0, test[epoch] if test else 0.0, *on_split)
    return recorder.history


def reasons(accuracies, **settings):
    """Return the reason at the end of each epoch."""
    hyperparameters = Hyperparameters(**settings)
    ends = range(1, len(accuracies) + 1)
    stops = [find_stop(history(accuracies[:end]), hyperparameters) for end in ends]
    return [stop and stop.reason for stop in stops]


def test_without_a_stopping_rule_training_continues():
    assert reasons([0.5, 0.9, 1.0, 0.1, 0.1, 0.1]) == [None] * 6


def test_a_number_of_epochs_ends_a_run_once():
    first, second, third = reasons([0.5, 0.5, 0.5], epochs=2)
    assert first is third is None
    assert "2 epochs" in second


def test_the_target_ends_a_run_when_it_is_first_reached():
    """It is reached in the third epoch; falling below and reaching it again is not reported."""
    said = reasons([0.5, 0.97, 0.99, 0.995, 0.5, 0.99], target_accuracy=0.98)
    assert [reason is not None for reason in said] == [False, False, True, False, False, False]
    assert "98.00 %" in said[2]


@pytest.mark.parametrize("target", [0.9, 0.7, 0.98, 1.0])
def test_a_target_that_is_reached_exactly_is_reached(target):
    """Although most of these numbers are slightly smaller in float32 than in float64."""
    hyperparameters = Hyperparameters(target_accuracy=target)
    assert find_stop(history([target]), hyperparameters) is not None
    assert find_stop(history([0.0], validation=[target]), hyperparameters) is not None


def test_a_target_that_is_reached_at_once_ends_the_first_epoch():
    assert reasons([0.99], target_accuracy=0.5)[0] is not None


def test_patience_counts_epochs_without_improvement():
    """The best is epoch 2; epoch 3 only equals it, so epoch 4 is the second without improvement."""
    said = reasons([0.5, 0.6, 0.6, 0.55, 0.5], patience=2)
    assert [reason is not None for reason in said] == [False, False, False, True, False]
    assert "2 epochs" in said[3]


def test_an_improvement_restarts_patience():
    said = reasons([0.5, 0.4, 0.6, 0.5, 0.5], patience=2)
    assert [reason is not None for reason in said] == [False, False, False, False, True]


def test_validation_wins_over_training():
    target = Hyperparameters(target_accuracy=0.9)
    assert find_stop(history([0.99], validation=[0.5]), target) is None
    assert find_stop(history([0.5], validation=[0.95]), target) is not None
    patience = Hyperparameters(patience=1)
    assert find_stop(history([0.5, 0.6], validation=[0.9, 0.8]), patience) is not None
    assert find_stop(history([0.6, 0.5], validation=[0.8, 0.9]), patience) is None


def test_the_test_set_does_not_stop_a_run():
    for validation in (None, [0.5, 0.6]):
        seen = history([0.5, 0.6], validation, test=[1.0, 0.1])
        assert find_stop(seen, Hyperparameters(target_accuracy=0.9, patience=1)) is None
