"""`main.py import`: a network that another program trained becomes a run."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core.importing.foreign_network import as_network
from core.importing.network_file import read_network_file
from core.saving.run_file import load_run
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.export.exported import random_network
from tests.core.importing.test_network_file import torch_arrays


@pytest.fixture
def network():
    return random_network((14, 9), ("tanh",))[0]


@pytest.fixture
def file(tmp_path, network):
    """As PyTorch writes it, without a word on activations."""
    save_file(torch_arrays(network), tmp_path / "theirs.safetensors")
    return tmp_path / "theirs.safetensors"


def test_a_network_of_pytorch_is_evaluated(run, small_data, tmp_path, file, network):
    target = tmp_path / "ours.npz"
    status, out, _ = run("import", file, target, "--activation", "tanh")
    assert status == 0
    assert "theirs.safetensors (safetensors, weights as (out, in)): 784-14-9-10" in out
    assert "with tanh, tanh, softmax\n" in out
    assert "softmax is assumed" in out
    assert "pixels from 0 (background) to 1 (ink)" in out
    saved = load_run(target)
    np.testing.assert_array_equal(saved.network.parameters, network.parameters)
    assert saved.training is None
    assert run("evaluate", target, "--dataset", "mnist")[0] == 0


def test_the_report_says_what_was_read(run, tmp_path, file):
    options = ("--activation", "Tanh,leaky_relu", "--mean", "0.1307", "--scale", "0.3081")
    report = tmp_path / "report.json"
    status, out, _ = run("import", file, tmp_path / "ours.npz", *options, "--report", report)
    assert status == 0
    assert "(pixels - 0.1307) / 0.3081" in out
    assert json.loads(report.read_text("utf-8")) == {
        "source": "safetensors, weights as (out, in)",
        "sizes": [784, 14, 9, 10],
        "activations": ["tanh", "leaky-relu"],
        "output": "softmax",
        "output_assumed": True,
        "mean": 0.1307,
        "scale": 0.3081,
        "classes": list("0123456789"),
    }
    expected = as_network(read_network_file(file), ("tanh", "leaky-relu"), None, 0.1307, 0.3081)
    found = load_run(tmp_path / "ours.npz").network
    np.testing.assert_array_equal(found.parameters, expected.parameters)


@pytest.mark.parametrize("layout", ["digitscope", "torch"])
def test_what_is_exported_again_is_the_same(run, tmp_path, file, layout):
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    assert run("import", file, first, "--activation", "elu", "--output", "sigmoid")[0] == 0
    exported = tmp_path / "ours.safetensors"
    assert run("export", first, exported, "--layout", layout)[0] == 0
    status, out, _ = run("import", exported, second)
    assert status == 0
    assert "assumed" not in out
    assert first.read_bytes() == second.read_bytes()
    if layout == "torch":
        theirs, ours = load_file(file), load_file(exported)
        assert theirs.keys() == ours.keys()
        for name, array in theirs.items():
            np.testing.assert_array_equal(ours[name], array)


def test_activations_are_asked_for(run, tmp_path, file):
    outcome = run("import", file, tmp_path / "ours.npz")
    assert_one_line(outcome, "which activations its hidden layers have")
    assert not (tmp_path / "ours.npz").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--activation", "gelu"), "gelu"),
        (("--activation", "tanh", "--scale", "0"), "scale of 0"),
        (("--activation", "tanh", "--mean", "nan"), "mean of nan"),
        (("--activation", "tanh", "--output", "argmax"), "argmax"),
        (("--activation", "tanh", "--mean", "x"), "--mean"),
    ],
)
def test_bad_options(run, tmp_path, file, options, says):
    assert_one_line(run("import", file, tmp_path / "ours.npz", *options), says)
    assert not (tmp_path / "ours.npz").exists()


def test_the_file_itself_is_not_overwritten(run, file):
    before = file.read_bytes()
    assert_one_line(run("import", file, file, "--activation", "tanh"), "named twice")
    assert file.read_bytes() == before


def test_a_pickle_is_not_opened(run, tmp_path):
    (tmp_path / "model.pt").write_bytes(b"\x80\x02.")
    assert_one_line(run("import", tmp_path / "model.pt", tmp_path / "ours.npz"), "save_file")
