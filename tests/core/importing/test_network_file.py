"""Reads networks from files, and says what is wrong with those that hold none."""

import json
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.errors import ConfigError, DigitscopeError, NetworkFileError
from core.export.safetensors_file import write_safetensors
from core.importing.foreign_network import ForeignNetwork, as_network, network_config
from core.importing.network_file import read_network_file
from core.network.layers import Parameters
from core.saving.run_file import save_run
from core.training.saved_run import SavedRun
from tests.core.export.exported import random_network

IMAGES = np.random.default_rng(1).integers(0, 256, (50, 784), np.uint8)


def torch_arrays(network, dtype=np.float32):
    """What the state dict of an nn.Sequential of Linear and activation modules holds."""
    arrays = {}
    for number, layer in enumerate(network.layers):
        arrays[f"{2 * number}.weight"] = np.ascontiguousarray(layer.W.T, dtype)
        arrays[f"{2 * number}.bias"] = layer.b.astype(dtype)
    return arrays


def safetensors_of(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def test_an_export_comes_back_with_all_that_describes_it(tmp_path):
    network, config = random_network((14, 9), ("tanh", "leaky-relu"), "sigmoid")
    write_safetensors(tmp_path / "network.safetensors", network, config)
    foreign = read_network_file(tmp_path / "network.safetensors")
    assert foreign.activations == ("tanh", "leaky-relu")
    assert foreign.output == "sigmoid"
    again = as_network(foreign)
    np.testing.assert_array_equal(again.parameters, network.parameters)
    assert again.activations == network.activations


def test_an_export_without_hidden_layers(tmp_path):
    network, config = random_network(())
    write_safetensors(tmp_path / "network.safetensors", network, config)
    foreign = read_network_file(tmp_path / "network.safetensors")
    assert foreign.activations == ()
    np.testing.assert_array_equal(as_network(foreign).parameters, network.parameters)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_pytorch_layout_in_every_precision(tmp_path, dtype):
    network, _ = random_network((14, 9), ("tanh",))
    save_file(torch_arrays(network, dtype), tmp_path / "network.safetensors")
    foreign = read_network_file(tmp_path / "network.safetensors")
    assert (foreign.activations, foreign.output) == (None, None)
    again = as_network(foreign, ("tanh",))
    np.testing.assert_array_equal(again.parameters, network.parameters.astype(dtype))


def test_bfloat16(tmp_path):
    """Its bits are the upper half of a float32's."""
    network, _ = random_network(())
    W = network.layers[0].W
    upper = (np.ascontiguousarray(W).view("<u4") >> 16).astype("<u2")
    entry = {"dtype": "BF16", "shape": [784, 10], "data_offsets": [0, upper.nbytes]}
    path = safetensors_of(tmp_path / "network.safetensors", {"W": entry}, upper.tobytes())
    [layer] = read_network_file(path).layers
    np.testing.assert_allclose(layer.W, W, rtol=2**-7)
    np.testing.assert_array_equal(layer.W.view("<u4") & 0xFFFF, 0)


@pytest.mark.parametrize("is_named", [True, False])
def test_numpy_arrays_with_names_or_in_order(tmp_path, is_named):
    """As `savez(path, *model.get_weights())` in Keras, or by column, as of a transpose."""
    network, _ = random_network((14, 9))
    if is_named:
        arrays = {}
        for number, layer in enumerate(network.layers, start=1):
            arrays[f"W{number}"], arrays[f"b{number}"] = np.asfortranarray(layer.W), layer.b
        np.savez(tmp_path / "network.npz", **arrays)
    else:
        np.savez(tmp_path / "network.npz", *(a for l in network.layers for a in (l.W, l.b)))
    foreign = read_network_file(tmp_path / "network.npz")
    np.testing.assert_array_equal(as_network(foreign, ("relu",)).parameters, network.parameters)


def test_the_content_counts_and_not_the_name(tmp_path):
    network, config = random_network()
    write_safetensors(tmp_path / "network.npz", network, config)
    assert read_network_file(tmp_path / "network.npz").sizes == network.sizes


@pytest.mark.parametrize(("mean", "scale"), [(0.1307, 0.3081), (1.0, -1.0), (0.0, 1 / 255)])
def test_mean_and_scale_are_folded_into_the_first_layer(mean, scale):
    network, _ = random_network((14, 9), ("tanh",))
    layers = tuple(Parameters(layer.W, layer.b) for layer in network.layers)
    folded = as_network(ForeignNetwork(layers, ("tanh", "tanh"), None, ""), mean=mean, scale=scale)
    x = IMAGES / 255
    first, ours = network.layers[0], folded.layers[0]
    theirs = (x - mean) / scale @ first.W.astype(np.float64) + first.b
    np.testing.assert_allclose(x @ ours.W.astype(np.float64) + ours.b, theirs, rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(ours.W, (first.W.astype(np.float64) / scale).astype(np.float32))
    np.testing.assert_array_equal(folded.layers[1].W, network.layers[1].W)


@pytest.mark.parametrize(
    ("mean", "scale", "message"),
    [
        (0.0, 0.0, "not possible"),
        (float("nan"), 1.0, "not possible"),
        (0.0, float("inf"), "not possible"),
        (0.0, 1e-45, "too large for 32 bits"),
        (1e300, 1.0, "too large for 32 bits"),
    ],
)
def test_a_mean_or_scale_that_is_not_possible(mean, scale, message):
    network, _ = random_network(())
    foreign = ForeignNetwork(network.layers, (), None, "")
    with pytest.raises(ConfigError, match=message):
        as_network(foreign, mean=mean, scale=scale)


def test_activations_are_asked_for_where_the_file_does_not_say():
    network, _ = random_network((14, 9))
    silent = ForeignNetwork(network.layers, None, None, "")
    with pytest.raises(ConfigError, match=r"which activations.*each of 2; relu, leaky-relu"):
        network_config(silent)
    assert network_config(silent, ("tanh",)).layer_activations == ("tanh", "tanh")
    assert network_config(silent, ("tanh",)).output == "softmax"
    with pytest.raises(ConfigError, match="3 activations do not fit 2"):
        network_config(silent, ("tanh", "relu", "relu"))


def test_nothing_may_contradict_the_file():
    network, _ = random_network((14, 9))
    foreign = ForeignNetwork(network.layers, ("relu", "tanh"), "sigmoid", "")
    assert network_config(foreign, ("relu", "tanh"), "sigmoid").output == "sigmoid"
    with pytest.raises(ConfigError, match="are relu, tanh, as the file says, not relu, relu"):
        network_config(foreign, ("relu",))
    with pytest.raises(ConfigError, match="is sigmoid, as the file says, not softmax"):
        network_config(foreign, None, "softmax")


class Program:
    """Opening its pickle creates a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("name", ["m.pt", "m.PTH", "m.bin", "m.pkl", "m.safetensors", "m.npz", "m"])
@pytest.mark.parametrize("protocol", range(2, 6))
def test_pickles_are_named_and_never_opened(tmp_path, name, protocol):
    trap = tmp_path / "trap"
    (tmp_path / name).write_bytes(pickle.dumps(Program(trap), protocol))
    with pytest.raises(NetworkFileError, match=r"a pickle.*safetensors"):
        read_network_file(tmp_path / name)
    assert not trap.exists()


@pytest.mark.parametrize(
    ("member", "message"),
    [("archive/data.pkl", "PyTorch.*save_file"), ("model.weights.h5", "Keras.*get_weights")],
)
def test_archives_of_pytorch_and_keras_are_named(tmp_path, member, message):
    with zipfile.ZipFile(tmp_path / "network", "w") as archive:
        archive.writestr(member, b"\x80\x02.")
    with pytest.raises(NetworkFileError, match=message):
        read_network_file(tmp_path / "network")


def test_hdf5_is_named(tmp_path):
    (tmp_path / "network").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(NetworkFileError, match=r"HDF5.*get_weights"):
        read_network_file(tmp_path / "network")


def test_arrays_of_objects_are_not_opened(tmp_path):
    trap = tmp_path / "trap"
    np.savez(tmp_path / "network.npz", W1=np.array([Program(trap)], object))
    with pytest.raises(NetworkFileError, match="unknown header"):
        read_network_file(tmp_path / "network.npz")
    assert not trap.exists()


def test_a_run_of_this_app_needs_no_import(tmp_path):
    network, config = random_network()
    save_run(tmp_path / "run.npz", SavedRun(config, network))
    with pytest.raises(NetworkFileError, match=r"a run of this app.*open it"):
        read_network_file(tmp_path / "run.npz")


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_weights_that_are_no_numbers_in_32_bits(tmp_path, value):
    network, _ = random_network(())
    arrays = torch_arrays(network, np.float64)
    arrays["0.weight"][3, 5] = value
    save_file(arrays, tmp_path / "network.safetensors")
    with pytest.raises(NetworkFileError, match="NaN, infinite, or too large"):
        read_network_file(tmp_path / "network.safetensors")


def test_names_that_other_programs_use_in_metadata(tmp_path):
    network, _ = random_network((14, 9))
    metadata = {"activations": "LeakyReLU,Linear", "author": "somebody"}
    save_file(torch_arrays(network), tmp_path / "network.safetensors", metadata)
    foreign = read_network_file(tmp_path / "network.safetensors")
    assert (foreign.activations, foreign.output) == (("leaky-relu", "identity"), None)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"activations": "gelu, relu"}, "activation 'gelu', which this app lacks"),
        ({"activations": "relu, relu, relu"}, "784-14-9-10.*3 activations do not fit"),
        ({"output": "argmax"}, "output is 'argmax'"),
        ({"activations": "\x1b[2J"}, "activation '�"),
    ],
)
def test_metadata_that_this_app_cannot_follow(tmp_path, metadata, message):
    network, _ = random_network((14, 9))
    save_file(torch_arrays(network), tmp_path / "network.safetensors", metadata)
    with pytest.raises(NetworkFileError, match=message):
        read_network_file(tmp_path / "network.safetensors")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b'{"W":', "damaged .*header"),
        (b"{" + b'"a":{' * 5000, "damaged .*header"),
        ({}, "damaged"),
        ({"W": {"dtype": "F32", "shape": [784, 10], "data_offsets": [0, 31360]}}, "damaged"),
        ({"W": {"dtype": "F32", "shape": [2**62, 8], "data_offsets": [0, 16]}}, "damaged"),
        ({"W": {"dtype": "F32", "shape": [0, 2**60], "data_offsets": [0, 0]}}, "damaged|empty"),
        ({"W": {"dtype": "I32", "shape": [2, 2], "data_offsets": [0, 16]}}, "'W' has the type I32"),
        ({"W": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}, "do not lead"),
    ],
)
def test_damaged_safetensors(tmp_path, header, message):
    path = safetensors_of(tmp_path / "network.safetensors", header, bytes(16))
    with pytest.raises(NetworkFileError, match=message):
        read_network_file(path)


@pytest.mark.parametrize(
    "content", [b"x", b"hello, world, and some more", bytes(100), b"PK\x03\x04"]
)
def test_what_is_no_network_is_said(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(
        NetworkFileError, match=r"not a file that can be imported|written in another way"
    ):
        read_network_file(tmp_path / "file")


@pytest.mark.parametrize("kind", ["missing", "empty", "folder", "pipe"])
def test_what_cannot_be_opened_is_said(tmp_path, kind):
    path = tmp_path / "network.safetensors"
    if kind == "empty":
        path.touch()
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(DigitscopeError, match="could not be opened"):
        read_network_file(path)
