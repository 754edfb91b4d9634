import csv
from importlib.util import find_spec

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.saving.run_file import load_run
from core.settings.settings_text import read_settings
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.digits import tiny_dataset


@pytest.fixture
def train(monkeypatch, run, tmp_path):
    """Return a function that saves a run of 14 steps with these options, and returns its file."""
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())

    def train(*options):
        file = tmp_path / "run.npz"
        shape = ("--dataset", "strokes", "--hidden", "12", "--batch", "30", "--epochs", "2")
        status, _, _ = run("train", *shape, "--save", file, *options)
        assert status == 0
        return file

    return train


def test_curves(run, train, tmp_path):
    file, target = train(), tmp_path / "curves.csv"
    status, out, _ = run("export", file, target)
    assert status == 0
    assert str(target) in out
    with target.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["batch_loss"]]
    history = load_run(file).training.history
    assert len(rows) == 14
    losses = np.array([row["batch_loss"] for row in rows], np.float32)
    np.testing.assert_array_equal(losses, history["batch_loss"])
    assert np.float32(rows[-1]["test_accuracy"]) == history["test_accuracy"][-1]


def test_weights(run, train, tmp_path):
    file = train()
    assert run("export", file, tmp_path / "network.safetensors")[0] == 0
    arrays = load_file(tmp_path / "network.safetensors")
    for number, layer in enumerate(load_run(file).network.layers, start=1):
        np.testing.assert_array_equal(arrays[f"W{number}"], layer.W)


def test_weights_in_the_layout_of_pytorch(run, train, tmp_path):
    file, target = train(), tmp_path / "network.safetensors"
    assert run("export", file, target, "--layout", "torch")[0] == 0
    arrays = load_file(target)
    for number, layer in enumerate(load_run(file).network.layers):
        np.testing.assert_array_equal(arrays[f"{2 * number}.weight"], layer.W.T)


def test_only_safetensors_have_a_layout(run, train, tmp_path):
    outcome = run("export", train(), tmp_path / "curves.csv", "--layout", "torch")
    assert_one_line(outcome, "--layout is how a '.safetensors' file")
    assert not (tmp_path / "curves.csv").exists()


@pytest.mark.parametrize("name", ["settings.toml", "SETTINGS.TOML"])
def test_settings(run, train, tmp_path, name):
    file = train("--optimizer", "adam", "--lr", "0.01")
    assert run("export", file, tmp_path / name)[0] == 0
    assert read_settings((tmp_path / name).read_text("utf-8")) == load_run(file).config


def test_the_network_as_onnx(run, train, tmp_path):
    """Written with the optional packages, and reported without them."""
    outcome = run("export", train(), tmp_path / "network.onnx")
    if find_spec("onnx") is None:
        assert_one_line(outcome, "make export")
    else:
        assert outcome[0] == 0
    assert (tmp_path / "network.onnx").exists() == (outcome[0] == 0)


def test_a_run_of_weights_alone_has_no_curves(run, train, tmp_path):
    file = train("--weights-only")
    assert_one_line(run("export", file, tmp_path / "curves.csv"), "no curves")
    assert run("export", file, tmp_path / "network.safetensors")[0] == 0


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.npz"])
def test_a_name_without_a_known_extension(run, train, tmp_path, name):
    file = train()
    assert_one_line(run("export", file, tmp_path / name), ".csv, .onnx, .safetensors, .toml")
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_is_reported(run, train, tmp_path):
    assert_one_line(run("export", train(), tmp_path / "nowhere" / "curves.csv"), "nowhere")


def test_a_missing_file_is_reported(run, tmp_path):
    assert_one_line(run("export", tmp_path / "nowhere.npz", tmp_path / "a.csv"), "nowhere.npz")
    assert_one_line(run("export", tmp_path / "nowhere.npz"), "OUT")
