"""A run with live changes is reproduced from its log."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.errors import RunFileError
from core.network.network import Network
from core.saving.replay import Replay
from core.saving.run_file import load_run, save_run
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.saved_run import SavedRun
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset

DATASET = tiny_dataset(train=200)
CONFIG = RunConfig(
    network=NetworkConfig(hidden=(12, 7)),
    hyperparameters=Hyperparameters(batch_size=30, dropout=0.2),
    validation=40,
)


def run(trainer, steps):
    for _ in range(steps):
        trainer.step()


def change_live(trainer, **changes):
    trainer.change(replace(trainer.hyperparameters, **changes))


def replayed(saved, path):
    save_run(path, saved)
    again = Replay(load_run(path), DATASET)
    for _ in range(again.steps):
        again.step()
    return again


def run_with_changes():
    """A run whose settings change before its first step and repeatedly afterwards."""
    trainer = Trainer(CONFIG, DATASET)
    change_live(trainer, learning_rate=0.03)
    run(trainer, 4)
    change_live(trainer, optimizer="adam", learning_rate=0.002, augmentation=DEFAULT_AUGMENTATION)
    run(trainer, 3)
    change_live(trainer, batch_size=50)
    run(trainer, 5)
    # Two changes at one step; the first starts another optimizer.
    change_live(trainer, optimizer="sgd")
    change_live(trainer, l2=0.01)
    run(trainer, 4)
    return trainer


def resize(trainer, *hidden):
    trainer.change(network=trainer.network_config.with_hidden(hidden))


def resized():
    """A run with layers resized, added and removed before, between and after its steps."""
    trainer = Trainer(CONFIG, DATASET)
    resize(trainer, 16, 7)
    resize(trainer, 24, 7)  # at the same step
    run(trainer, 3)
    adam = replace(trainer.hyperparameters, optimizer="adam", learning_rate=0.002)
    trainer.change(adam, trainer.network_config.with_hidden((24, 7, 20)))
    run(trainer, 4)
    resize(trainer, 10, 5, 20)
    change_live(trainer, batch_size=50)  # at the same step
    run(trainer, 2)
    resize(trainer, 10)
    run(trainer, 3)
    resize(trainer, 11)
    return trainer


def test_a_run_whose_layers_were_resized_gives_the_same_bits_again(tmp_path):
    trainer = resized()
    assert [change.network.hidden for change in trainer.changes] == [
        (12, 7),
        (16, 7),
        (24, 7),
        (24, 7, 20),
        (10, 5, 20),
        (10, 5, 20),
        (10,),
        (11,),
    ]
    again = replayed(trainer.saved(), tmp_path / "run.npz")
    assert again.is_same()
    assert again.largest_difference == 0


def test_a_network_of_another_shape_differs(tmp_path):
    trainer = resized()
    saved = trainer.saved()
    again = replayed(saved, tmp_path / "run.npz")
    resize(again.trainer, 12)
    assert not again.is_same()
    assert again.largest_difference == float("inf")


def test_a_run_with_live_changes_gives_the_same_bits_again(tmp_path):
    trainer = run_with_changes()
    assert replayed(trainer.saved(), tmp_path / "run.npz").is_same()


def test_a_run_that_diverged_and_went_back_gives_the_same_bits_again(tmp_path):
    trainer = run_with_changes()
    trainer.restore_last_good()
    change_live(trainer, learning_rate=0.001)
    run(trainer, 6)
    assert replayed(trainer.saved(), tmp_path / "run.npz").is_same()


def test_a_resumed_run_gives_the_same_bits_again(tmp_path):
    trainer = Trainer.resume(run_with_changes().saved(), DATASET)
    change_live(trainer, momentum=0.5)
    run(trainer, 7)
    assert replayed(trainer.saved(), tmp_path / "run.npz").is_same()


def from_given_weights():
    """A run that did not begin with the weights of its seed, and whose layers were resized."""
    network = Network.from_config(CONFIG.network)
    network.parameters[:] = np.linspace(-0.1, 0.1, len(network.parameters))
    trainer = Trainer(CONFIG, DATASET, start=StartingState(network, "other.safetensors"))
    run(trainer, 4)
    change_live(trainer, optimizer="adam", learning_rate=0.002)
    resize(trainer, 9, 7)
    run(trainer, 5)
    return trainer


def test_a_run_from_given_weights_gives_the_same_bits_again(tmp_path):
    trainer, path = from_given_weights(), tmp_path / "run.npz"
    again = replayed(trainer.saved(), path)
    assert again.is_same()
    loaded = load_run(path).start
    assert loaded.source == "other.safetensors"
    assert_array_equal(loaded.network.parameters, trainer.start.network.parameters)
    resumed = Trainer.resume(load_run(path), DATASET)
    run(resumed, 3)
    run(trainer, 3)
    assert_array_equal(resumed.network.parameters, trainer.network.parameters)
    assert replayed(resumed.saved(), path).is_same()


def test_a_run_from_given_weights_whose_file_does_not_have_them_is_recognized(tmp_path):
    saved = replace(from_given_weights().saved(), start=None)
    assert not replayed(saved, tmp_path / "run.npz").is_same()


def test_a_run_starts_from_weights_of_its_own_shape_only():
    trainer = from_given_weights()
    for other in (replace(CONFIG.network, output="sigmoid"), CONFIG.network.with_hidden((9, 7))):
        with pytest.raises(ValueError, match=r"cannot start from other\.safetensors"):
            Trainer(replace(CONFIG, network=other), DATASET, start=trainer.start)


@pytest.mark.parametrize("part", ["parameters", "optimizer", "metrics"])
def test_every_part_is_compared(part):
    """With one number of the saved run changed."""
    trainer = Trainer(CONFIG, DATASET)
    change_live(trainer, optimizer="adam", learning_rate=0.001)
    run(trainer, 5)
    saved = trainer.saved()
    checkpoint, history = saved.training.checkpoint, dict(saved.training.history)
    if part == "parameters":
        checkpoint.parameters[100] += 1
    elif part == "optimizer":
        checkpoint.optimizer_state["v"][100] += 1
    else:
        history["test_loss"] = history["test_loss"] + 1
    again = Replay(replace(saved, training=replace(saved.training, history=history)), DATASET)
    for _ in range(again.steps):
        again.step()
    assert not again.is_same()


def test_a_truncated_log_is_not_replayed(tmp_path, monkeypatch):
    """It keeps the start of the run and the newest changes."""
    monkeypatch.setattr("core.saving.training_state_file.MOST_CHANGES", 3)
    trainer = run_with_changes()
    path = tmp_path / "run.npz"
    save_run(path, trainer.saved())
    saved = load_run(path)
    assert len(trainer.changes) == 6
    assert saved.training.checkpoint.changes == (trainer.changes[0], *trainer.changes[-2:])
    resumed = Trainer.resume(saved, DATASET)
    run(resumed, 2)
    save_run(path, resumed.saved())
    assert load_run(path).training.changes_left_out == 3
    with pytest.raises(RunFileError, match="more live changes than its log can hold"):
        Replay(load_run(path), DATASET)


def test_other_data_and_a_network_alone_are_refused():
    saved = run_with_changes().saved()
    with pytest.raises(RunFileError, match="other images"):
        Replay(saved, tiny_dataset(train=200, seed=1))
    with pytest.raises(RunFileError, match="earlier version"):
        Replay(SavedRun(saved.config, saved.network), DATASET)


def unread_run():
    trainer = Trainer(CONFIG, DATASET, reads_test_set=False)
    run(trainer, 9)
    return trainer


def test_a_run_that_does_not_read_the_test_set_resumes_and_replays(tmp_path):
    trainer, path = unread_run(), tmp_path / "run.npz"
    save_run(path, trainer.saved())
    resumed = Trainer.resume(load_run(path), DATASET)
    run(resumed, 7)
    run(trainer, 7)
    assert not resumed.evaluator.reads_test_set
    assert resumed.evaluator.newest is None
    for name, values in trainer.history.values().items():
        assert np.array_equal(values, resumed.history.values()[name], equal_nan=True)
    assert replayed(resumed.saved(), path).is_same()


@pytest.mark.parametrize(("says", "fault"), [(True, "impossible"), ("no", "test set")])
def test_a_file_that_lies_about_reading_the_test_set_is_refused(tmp_path, says, fault):
    path = tmp_path / "run.npz"
    saved = unread_run().saved()
    training = replace(saved.training, reads_test_set=True)
    if says is True:
        saved = replace(saved, training=training)
    save_run(path, saved)
    if says == "no":
        with np.load(path) as archive:
            arrays = dict(archive)
        facts = json.loads(str(arrays["config"]))
        facts["training"]["reads_test_set"] = says
        np.savez(path, **(arrays | {"config": np.array(json.dumps(facts))}))
    with pytest.raises(RunFileError, match=fault):
        load_run(path)


def test_a_run_that_says_it_read_no_test_set_has_no_figures_of_it(tmp_path):
    trainer = Trainer(CONFIG, DATASET)
    run(trainer, 4)
    saved = trainer.saved()
    save_run(
        tmp_path / "run.npz",
        replace(saved, training=replace(saved.training, reads_test_set=False)),
    )
    with pytest.raises(RunFileError, match="history_test_loss contains impossible"):
        load_run(tmp_path / "run.npz")
