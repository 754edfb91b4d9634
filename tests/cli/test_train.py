import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.datasets import strokes
from core.saving.run_file import load_run
from core.settings.augmentation import Augmentation
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import preset_named
from core.wording import percent
from tests.core.digits import tiny_dataset
from tests.real_mnist import FOLDER, needs_mnist

ROOT = Path(__file__).parents[2]
STROKES = ("train", "--dataset", "strokes")


@pytest.mark.usefixtures("small_data")
class TestOnSmallData:
    def test_report_and_file(self, run, tmp_path):
        report, file = tmp_path / "report.json", tmp_path / "run.npz"
        status, out, err = run(
            *(*STROKES, "--hidden", "16,8", "--lr", "0.05"),
            *("--batch", "64", "--l2", "0.001", "--epochs", "3", "--seed", "9"),
            *("--threads", "2", "--save", file, "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        assert figures["epochs"] == 3
        assert figures["steps"] == 12  # 200 images make 4 batches per epoch
        assert "3 epochs" in figures["stopped_because"]
        assert figures["seed"] == 9
        assert figures["threads"] == 2
        assert figures["samples_per_second"] == pytest.approx(600 / figures["seconds"])
        assert np.log(10) > figures["train_loss"] > 0
        parts = figures["train_data_loss"], figures["train_regularization_loss"]
        assert figures["train_loss"] == pytest.approx(sum(parts))
        assert min(parts) > 0
        assert figures["test_loss"] > 0
        assert 0 <= figures["test_accuracy"] <= 1
        assert "validation_accuracy" not in figures
        assert f"{percent(figures['test_accuracy'])}" in out
        assert "Stopped early" not in out
        assert "600" in err  # the bar counted every image
        run = load_run(file)
        config, network = run.config, run.network
        assert config == RunConfig(
            "strokes",
            NetworkConfig(hidden=(16, 8)),
            Hyperparameters(learning_rate=0.05, batch_size=64, l2=0.001, epochs=3),
            seed=9,
        )
        assert network.parameters.any()

    def test_the_report_contains_all_settings_of_the_run(self, run, tmp_path):
        report = tmp_path / "report.json"
        status, out, _ = run(
            *(*STROKES, "--hidden", "12,6", "--activation", "tanh,leaky-relu"),
            *("--output", "sigmoid", "--init", "glorot", "--optimizer", "adam", "--lr", "0.005"),
            *("--dropout", "0.1", "--augment", "shift=1,elastic=0.5", "--schedule", "cosine"),
            *("--warmup", "0.5", "--epochs", "2", "--validation", "50", "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        config = RunConfig(
            "strokes",
            NetworkConfig((12, 6), ("tanh", "leaky-relu"), "sigmoid", "glorot"),
            Hyperparameters(
                learning_rate=0.005,
                optimizer="adam",
                dropout=0.1,
                augmentation=Augmentation(shift=1, elastic=0.5),
                schedule="cosine",
                warm_up=0.5,
                epochs=2,
            ),
            validation=50,
        )
        network = figures["config"]["network"]
        settings = figures["config"]["hyperparameters"]
        network = {name: tuple(v) if isinstance(v, list) else v for name, v in network.items()}
        augmentation = Augmentation(**settings.pop("augmentation"))
        assert NetworkConfig(**network) == config.network
        assert Hyperparameters(**settings, augmentation=augmentation) == config.hyperparameters
        assert figures["config"]["validation"] == 50
        assert figures["network"] == "784-12-6-10"
        assert figures["dataset"] == "strokes"
        # 150 images are left to train on.
        assert figures["samples_per_second"] == pytest.approx(300 / figures["seconds"])
        assert figures["validation_loss"] > 0
        assert f"validation {percent(figures['validation_accuracy'])}" in out

    def test_a_saved_network_has_the_reported_accuracy(self, run, tmp_path):
        file, trained, tested = (tmp_path / name for name in ("a.npz", "a.json", "b.json"))
        run(
            *(*STROKES, "--epochs", 2, "--activation", "tanh", "--output", "sigmoid"),
            *("--save", file, "--report", trained),
        )
        status, _, _ = run("evaluate", file, "--dataset", "strokes", "--report", tested)
        assert status == 0
        expected, figures = (json.loads(path.read_text()) for path in (trained, tested))
        assert figures["accuracy"] == pytest.approx(expected["test_accuracy"], abs=1e-6)
        assert figures["loss"] == pytest.approx(expected["test_loss"], rel=1e-5)
        confusion = np.array(figures["confusion"])
        assert confusion.shape == (10, 10)
        assert confusion.sum() == 100
        assert confusion.trace() / 100 == pytest.approx(figures["accuracy"])

    def test_a_preset_is_the_starting_point(self, run, tmp_path):
        file = tmp_path / "run.npz"
        run(
            *("train", "--dataset", "mnist", "--preset", "first-steps"),
            *("--epochs", 1, "--lr", 0.01, "--save", file),
        )
        config = load_run(file).config
        preset = preset_named("first-steps")
        assert config.network == preset.network
        assert config.hyperparameters.l2 == preset.hyperparameters.l2
        assert config.hyperparameters.learning_rate == 0.01

    def test_no_hidden_layers(self, run, tmp_path):
        file = tmp_path / "run.npz"
        run(*STROKES, "--hidden", "", "--epochs", 1, "--save", file)
        assert load_run(file).config.network.hidden == ()

    def test_a_target_accuracy_ends_the_run(self, run, tmp_path):
        """The batches of one epoch, all correct except in the first epochs."""
        report = tmp_path / "report.json"
        status, out, _ = run(
            *(*STROKES, "--hidden", "32", "--lr", "0.05", "--epochs", 200),
            *("--target-accuracy", "0.9", "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        assert 1 < figures["epochs"] < 200
        assert figures["steps"] == 4 * figures["epochs"]
        assert "accuracy of 90.00 % is reached" in figures["stopped_because"]
        assert f"Stopped early. {figures['stopped_because']}" in out

    def test_patience_ends_a_run_that_does_not_improve(self, run, tmp_path):
        """With such a low rate the validation accuracy does not change after the first epoch."""
        report = tmp_path / "report.json"
        status, out, _ = run(
            *(*STROKES, "--lr", "1e-9", "--epochs", 50, "--validation", 40),
            *("--patience", 3, "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        assert figures["epochs"] == 4
        assert "not improved for 3 epochs" in figures["stopped_because"]
        assert f"Stopped early. {figures['stopped_because']}" in out

    def test_divergence_is_reported_in_one_line(self, run):
        status, _, err = run(*STROKES, "--lr", "900", "--epochs", 500)
        assert status == 2
        assert "learning rate" in err.splitlines()[-1]
        assert "Traceback" not in err


def test_two_processes_write_the_same_bits(tmp_path, monkeypatch):
    """As a user starts them; they load a small data set from this test's cache."""
    monkeypatch.setattr(strokes, "make_strokes", lambda **_: tiny_dataset(train=600))
    strokes.load_strokes()

    def trained(name, seed, threads):
        command = (
            *(sys.executable, "main.py", *STROKES, "--hidden", "512", "--batch", "256"),
            *("--epochs", "2", "--optimizer", "adam", "--lr", "0.001", "--dropout", "0.2"),
            *("--augment", "--validation", "0.001", "--seed", seed, "--threads", threads),
            *("--save", tmp_path / name),
        )
        subprocess.run(
            [str(word) for word in command], cwd=ROOT, check=True, capture_output=True, timeout=100
        )
        run = load_run(tmp_path / name)
        return run.network.parameters, run.training

    first, training = trained("a.npz", seed=3, threads=1)
    same, training_again = trained("b.npz", seed=3, threads=2)
    np.testing.assert_array_equal(same, first)
    assert not np.array_equal(trained("c.npz", seed=4, threads=1)[0], first)
    assert training.history.keys() == training_again.history.keys()
    for name, values in training.history.items():
        np.testing.assert_array_equal(training_again.history[name], values)


@needs_mnist
def test_real_mnist_is_learned(run, tmp_path):
    report = tmp_path / "report.json"
    status, _, _ = run(
        *("train", "--dataset", "mnist", "--data-dir", FOLDER, "--epochs", 1, "--report", report)
    )
    assert status == 0
    assert json.loads(report.read_text())["test_accuracy"] > 0.93
