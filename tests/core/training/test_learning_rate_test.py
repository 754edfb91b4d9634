"""The learning-rate test: what it finds, and that it leaves the run alone."""

import numpy as np
import pytest

from core.settings.config import OPTIMIZER_NAMES, NetworkConfig
from core.training.learning_rate_test import (
    HIGHEST_RATE,
    LOWEST_RATE,
    LearningRateTest,
)
from core.training.trainer import TrainingDivergedError
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import SMALL, make_trainer, run


def make_test(trainer, **others):
    images, _validation = trainer.dataset.hold_out(trainer.config.validation)
    return LearningRateTest(trainer.config, images, trainer.checkpoint(), **others)


def finish(test):
    while not test.is_over:
        test.step()
    return test.result()


def loss_after_100_steps(rate, **hyperparameters):
    trainer = make_trainer(learning_rate=rate, **hyperparameters)
    try:
        return run(trainer, 100).history.recent_loss
    except TrainingDivergedError:
        return np.inf


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_network_learns_at_the_suggested_rate(optimizer):
    settings = {"optimizer": optimizer, "batch_size": 50}
    result = finish(make_test(make_trainer(**settings)))
    assert result.is_over
    assert LOWEST_RATE < result.steepest < HIGHEST_RATE
    assert result.suggestion == pytest.approx(result.steepest, rel=0.5)
    assert loss_after_100_steps(result.suggestion, **settings) < 0.5 * np.log(10)


def test_network_learns_nothing_from_the_exploding_rate_on():
    settings = {"optimizer": "momentum", "momentum": 0.99, "batch_size": 20}
    result = finish(make_test(make_trainer(**settings)))
    assert result.suggestion < result.exploded < HIGHEST_RATE
    assert loss_after_100_steps(3 * result.exploded, **settings) > 0.5 * np.log(10)
    assert loss_after_100_steps(result.suggestion, **settings) < 0.5 * np.log(10)


def test_rates_rise_by_the_same_factor():
    result = finish(make_test(make_trainer()))
    factors = result.rates[1:] / result.rates[:-1]
    assert factors == pytest.approx(factors[0])
    assert result.rates[0] == pytest.approx(LOWEST_RATE)


def test_steps_use_the_rate_that_is_written_beside_their_loss():
    trainer = make_trainer(batch_size=50)
    test = make_test(trainer)
    before = trainer.network.parameters.copy()
    test.step()
    change = np.abs(test.network.parameters - before).max()
    trainer.change(trainer.hyperparameters.__class__(learning_rate=LOWEST_RATE, batch_size=50))
    trainer.step()
    assert change == pytest.approx(np.abs(trainer.network.parameters - before).max())


def test_run_continues_as_if_there_had_been_no_test():
    trainers = [run(make_trainer(optimizer="adam", dropout=0.2), 5) for _ in range(2)]
    finish(make_test(trainers[0]))
    for trainer in trainers:
        run(trainer, 5)
    assert np.array_equal(*(trainer.network.parameters for trainer in trainers))


def test_schedule_is_ignored():
    plain, scheduled = (
        finish(make_test(make_trainer(epochs=20, **schedule)))
        for schedule in ({}, {"schedule": "one-cycle"})
    )
    assert np.array_equal(plain.losses, scheduled.losses)


def test_trained_network_is_offered_a_tenth_of_the_exploding_rate():
    trainer = run(make_trainer(batch_size=20, learning_rate=0.1), 600)
    result = finish(make_test(trainer))
    assert result.steepest is None
    assert result.suggestion == pytest.approx(result.exploded / 10, rel=0.5)


def test_test_ends_early_where_the_loss_explodes():
    test = make_test(make_trainer(batch_size=20, optimizer="momentum", momentum=0.99))
    result = finish(test)
    assert len(result.losses) < test.steps
    assert result.exploded < HIGHEST_RATE


def test_overflow_ends_the_test():
    """The first update of eight layers of weights in the thousands leaves float32."""
    network = NetworkConfig(hidden=(16,) * 8, initialization="constant", initial_scale=1000.0)
    result = finish(make_test(make_trainer(network=network, batch_size=20)))
    assert np.isfinite(result.losses).tolist() == [True, False]
    assert result.is_over
    assert result.suggestion is None


def test_results_are_there_from_the_first_step():
    test = make_test(make_trainer())
    test.step()
    result = test.result()
    assert not result.is_over
    assert len(result.rates) == len(result.losses) == len(result.smoothed) == 1
    assert result.steepest is None
    assert result.suggestion is None


def test_resized_run_is_tested_with_its_present_network():
    trainer = run(make_trainer(network=SMALL), 3)
    trainer.change(network=NetworkConfig(hidden=(24,)))
    assert make_test(trainer).network_config.hidden == (24,)


def test_network_whose_loss_is_no_number_is_offered_no_rate():
    trainer = make_trainer()
    trainer.network.parameters[:] = np.nan
    result = finish(make_test(trainer))
    assert result.is_over
    assert result.suggestion is None
    assert "no number" in result.findings


def test_network_of_dead_units_is_offered_no_rate():
    trainer = make_trainer(batch_size=20)
    trainer.network.parameters[:] = 0
    result = finish(make_test(trainer))
    assert result.suggestion is None or result.steepest is not None
    assert "usually safe" not in result.findings


def test_batch_is_not_so_large_that_the_test_takes_minutes():
    dataset = tiny_dataset(train=10_100)
    test = make_test(make_trainer(dataset, batch_size=60_000))
    assert test.hyperparameters.batch_size == 10_000
    assert test.steps == 60


def test_findings_say_what_is_certain():
    test = make_test(make_trainer(batch_size=50))
    test.step()
    assert test.result().findings == ""
    result = finish(test)
    assert f"falls fastest at a rate of {result.steepest:.2g}." in result.findings
    assert result.findings.count("explode") == 1
