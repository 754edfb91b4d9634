"""Fine-tuning a trained network on more images, as the window's "Train on my digits" does."""

import numpy as np
import pytest

from core.arrays import LabeledImages
from core.datasets.loading import with_more
from core.datasets.strokes import make_strokes
from core.errors import RunFileError
from core.saving.replay import Replay
from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.evaluation import evaluate
from core.training.fine_tuning import SHARE, fine_tune, fine_tuning, images_per_epoch
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from tests.core.training.small_runs import make_trainer, run


def trained(config, dataset, initial=None):
    trainer = Trainer(config, dataset, start=initial and StartingState(initial, "a network"))
    while trainer.stop_reason is None:
        trainer.step()
    return trainer


def test_new_images_are_learned_and_the_others_not_forgotten():
    """Upside-down fives should count as fives, as for somebody who writes them that way."""
    dataset = make_strokes(train=12_000, test=1_000)
    config = RunConfig(
        network=NetworkConfig(hidden=(64,)),
        hyperparameters=Hyperparameters(learning_rate=0.1, batch_size=50, epochs=2),
    )
    before = trained(config, dataset)
    parameters = before.network.parameters.copy()
    turned = make_strokes(train=200, test=500, seed=1)
    new = turned.train_images[turned.train_labels == 5][:12, ::-1]
    unseen = turned.test_images[turned.test_labels == 5][:, ::-1]
    right = np.full(len(unseen), 5, np.uint8)
    more = LabeledImages(new, np.full(len(new), 5, np.uint8))

    after = trained(fine_tuning(config), with_more(dataset, more, SHARE), before.network)
    np.testing.assert_array_equal(before.network.parameters, parameters)
    known, learned = (evaluate(t.network, unseen, right).accuracy for t in (before, after))
    assert known < 0.3
    assert learned > 0.5  # most of them
    tests = after.history.test_accuracy
    assert tests[0] == before.history.test_accuracy[-1]  # it started from the trained network
    assert tests[-1] > tests[0] - 0.01


# --- in the middle of a run ---------------------------------------------------------------------


def own_digits(count=3):
    return LabeledImages(np.full((count, 784), 200, np.uint8), np.full(count, 3, np.uint8))


def tuned(trainer, own):
    calls = []
    parameters, result = fine_tune(
        trainer.network,
        trainer.present_config,
        trainer.dataset,
        own,
        lambda done, total: calls.append((done, total)),
    )
    return parameters, result, calls


def test_a_run_goes_on_with_its_own_settings_and_history():
    trainer = run(make_trainer(optimizer="adam", learning_rate=0.003, batch_size=40), 7)
    before = trainer.network.parameters.copy()
    rate, steps = trainer.learning_rate, trainer.history.steps.count
    parameters, result, calls = tuned(trainer, own_digits())
    np.testing.assert_array_equal(trainer.network.parameters, before)
    assert calls[0] == (0, 2)  # 221 images in batches of 128
    assert result.own_after >= result.own_before
    trainer.take_parameters(parameters)
    assert trainer.learning_rate == rate > 0
    assert trainer.hyperparameters.optimizer == "adam"
    assert trainer.history.steps.count == steps
    assert trainer.evaluator.is_old
    assert trainer.optimizer.steps == 0
    assert trainer.changes[-1].is_fine_tuning
    run(trainer, 1)
    assert trainer.step_count == 8


def test_the_validation_split_is_left_out():
    trainer = run(make_trainer(validation=50, batch_size=50), 2)
    _, _, calls = tuned(trainer, own_digits())
    assert images_per_epoch(150, 3) == 168
    assert calls[-1] == (1, 2)


def test_a_fine_tuned_run_is_resumed_to_the_bit_and_is_not_replayed(tmp_path):
    trainer = run(make_trainer(optimizer="momentum", batch_size=40), 6)
    trainer.take_parameters(tuned(trainer, own_digits())[0])
    run(trainer, 2)
    save_run(tmp_path / "run.npz", trainer.saved())
    saved = load_run(tmp_path / "run.npz")
    assert [c.is_fine_tuning for c in saved.training.checkpoint.changes] == [False, True]
    resumed = run(Trainer.resume(saved, trainer.dataset), 5)
    run(trainer, 5)
    np.testing.assert_array_equal(resumed.network.parameters, trainer.network.parameters)
    with pytest.raises(RunFileError, match="fine-tuned"):
        Replay(saved, trainer.dataset)
