import math

import numpy as np
import pytest

from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters, NetworkConfig
from core.training.divergence import (
    WINDOW,
    DivergenceDetector,
    TrainingDivergedError,
    guessing_loss,
    lowest_of,
    state_loss,
)
from core.training.moments import STEPS_BETWEEN_CHECKPOINTS
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run


def watch(first=2.3, classes=10):
    result = DivergenceDetector(classes)
    assert not result.has_diverged(first)
    return result


def losses(*parts):
    """A sequence of losses: a number of each."""
    return np.concatenate([np.full(count, loss) for count, loss in parts])


# --- which states are good ----------------------------------------------------------------------


def test_a_state_is_good_up_to_twice_the_lowest_median_of_the_run():
    watched = watch()
    assert watched.is_good(losses((100, 0.03)))
    assert watched.lowest == pytest.approx(0.03)
    assert watched.is_good(losses((100, 0.0599)))
    assert not watched.is_good(losses((100, 0.0601)))
    assert watched.lowest == pytest.approx(0.03)


def test_the_lowest_median_may_lie_between_two_checks():
    """25 steps of 1, 60 of 0.1, 164 of 0.5: the last 50 are five times as high as the lowest."""
    watched = watch()
    assert not watched.is_good(losses((25, 1.0), (60, 0.1), (164, 0.5)))
    assert watched.lowest == pytest.approx(0.1)


def test_a_single_batch_does_not_decide():
    watched = watch()
    assert watched.is_good(losses((99, 0.5), (1, 50.0)))
    assert watched.is_good(losses((99, 0.5), (1, 1e-6)))
    assert watched.lowest == pytest.approx(0.5)


def test_the_first_steps_are_judged_by_the_start_of_the_run():
    """A lucky first batch does not make all later states bad."""
    watched = watch(first=0.001)
    assert watched.reference == math.log(10)
    assert watch(first=0.001, classes=3).reference == math.log(3)
    assert watched.is_good(losses((1, 0.001), (5, 2.0)))
    assert watched.lowest == math.inf
    assert not watched.is_good(losses((6, 4.17)))


def test_a_run_that_only_got_worse_has_no_good_state():
    assert not watch().is_good(losses((WINDOW, 4.17)))


def test_the_loss_of_a_state():
    assert state_loss(np.empty(0)) is None
    assert state_loss(losses((3, 2.0))) == 2.0
    assert state_loss(losses((500, 2.0), (26, 0.5), (24, 9.0))) == 0.5


def test_the_lowest_median_of_an_unwatched_run():
    assert lowest_of(losses((WINDOW - 1, 1.0))) == math.inf
    assert lowest_of(losses((7, 3.0), (WINDOW, 0.1), (WINDOW, 0.4))) == 0.1


# --- going back ---------------------------------------------------------------------------------


def ruined():
    """A trainer that learned for 400 steps, and then got slowly worse until it diverged."""
    trainer = run(make_trainer(batch_size=20, learning_rate=0.02), 400)
    trainer.change(Hyperparameters(batch_size=20, learning_rate=0.02))
    run(trainer, 200)
    rng = np.random.default_rng(0)
    for _ in range(400):
        trainer.network.parameters += 0.1 * rng.standard_normal(trainer.network.parameters.size)
        trainer.step()
    return trainer


def diverge(trainer):
    trainer.network.parameters[:] = np.nan
    with pytest.raises(TrainingDivergedError) as caught:
        trainer.step()
    return caught.value


def median_loss(trainer, step):
    history = trainer.history
    return float(np.median((history.batch_loss + history.steps.newest("regularization_loss"))[
        step - WINDOW : step
    ]))  # fmt: skip


def test_going_back_finds_a_loss_that_was_good():
    trainer = ruined()
    lowest = min(median_loss(trainer, step) for step in range(WINDOW, trainer.step_count + 1))
    assert median_loss(trainer, 1000) > 2 * lowest
    good = diverge(trainer).good
    assert good.step == 600
    assert good.loss == pytest.approx(median_loss(trainer, 600))
    assert good.loss <= 2 * lowest
    trainer.restore_last_good()
    assert trainer.step_count == 600
    assert len(trainer.history.batch_loss) == 600


def test_after_going_back_the_lowest_is_that_of_the_run_as_it_is_now():
    trainer = run(make_trainer(batch_size=20, learning_rate=0.02), STEPS_BETWEEN_CHECKPOINTS)
    lowest = trainer._detector.lowest
    trainer._detector.lowest = 1e-9  # of steps that are undone
    diverge(trainer)
    trainer.restore_last_good()
    assert trainer._detector.lowest == lowest


def test_a_resumed_run_detects_divergence_as_the_run_would_have(tmp_path):
    trainer = ruined()
    save_run(tmp_path / "run.npz", trainer.saved())
    resumed = Trainer.resume(load_run(tmp_path / "run.npz"), tiny_dataset())
    assert resumed._detector.lowest == trainer._detector.lowest
    good = diverge(resumed).good
    assert good.step == 1000  # no other state is in the file
    assert good.loss == pytest.approx(median_loss(trainer, 1000))


def test_an_error_keeps_no_weights():
    """It may be shown for long, while the checkpoint belongs to the trainer."""
    good = diverge(run(make_trainer(), 3)).good
    assert not any(isinstance(value, np.ndarray) for value in vars(good).values())


# --- what is said -------------------------------------------------------------------------------


def test_without_a_step_the_learning_rate_is_not_blamed():
    deep = NetworkConfig(hidden=(512,) * 8, initialization="constant", initial_scale=1000)
    with pytest.raises(TrainingDivergedError) as caught:
        make_trainer(network=deep).step()
    assert caught.value.step == 0
    assert caught.value.good.loss is None
    said = str(caught.value)
    assert "initial weights" in said
    assert "not to blame" in said
    assert "rate that is too high" not in said


def test_initial_weights_that_are_too_large_are_diagnosed():
    detector = DivergenceDetector(10)
    detector.has_diverged(5e4)  # the first step
    said = detector.explain(math.inf, 3, Hyperparameters())
    assert "initial weights" in said
    assert "learning rate" not in said


def test_the_learning_rate_is_blamed_if_the_run_began_well():
    detector = DivergenceDetector(3)
    detector.has_diverged(guessing_loss(3))
    said = detector.explain(math.nan, 7, Hyperparameters())
    assert "learning rate that is too high" in said
