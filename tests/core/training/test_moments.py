import numpy as np
import pytest

from tests.core.training.small_runs import make_trainer, run

PATIENT = {"validation": 50, "batch_size": 50, "learning_rate": 0.05}


# --- the best network ---------------------------------------------------------------------------


def epoch_states(trainer, epochs):
    """Train for this many epochs; return the parameters at the end of each."""
    states = []
    for _ in range(epochs):
        run(trainer, 3)
        assert trainer.position == 0
        states.append(trainer.network.parameters.copy())
    return states


def test_the_best_network_is_that_of_the_best_epoch():
    trainer = make_trainer(**PATIENT)
    states = epoch_states(trainer, 8)
    accuracies = trainer.history.epoch_validation_accuracies
    best, at = trainer.moments.best, int(accuracies.argmax())
    assert (best.epoch, best.step) == (at + 1, 3 * (at + 1))
    assert best.accuracy == accuracies[at]
    assert best.config == trainer.network_config
    np.testing.assert_array_equal(best.network.parameters, states[at])
    with pytest.raises(ValueError, match="read-only"):
        best.network.parameters[0] = 1


def test_without_a_validation_split_there_is_no_best():
    assert run(make_trainer(batch_size=50), 8).moments.best is None


def test_before_the_end_of_an_epoch_there_is_no_best():
    assert run(make_trainer(**PATIENT), 2).moments.best is None


def test_the_thresholds_of_the_best_are_its_own():
    trainer = make_trainer(**PATIENT)
    run(trainer, 3)
    first = trainer.moments.best
    assert first.thresholds == trainer.evaluator.thresholds
    while trainer.moments.best is first:
        run(trainer, 3)
    assert trainer.moments.best.thresholds == trainer.evaluator.thresholds


def test_going_back_restores_the_best_network_of_that_time():
    trainer = run(make_trainer(**PATIENT), 3)
    best = trainer.moments.best
    trainer.moments.keep_if_good(trainer, trainer._detector)
    while trainer.moments.best is best:
        run(trainer, 3)
    trainer.restore_last_good()
    assert trainer.moments.best is best


def test_going_back_before_the_best_forgets_it():
    trainer = make_trainer(**PATIENT)
    start = trainer.checkpoint()
    run(trainer, 3)
    trainer.restore(start)
    assert trainer.moments.best is None


def stopped_by_patience():
    trainer = make_trainer(validation=50, batch_size=50, learning_rate=1e-9, patience=2)
    while trainer.stop is None:
        trainer.step()
    return trainer


def test_patience_says_which_epoch_was_best():
    trainer = stopped_by_patience()
    assert trainer.ended_by_patience
    assert trainer.moments.best.epoch == 1
    assert "best after epoch 1" in trainer.stop_reason
    assert trainer.stop_reason.count(" %") == 1


def test_training_on_continues_a_run_that_patience_ended():
    trainer = stopped_by_patience()
    trainer.step()
    assert not trainer.ended_by_patience


def test_changing_layers_continues_a_run_that_patience_ended():
    trainer = stopped_by_patience()
    trainer.change(network=trainer.network_config.with_hidden((5,)))
    assert not trainer.saved().ended_by_patience
