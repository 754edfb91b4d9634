"""``train --from``: a run that begins with the network of a file."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import save_file

from core.export.safetensors_file import write_safetensors
from core.saving.run_file import load_run, save_run
from core.settings.config import NetworkConfig, RunConfig
from core.training.saved_run import BestNetwork, SavedRun
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.digits import tiny_dataset
from tests.core.export.exported import random_network

pytestmark = pytest.mark.usefixtures("small_data")

CONFIG = RunConfig(
    "mnist", NetworkConfig((12, 7), ("tanh", "leaky-relu"), "sigmoid", "glorot"), seed=3
)
TRAIN = ("train", "--dataset", "strokes", "--epochs", "1", "--batch", "50")


@pytest.fixture
def network():
    return random_network((12, 7), ("tanh", "leaky-relu"), "sigmoid")[0]


@pytest.fixture
def file(tmp_path, network):
    """A saved run of that network."""
    path = tmp_path / "before.npz"
    save_run(path, SavedRun(CONFIG, network))
    return path


def test_a_run_begins_with_the_network_of_a_saved_run(run, tmp_path, monkeypatch, file, network):
    saved, report = tmp_path / "run.npz", tmp_path / "report.json"
    status, out, _ = run(*TRAIN, "--from", file, "--save", saved, "--report", report)
    assert status == 0
    assert "begins with the weights of before.npz" in out
    found = load_run(saved)
    assert found.config.network.sizes == network.sizes
    assert found.config.network.layer_activations == network.activations
    assert found.config.network.output == "sigmoid"
    assert_array_equal(found.start.network.parameters, network.parameters)
    assert not np.array_equal(found.network.parameters, network.parameters)
    assert json.loads(report.read_text())["from"] == "before.npz"
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    status, out, _ = run("replay", saved)
    assert status == 0
    assert "the same bits" in out


def test_it_begins_with_the_best_network_where_patience_ended_the_run(run, tmp_path, network):
    best, of_best = random_network((5,), output="sigmoid")
    config = replace(CONFIG, validation=40)
    found = BestNetwork(best, of_best.network, 3, 1, 0.5, None)
    saved = tmp_path / "run.npz"
    save_run(saved, SavedRun(config, network, best=found, ended_by_patience=True))
    run(*TRAIN, "--from", saved, "--save", tmp_path / "next.npz")
    assert_array_equal(load_run(tmp_path / "next.npz").start.network.parameters, best.parameters)


def test_a_run_begins_with_an_exported_network_that_describes_itself(run, tmp_path, network):
    file, saved = tmp_path / "mine.safetensors", tmp_path / "run.npz"
    write_safetensors(file, network, CONFIG)
    agreeing = ("--hidden", "12,7", "--activation", "tanh,leaky-relu", "--output", "sigmoid")
    for options in ((), agreeing):
        status, _, err = run(*TRAIN, "--from", file, "--save", saved, *options)
        assert status == 0, err
        assert_array_equal(load_run(saved).start.network.parameters, network.parameters)


def test_what_the_file_does_not_say_is_asked_for(run, tmp_path, network):
    file, saved = tmp_path / "torch.safetensors", tmp_path / "run.npz"
    arrays = {}
    for number, layer in enumerate(network.layers):
        arrays[f"{2 * number}.weight"] = np.ascontiguousarray(layer.W.T)
        arrays[f"{2 * number}.bias"] = layer.b
    save_file(arrays, file)
    result = run(*TRAIN, "--from", file)
    assert_one_line(result, "Say so with --activation: one for all, or one for each of 2")
    run(*TRAIN, "--from", file, "--activation", "elu", "--save", saved)
    begun = load_run(saved).start
    assert begun.network.activations == ("elu", "elu")
    assert begun.network.output == "softmax"
    assert_array_equal(begun.network.parameters, network.parameters)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--hidden", "12,8"),
        ("--hidden", ""),
        ("--activation", "tanh"),
        ("--activation", "tanh,relu"),
        ("--output", "softmax"),
        ("--init", "he"),
        ("--init-scale", "0.1"),
    ],
)
@pytest.mark.parametrize("kind", ["npz", "safetensors"])
def test_an_option_that_contradicts_the_file_is_refused(
    run, tmp_path, network, file, option, value, kind
):
    if kind == "safetensors":
        file = tmp_path / "mine.safetensors"
        write_safetensors(file, network, CONFIG)
    saved = tmp_path / "run.npz"
    result = run(*TRAIN, "--from", file, "--save", saved, option, value)
    assert_one_line(result, f"{option} contradicts --from")
    assert "784-12-7-10" in result[2]
    assert not saved.exists()


def test_a_resumed_run_begins_nowhere_else(run, tmp_path, file):
    result = run("train", "--resume", file, "--epochs", "1", "--from", file)
    assert_one_line(result, "--from cannot be used with --resume")


def test_a_file_that_holds_no_network_is_refused(run, tmp_path):
    for name, content, reason in (
        ("notes.txt", b"none", "not a file that can be imported"),
        ("model.pt", b"\x80\x02", "pickle"),
        ("missing.npz", None, "could not be opened"),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        assert_one_line(run(*TRAIN, "--from", tmp_path / name), reason)


def test_the_file_to_begin_with_is_not_overwritten(run, file):
    before = file.read_bytes()
    assert_one_line(run(*TRAIN, "--from", file, "--save", file), "named twice")
    assert file.read_bytes() == before


def test_the_learning_rate_test_begins_with_it_too(run, tmp_path, file):
    report = tmp_path / "rates.json"
    status, *_ = run("lr-test", "--dataset", "strokes", "--from", file, "--report", report)
    assert status == 0
    assert json.loads(report.read_text())["network"] == "784-12-7-10"
