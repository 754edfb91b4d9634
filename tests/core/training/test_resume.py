"""A run that is saved, closed, opened and resumed equals the uninterrupted run."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from core.errors import RunFileError
from core.network.network import Network
from core.saving.run_file import load_run, save_run
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig, RunConfig
from core.training.saved_run import SavedRun
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset

DATASET = tiny_dataset(train=200)
"""With 40 held out and batches of 30, an epoch has six steps."""


def new_trainer(**hyperparameters):
    return Trainer(
        RunConfig(
            network=NetworkConfig(hidden=(12, 7)),
            hyperparameters=Hyperparameters(batch_size=30, **hyperparameters),
            validation=40,
        ),
        DATASET,
    )


def run(trainer, steps):
    for _ in range(steps):
        trainer.step()
    return trainer


def reopened(trainer, path):
    save_run(path, trainer.saved())
    return Trainer.resume(load_run(path), DATASET)


def assert_same_run(a, b):
    np.testing.assert_array_equal(a.network.parameters, b.network.parameters)
    assert a.optimizer.steps == b.optimizer.steps
    for name, average in a.optimizer.state.items():
        np.testing.assert_array_equal(average, b.optimizer.state[name])
    for name, values in a.history.values().items():
        np.testing.assert_array_equal(values, b.history.values()[name], err_msg=name)
    assert (a.step_count, a.epoch, a.position) == (b.step_count, b.epoch, b.position)
    assert a.changes == b.changes
    assert a.evaluator.thresholds == b.evaluator.thresholds
    assert_same_records(a.layer_statistics.records, b.layer_statistics.records)


def assert_same_records(a, b):
    assert [record.step for record in a] == [record.step for record in b]
    for one, other in zip(a, b, strict=True):
        assert one.activations == other.activations
        np.testing.assert_array_equal(one.metrics, other.metrics)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("steps", [1, 6, 9])
def test_a_resumed_run_is_the_same_to_the_bit(tmp_path, optimizer, steps):
    """Saved after one step, at the end of an epoch, and in the middle of one."""
    settings = {
        "optimizer": optimizer,
        "learning_rate": 0.01,
        "dropout": 0.2,
        "l2": 0.001,
        "schedule": "cosine",
        "epochs": 5,
        "augmentation": DEFAULT_AUGMENTATION,
    }
    alone = run(new_trainer(**settings), 20)
    resumed = reopened(run(new_trainer(**settings), steps), tmp_path / "run.npz")
    assert_same_run(run(resumed, 20 - steps), alone)


def test_live_changes_are_saved_and_stay_in_effect(tmp_path):
    def changed(trainer):
        trainer.change(replace(trainer.hyperparameters, optimizer="adam", learning_rate=0.002))
        return run(trainer, 3)

    alone = changed(run(new_trainer(), 4))
    resumed = reopened(changed(run(new_trainer(), 4)), tmp_path / "run.npz")
    assert [change.step for change in resumed.changes] == [0, 4]
    assert_same_run(run(resumed, 8), run(alone, 8))


def test_a_resized_network_is_saved_and_continues_to_learn(tmp_path):
    def resized(trainer):
        trainer.change(network=trainer.network_config.with_hidden((30, 5)))
        return run(trainer, 3)

    settings = {"optimizer": "adam", "learning_rate": 0.002, "dropout": 0.2}
    alone = resized(run(new_trainer(**settings), 4))
    resumed = reopened(resized(run(new_trainer(**settings), 4)), tmp_path / "run.npz")
    assert resumed.network.sizes == (784, 30, 5, 10)
    assert resumed.config.network.hidden == (12, 7)
    assert_same_run(run(resumed, 8), run(alone, 8))


def test_weights_alone_say_what_network_they_are_for(tmp_path):
    trainer = new_trainer()
    trainer.change(network=trainer.network_config.with_hidden((9,)))
    run(trainer, 2)
    save_run(tmp_path / "run.npz", trainer.saved().weights_alone())
    read = load_run(tmp_path / "run.npz")
    assert read.config.network == read.network_config == trainer.network_config
    np.testing.assert_array_equal(read.network.parameters, trainer.network.parameters)


def test_the_confidence_thresholds_are_saved(tmp_path):
    trainer = run(new_trainer(), 7)
    assert trainer.evaluator.thresholds is not None
    assert (
        reopened(trainer, tmp_path / "run.npz").evaluator.thresholds == trainer.evaluator.thresholds
    )


def test_the_duration_of_training_is_saved(tmp_path):
    trainer = run(new_trainer(), 7)
    resumed = reopened(trainer, tmp_path / "run.npz")
    assert resumed.seconds == trainer.seconds > 0
    np.testing.assert_allclose(
        resumed.history.evaluations.newest("evaluation_seconds"),
        trainer.history.evaluations.newest("evaluation_seconds"),
        atol=0.0005,  # kept to the millisecond
    )
    seconds = run(resumed, 6).history.evaluations.newest("evaluation_seconds")
    assert len(seconds) == len(resumed.history.evaluation_step)
    assert (np.diff(seconds) >= 0).all()


def as_version_4(facts):
    """As it wrote them: all settings of each change, no times."""
    training = facts["training"]
    facts["version"] = 4
    settings = facts["run"]["hyperparameters"]
    for change in training["changes"]:
        settings = {**settings, **change[1]}
        change[1] = settings
    del training["seconds"], training["evaluation_seconds"]


def test_a_run_of_version_4_resumes(tmp_path):
    trainer = run(new_trainer(), 4)
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.002))
    path = tmp_path / "run.npz"
    save_run(path, run(trainer, 3).saved())
    rewrite(path, as_version_4)
    resumed = Trainer.resume(load_run(path), DATASET)
    assert np.isnan(resumed.seconds)
    assert np.isnan(resumed.history.evaluations.newest("evaluation_seconds")).all()
    assert_same_run(run(resumed, 8), run(trainer, 8))


def test_the_divergence_threshold_is_saved(tmp_path):
    trainer = run(new_trainer(), 2)
    assert (
        reopened(trainer, tmp_path / "run.npz")._detector.reference == trainer._detector.reference
    )


def test_a_run_is_saved_before_its_first_step(tmp_path):
    resumed = reopened(new_trainer(optimizer="adam"), tmp_path / "run.npz")
    assert_same_run(run(resumed, 8), run(new_trainer(optimizer="adam"), 8))


def test_a_resize_draws_the_same_weights_though_the_log_of_changes_was_cut(tmp_path, monkeypatch):
    monkeypatch.setattr("core.saving.training_state_file.MOST_CHANGES", 2)
    trainer = new_trainer()
    for rate in (0.01, 0.02, 0.03, 0.04):
        trainer.change(replace(trainer.hyperparameters, learning_rate=rate))
        run(trainer, 1)
    resumed = reopened(trainer, tmp_path / "run.npz")
    assert len(resumed.changes) < len(trainer.changes)
    for each in (trainer, resumed):
        each.change(network=NetworkConfig(hidden=(15, 7)))
        run(each, 2)
    np.testing.assert_array_equal(resumed.network.parameters, trainer.network.parameters)


def test_the_saved_run_stays_as_it_was_while_training_goes_on(tmp_path):
    trainer = run(new_trainer(optimizer="momentum"), 3)
    saved = trainer.saved()
    run(trainer, 5)
    save_run(tmp_path / "run.npz", saved)
    again = Trainer.resume(load_run(tmp_path / "run.npz"), DATASET)
    assert_same_run(run(again, 5), trainer)


def test_plain_numpy_reads_all_of_it(tmp_path):
    trainer = run(new_trainer(optimizer="adam"), 7)
    save_run(tmp_path / "run.npz", trainer.saved())
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["history_batch_loss"], trainer.history.batch_loss)
        assert file["m_W1"].shape == file["v_W1"].shape == (784, 12)
        assert sorted(file["order"]) == list(range(160))
        facts = json.loads(str(file["config"]))
    assert facts["training"]["step"] == 7


# --- refusals -----------------------------------------------------------------------------------


def test_another_data_set_is_refused(tmp_path):
    saved = run(new_trainer(), 2).saved()
    other = tiny_dataset(train=200, seed=1)
    with pytest.raises(RunFileError, match="other images"):
        Trainer.resume(saved, other)


def test_weights_alone_cannot_be_resumed():
    config = RunConfig(network=NetworkConfig(hidden=(3,)))
    with pytest.raises(RunFileError, match="earlier version"):
        Trainer.resume(SavedRun(config, Network.from_config(config.network)), DATASET)


def rewrite(path, edit_facts, edit_arrays=lambda arrays: None):
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    facts = json.loads(str(arrays.pop("config")))
    edit_facts(facts)
    edit_arrays(arrays)
    np.savez(path, config=np.array(json.dumps(facts)), **arrays)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step", 8),
        ("step", -1),
        ("step", 10**12),
        ("step", 7.0),
        ("epoch", 2),
        ("position", 160),
        ("position", -30),
        ("images", 10**12),
        ("evaluations", 0),
        ("optimizer_steps", None),
        ("optimizer_steps", 8),
        ("order_state", {"bit_generator": "PCG64"}),
        ("noise_state", "random"),
        ("changes", []),
        ("changes", [[3, {}]]),
        ("changes", [[0, {}], [3, {}], [2, {}]]),
        ("changes", [[0, {}], [2.0, {}]]),
        ("changes", [[0, {}], [8, {}]]),
        ("changes", [[0, {}], [2, {"rate": 0.1}]]),
        ("changes", [[0, {}], [2, {"learning_rate": -1}]]),
        ("changes", [[0, {}], [2, {"network": {"output": "sigmoid"}}]]),
        ("changes", [[0, {}], [2, {"network": {"hidden": [12, 8]}}]]),
        ("seconds", "long"),
        ("evaluation_seconds", [0.5]),
        ("evaluation_seconds", "long"),
        ("first_loss", "large"),
        ("first_loss", -0.1),
        ("first_loss", float("nan")),
        ("first_loss", float("inf")),
        ("lowest_loss", "low"),
        ("lowest_loss", -0.1),
        ("lowest_loss", float("nan")),
        ("lowest_loss", float("inf")),
    ],
)
def test_a_state_that_does_not_fit_is_refused(tmp_path, name, value):
    path = tmp_path / "run.npz"
    save_run(path, run(new_trainer(), 7).saved())
    rewrite(path, lambda facts: facts["training"].update({name: value}))
    with pytest.raises(RunFileError):
        load_run(path)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("order", np.zeros(160, np.int32)),
        ("order", np.arange(160)),
        ("order", np.arange(1, 161, dtype=np.int32)),
        ("v_W1", np.zeros((12, 784), np.float32)),
        ("v_W1", np.full((784, 12), np.nan, np.float32)),
        ("history_batch_loss", np.zeros(8, np.float32)),
        ("history_epoch_end", np.zeros(1, np.float32)),
        ("history_epoch_end", np.array([8])),
        ("history_batch_images", np.zeros(7, np.int32)),
        ("history_counts", np.array([7, 1, 6])),
    ],
)
def test_an_array_that_does_not_fit_is_refused(tmp_path, name, array):
    path = tmp_path / "run.npz"
    save_run(path, run(new_trainer(optimizer="adam"), 7).saved())
    rewrite(path, lambda facts: None, lambda arrays: arrays.update({name: array}))
    with pytest.raises(RunFileError):
        load_run(path)


def test_an_array_that_is_missing_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    save_run(path, run(new_trainer(optimizer="adam"), 7).saved())
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    for name in names:
        save_run(path, run(new_trainer(optimizer="adam"), 7).saved())
        with zipfile.ZipFile(path) as archive:
            parts = {part: archive.read(part) for part in names if part != name}
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        with pytest.raises(RunFileError):
            load_run(path)


# --- the best network ---------------------------------------------------------------------------


def with_best():
    """A run of two epochs and a step, whose layers change after the first epoch."""
    trainer = run(new_trainer(optimizer="adam"), 6)
    best = trainer.moments.best
    trainer.change(network=trainer.network_config.with_hidden((5,)))
    run(trainer, 1)
    assert trainer.moments.best is best
    assert trainer.network_config != best.config
    return trainer


def test_the_best_network_is_restored(tmp_path):
    trainer = with_best()
    path = tmp_path / "run.npz"
    save_run(path, trainer.saved())
    best, back = trainer.moments.best, load_run(path).best
    assert (back.step, back.epoch, back.accuracy, back.thresholds, back.config) == (
        best.step,
        best.epoch,
        best.accuracy,
        best.thresholds,
        best.config,
    )
    np.testing.assert_array_equal(back.network.parameters, best.network.parameters)
    with np.load(path, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["best_W1"], best.network.layers[0].W)
        np.testing.assert_array_equal(file["W1"], trainer.network.layers[0].W)
    resumed = Trainer.resume(load_run(path), DATASET)
    np.testing.assert_array_equal(resumed.network.parameters, trainer.network.parameters)
    assert resumed.moments.best.accuracy == best.accuracy
    assert load_run(path).weights_alone().best is not None


def test_a_run_of_version_5_has_no_best(tmp_path):
    trainer = with_best()
    path = tmp_path / "run.npz"
    save_run(path, trainer.saved())

    def as_version_5(facts):
        facts["version"] = 5
        del facts["best"], facts["ended_by_patience"], facts["training"]["lowest_loss"]

    def without_best(arrays):
        for name in [name for name in arrays if name.startswith("best_")]:
            del arrays[name]

    rewrite(path, as_version_5, without_best)
    saved = load_run(path)
    assert saved.best is None
    assert not saved.uses_best
    with pytest.raises(RunFileError, match="--last"):
        saved.as_best()
    assert Trainer.resume(saved, DATASET).moments.best is None


def test_a_best_network_without_a_threshold_is_refused(tmp_path):
    """A file says null where there is none."""
    path = tmp_path / "run.npz"
    save_run(path, with_best().saved())
    rewrite(path, lambda facts: facts["best"].pop("threshold"))
    with pytest.raises(RunFileError):
        load_run(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step", 8),
        ("step", 0),
        ("step", 6.0),
        ("epoch", 2),
        ("epoch", 0),
        ("accuracy", 1.5),
        ("accuracy", float("nan")),
        ("accuracy", None),
        ("threshold", -0.1),
        ("threshold", float("nan")),
        ("thresholds", [0.5]),
        ("thresholds", [0.5] * 9 + [1.5]),
        ("thresholds", "0.5"),
        ("network", {"hidden": [9]}),
        ("network", {"hidden": [4096] * 4, "activations": ["relu"] * 4}),
        ("network", {"hidden": [12], "output": "sigmoid"}),
        ("network", []),
    ],
)
def test_an_impossible_best_network_is_refused(tmp_path, name, value):
    path = tmp_path / "run.npz"
    save_run(path, with_best().saved())
    rewrite(path, lambda facts: facts["best"].update({name: value}))
    with pytest.raises(RunFileError):
        load_run(path)


def test_a_run_without_a_split_has_no_best(tmp_path):
    path = tmp_path / "run.npz"
    save_run(path, with_best().saved().weights_alone())
    rewrite(path, lambda facts: facts["run"].update(validation=0))
    with pytest.raises(RunFileError, match="best network"):
        load_run(path)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("best_W1", np.zeros((784, 13), np.float32)),
        ("best_W1", np.zeros((784, 12))),
        ("best_W1", np.full((784, 12), np.nan, np.float32)),
        ("best_b1", np.full(12, np.inf, np.float32)),
    ],
)
def test_best_weights_that_do_not_fit_are_refused(tmp_path, name, array):
    path = tmp_path / "run.npz"
    save_run(path, with_best().saved())
    rewrite(path, lambda facts: None, lambda arrays: arrays.update({name: array}))
    with pytest.raises(RunFileError):
        load_run(path)


@pytest.mark.parametrize("value", [None, 1, "yes"])
def test_whether_patience_ended_a_run(tmp_path, value):
    path = tmp_path / "run.npz"
    save_run(path, with_best().saved())
    rewrite(path, lambda facts: facts.update(ended_by_patience=value))
    with pytest.raises(RunFileError, match="patience"):
        load_run(path)
