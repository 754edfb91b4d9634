import math

import numpy as np
import pytest

from core.errors import Cancelled
from core.history.history import KEPT_EVALUATIONS
from core.history.recorder import HistoryRecorder
from core.network.moved_images import predict_moved
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.confidence import confidence_threshold, confidence_thresholds
from core.training.evaluation import evaluate
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import SMALL, make_trainer, run


@pytest.fixture
def clock(monkeypatch):
    """A clock that advances only when the test says so."""
    now = [100.0]
    monkeypatch.setattr("core.training.evaluator.time.perf_counter", lambda: now[0])
    return now


def raise_cancelled(*_progress):
    raise Cancelled


# --- the age of an evaluation -------------------------------------------------------------------


def test_an_evaluation_is_outdated_as_soon_as_the_network_learns():
    trainer = run(make_trainer(), 4)  # an evaluation follows the fourth step
    assert not trainer.evaluator.is_old
    trainer.step()
    assert trainer.evaluator.is_old
    figures = trainer.evaluator.metrics
    assert (figures.step, figures.is_old) == (4, True)
    assert figures.accuracy == trainer.history.test_accuracy[-1]


def test_an_evaluation_is_outdated_after_the_layers_change_even_without_a_step():
    trainer = run(make_trainer(), 4)
    before = trainer.evaluator.newest
    trainer.change(network=NetworkConfig(hidden=(1,)))
    assert trainer.evaluator.is_old
    assert trainer.evaluator.is_due
    trainer.read_test_set()
    assert not trainer.evaluator.is_old
    assert trainer.evaluator.newest is not before
    assert not take_snapshot(trainer).test_metrics.is_old


def test_another_learning_rate_leaves_the_evaluation_current():
    trainer = run(make_trainer(), 4)
    trainer.change(Hyperparameters(learning_rate=0.5))
    assert not trainer.evaluator.is_old


def test_an_evaluation_describes_the_current_network():
    trainer = run(make_trainer(), 5)
    trainer.read_test_set()
    test = trainer.dataset.test
    expected = evaluate(trainer.network, test.images, test.labels)
    assert trainer.evaluator.metrics.accuracy == expected.accuracy
    np.testing.assert_array_equal(trainer.evaluator.newest.guesses, expected.guesses)
    assert (trainer.evaluator.metrics.step, trainer.evaluator.metrics.is_old) == (5, False)


def test_extra_evaluations_are_not_in_the_history():
    trainer, alone = run(make_trainer(), 5), run(make_trainer(), 5)
    trainer.read_test_set()
    run(trainer, 20)
    trainer.read_test_set()
    run(alone, 20)
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)
    for name, values in alone.history.values().items():
        np.testing.assert_array_equal(trainer.history.values()[name], values)


def test_after_going_back_the_figures_are_older_than_that():
    trainer = run(make_trainer(), 4)
    checkpoint = trainer.checkpoint()
    run(trainer, 3)
    trainer.read_test_set()
    trainer.restore(checkpoint)
    assert trainer.evaluator.newest is None
    assert trainer.evaluator.metrics.step == 4
    assert trainer.evaluator.is_old


# --- when the next is due -----------------------------------------------------------------------


def test_another_is_due_after_some_seconds(clock):
    trainer = run(make_trainer(batch_size=10), 8)
    assert not trainer.evaluator.is_due
    trainer.step()
    clock[0] += 2.9
    assert not trainer.evaluator.is_due
    clock[0] += 0.2
    assert trainer.evaluator.is_due
    trainer.read_test_set()
    trainer.step()
    assert not trainer.evaluator.is_due


@pytest.mark.parametrize("is_broken_off", [False, True])
def test_extra_evaluations_take_at_most_a_twentieth_of_the_time(clock, is_broken_off):
    """One that takes 2 s is followed by at least 38 s of training, even if it was interrupted."""
    trainer = run(make_trainer(batch_size=10), 9)

    def slow(_done, _total):
        clock[0] += 2.0
        if is_broken_off:
            raise Cancelled

    if is_broken_off:
        with pytest.raises(Cancelled):
            trainer.read_test_set(slow)
    else:
        clock[0] -= 2.0  # it is called at the beginning and at the end
        trainer.read_test_set(slow)
        trainer.step()
    clock[0] += 37.9
    assert not trainer.evaluator.is_due
    clock[0] += 40.0
    assert trainer.evaluator.is_due


# --- interruptions ------------------------------------------------------------------------------


def test_an_interrupted_evaluation_changes_nothing():
    trainer, alone = run(make_trainer(), 5), run(make_trainer(), 5)
    before = trainer.evaluator.newest
    with pytest.raises(Cancelled):
        trainer.read_test_set(raise_cancelled)
    assert trainer.evaluator.newest is before
    assert trainer.evaluator.is_old
    run(trainer, 8)
    run(alone, 8)
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)


def test_a_large_network_reports_often():
    """So that a window never waits for longer than a frame or two."""
    reports = []
    trainer = make_trainer(tiny_dataset(test=200), network=NetworkConfig(hidden=(4096, 4096)))
    trainer.read_test_set(lambda done, _total: reports.append(done))
    assert max(np.diff(reports)) <= 16


