"""Runs so long that the old part of their history is in buckets; few steps are kept singly."""

from dataclasses import replace

import numpy as np
import pytest

from core.saving.replay import Replay
from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.divergence import TrainingDivergedError
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import run

DATASET = tiny_dataset(train=60)


@pytest.fixture(autouse=True)
def short_memory(monkeypatch):
    monkeypatch.setattr("core.history.history.KEPT_STEPS", 16)
    monkeypatch.setattr("core.history.history.KEPT_EVALUATIONS", 4)


def new_trainer(batch_size=20, validation=0, **hyperparameters):
    settings = Hyperparameters(batch_size=batch_size, **hyperparameters)
    network = NetworkConfig(hidden=(6,))
    return Trainer(
        RunConfig(network=network, hyperparameters=settings, validation=validation), DATASET
    )


def assert_same_history(a, b):
    ours, theirs = a.history.values(), b.history.values()
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


@pytest.mark.parametrize("batch_size", [1, 7, 60])
@pytest.mark.parametrize("steps", [30, 64, 71])
def test_a_resumed_run_has_the_history_of_one_that_was_never_interrupted(
    tmp_path, batch_size, steps
):
    """With 60 images a batch, each step is an epoch and an evaluation."""
    trainer = run(new_trainer(batch_size, validation=5), steps)
    save_run(tmp_path / "run.npz", trainer.saved())
    resumed = Trainer.resume(load_run(tmp_path / "run.npz"), DATASET)
    assert_same_history(resumed, trainer)
    assert_same_history(run(resumed, 45), run(new_trainer(batch_size, validation=5), steps + 45))
    assert "batch_loss_buckets" in resumed.history.values()


def test_the_file_of_a_longer_run_is_hardly_larger(tmp_path):
    path = tmp_path / "run.npz"
    trainer, sizes = new_trainer(batch_size=60), []
    for _ in range(3):
        run(trainer, 160)
        save_run(path, trainer.saved())
        with np.load(path) as file:
            sizes.append(sum(a.size for name, a in file.items() if name.startswith("history_")))
    assert max(sizes) < 1.25 * sizes[0]  # it is not three times as much


def test_plain_numpy_reads_the_buckets_and_the_newest_steps(tmp_path):
    trainer = run(new_trainer(), 100)
    save_run(tmp_path / "run.npz", trainer.saved())
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        newest, buckets = file["history_batch_loss"], file["history_batch_loss_buckets"]
    losses = trainer.history.steps.spread("batch_loss")
    np.testing.assert_array_equal(np.append(buckets[1], newest), losses.mean)
    np.testing.assert_array_equal(np.append(buckets[0], newest), losses.low)
    np.testing.assert_array_equal(np.append(buckets[2], newest), losses.high)


def diverge(trainer):
    with pytest.raises(TrainingDivergedError):
        run(trainer, 200)


def test_going_back_to_before_what_is_in_buckets_is_exact(tmp_path):
    """The checkpoint that the trainer goes back to is old, as after a slow decline."""
    trainer = run(new_trainer(), 40)
    moment = trainer.checkpoint()
    run(trainer, 130)
    trainer.restore(moment)
    assert trainer.step_count == trainer.history.steps.count == 40
    assert_same_history(trainer, run(new_trainer(), 40))
    save_run(tmp_path / "run.npz", run(trainer, 60).saved())
    assert_same_history(trainer, run(new_trainer(), 100))
    replay = Replay(load_run(tmp_path / "run.npz"), DATASET)
    for _ in range(replay.steps):
        replay.step()
    assert replay.is_same()


def test_a_resumed_run_that_diverges_goes_back_to_where_it_was_resumed(tmp_path):
    trainer = run(new_trainer(), 70)
    save_run(tmp_path / "run.npz", trainer.saved())
    resumed = Trainer.resume(load_run(tmp_path / "run.npz"), DATASET)
    resumed.change(replace(resumed.hyperparameters, learning_rate=1000.0))
    diverge(resumed)
    resumed.restore_last_good()
    assert resumed.step_count == 70
    assert_same_history(resumed, trainer)


def test_stopping_counts_epochs_and_finds_the_best_although_they_are_in_buckets():
    trainer = new_trainer(batch_size=60, epochs=30)
    while trainer.stop_reason is None:
        trainer.step()
    assert trainer.epoch == trainer.history.epochs.count == 30
    patient = new_trainer(batch_size=60, validation=20, patience=3, learning_rate=0.5)
    while patient.stop_reason is None:
        patient.step()
    accuracies = run(patient, 0).history.epoch_validation_accuracies
    assert (accuracies[-4] >= accuracies[-3:]).all()