class Brake:
    """Raises Cancelled at the report of this number, and never again."""

    def __init__(self, at):
        self.left = at

    def __call__(self, _done, _total):
        self.left -= 1
        if not self.left:
            raise Cancelled


def braked(at, **settings):
    """Return a trainer that was cancelled once during its 8 steps."""
    brake = Brake(at)
    plain = make_trainer(**settings)
    trainer = Trainer(plain.config, plain.dataset, brake)
    was_cancelled = False
    while trainer.step_count < 8:
        try:
            trainer.step()
        except Cancelled:
            was_cancelled = True
            saved = trainer.saved()
            assert saved.training.checkpoint.step == len(saved.training.history["batch_loss"])
    return trainer, was_cancelled


@pytest.mark.parametrize("at", range(1, 21, 3))
def test_a_cancelled_trainer_continues_as_if_nothing_had_happened(at):
    """Wherever it was: within a step, or within the evaluation of either set."""
    settings = {"validation": 50, "batch_size": 50, "dropout": 0.5, "patience": 1}
    trainer, was_cancelled = braked(at, **settings)
    assert was_cancelled
    alone = run(make_trainer(**settings), 8)
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)
    for name, values in alone.history.values().items():
        np.testing.assert_array_equal(trainer.history.values()[name], values)
    assert trainer.moments.best.step == alone.moments.best.step


def test_an_interrupted_step_draws_no_noise():
    """Its batch has more than one chunk, so it reports progress."""
    settings = {"batch_size": 2_000, "dropout": 0.5}
    data = tiny_dataset(train=2_000)
    alone = run(make_trainer(data, **settings), 2)
    brake = Brake(math.inf)
    trainer = Trainer(alone.config, data, brake)
    trainer.step()
    brake.left = 1
    with pytest.raises(Cancelled):
        trainer.step()
    assert trainer.step_count == 1
    trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)


# --- a run that does not read the test set ------------------------------------------------------


def unread_trainer(**settings):
    config = RunConfig(network=SMALL, validation=40, **settings)
    return Trainer(config, tiny_dataset(), reads_test_set=False)


def test_a_run_may_leave_the_test_set_alone():
    trainer = run(unread_trainer(), 9)
    same = run(make_trainer(validation=40), 9)
    history = trainer.history
    assert trainer.evaluator.newest is None
    assert trainer.evaluator.metrics is None
    assert not trainer.evaluator.is_due
    assert take_snapshot(trainer).test_metrics is None
    assert np.isnan(history.test_loss).all()
    assert np.isnan(history.test_accuracy).all()
    assert len(history.test_accuracy) == len(same.history.test_accuracy) > 3
    assert np.array_equal(history.validation_loss, same.history.validation_loss)
    assert np.array_equal(trainer.network.parameters, same.network.parameters)


def test_such_a_run_reads_the_test_set_only_when_it_is_asked():
    trainer = run(unread_trainer(), 3)
    trainer.read_test_set()
    figures, newest = trainer.evaluator.metrics, trainer.evaluator.newest
    assert (figures.accuracy, figures.step, figures.is_old) == (newest.accuracy, 3, False)
    trainer.step()
    assert trainer.evaluator.step == 3
    assert np.isnan(trainer.history.test_accuracy).all()


def test_many_evaluations_without_the_test_set_fold_into_buckets():
    recorder = HistoryRecorder()
    for step in range(3 * KEPT_EVALUATIONS):
        recorder.record_evaluation(step, 0.1, math.nan, math.nan, 0.5, 0.75)
    evaluations = recorder.history.evaluations
    assert evaluations.begun
    assert np.isnan(evaluations.spread("test_accuracy").mean).all()
    assert (evaluations.spread("validation_accuracy").mean == 0.75).all()


# --- thresholds of certain predictions ----------------------------------------------------------


def test_one_threshold_is_of_single_predictions_until_each_class_has_one_of_means():
    dataset = tiny_dataset(train=1_000)
    trainer = run(make_trainer(dataset, validation=900, batch_size=50, learning_rate=0.02), 30)
    evaluator, network = trainer.evaluator, trainer.network
    _, validation = dataset.hold_out(900)
    single = network.predict(validation.images)
    is_correct = single.argmax(axis=1) == validation.labels
    assert evaluator.thresholds[0] == pytest.approx(
        confidence_threshold(single.max(axis=1), is_correct), rel=1e-4
    )
    assert evaluator.thresholds == evaluator.thresholds[:1] * 10
    means = predict_moved(network, validation.images)
    guesses = means.argmax(axis=1).astype(np.uint8)
    expected = confidence_thresholds(
        means.max(axis=1), guesses, guesses == validation.labels, classes=10
    )
    assert max(expected) < 1
    evaluator.choose_thresholds(network)
    assert evaluator.thresholds == pytest.approx(expected, rel=1e-4)


def test_without_a_validation_split_there_are_no_thresholds_to_choose():
    trainer = run(make_trainer(), 4)
    trainer.evaluator.choose_thresholds(trainer.network)
    assert trainer.evaluator.thresholds is None
