import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from core.errors import DigitscopeError
from core.export.safetensors_file import write_safetensors
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.settings.settings_text import read_settings
from tests.core.export.exported import random_network


@pytest.mark.parametrize("hidden", [(), (14, 9), (1_024,)])
def test_every_array_is_restored(tmp_path, hidden):
    """The weights of 1,024 units are stored by column."""
    network, config = random_network(hidden)
    path = tmp_path / "network.safetensors"
    write_safetensors(path, network, config)
    arrays = load_file(path)
    assert len(arrays) == 2 * len(network.layers)
    for number, layer in enumerate(network.layers, start=1):
        for name, array in ((f"W{number}", layer.W), (f"b{number}", layer.b)):
            assert arrays[name].dtype == np.float32
            np.testing.assert_array_equal(arrays[name], array)
    assert list(tmp_path.iterdir()) == [path]


def test_the_metadata_describes_the_network(tmp_path):
    network, config = random_network((14, 9), ("tanh", "leaky-relu"), "sigmoid", seed=5)
    write_safetensors(tmp_path / "network.safetensors", network, config)
    with safe_open(tmp_path / "network.safetensors", "numpy") as file:
        metadata = file.metadata()
    assert read_settings(metadata.pop("settings")) == config
    assert metadata == {
        "sizes": "784-14-9-10",
        "activations": "tanh, leaky-relu",
        "output": "sigmoid",
        "layout": "digitscope",
        "classes": json.dumps(list("0123456789")),
    }


@pytest.mark.parametrize("hidden", [(), (14, 9), (1_024,)])
def test_the_layout_of_pytorch_is_the_transpose(tmp_path, hidden):
    network, config = random_network(hidden, ("elu", "tanh")[: len(hidden)] or ("relu",))
    path = tmp_path / "network.safetensors"
    write_safetensors(path, network, config, "torch")
    arrays = load_file(path)
    assert len(arrays) == 2 * len(network.layers)
    for number, layer in enumerate(network.layers):
        np.testing.assert_array_equal(arrays[f"{2 * number}.weight"], layer.W.T)
        np.testing.assert_array_equal(arrays[f"{2 * number}.bias"], layer.b)
        assert arrays[f"{2 * number}.weight"].dtype == np.float32


def test_the_layout_of_pytorch_says_how_to_build_the_model(tmp_path):
    network, config = random_network((14, 9), ("elu", "leaky-relu"))
    write_safetensors(tmp_path / "network.safetensors", network, config, "torch")
    with safe_open(tmp_path / "network.safetensors", "numpy") as file:
        metadata = file.metadata()
    assert metadata["layout"] == "torch"
    assert metadata["model"] == (
        "torch.nn.Sequential(torch.nn.Linear(784, 14), torch.nn.ELU(1.0), torch.nn.Linear(14, 9), "
        "torch.nn.LeakyReLU(0.01), torch.nn.Linear(9, 10))"
    )


@pytest.mark.parametrize("hidden", [(), (6,), (6, 5, 4)])
def test_the_settings_are_those_of_a_network_that_was_changed_live(tmp_path, hidden):
    _, config = random_network((14, 9), ("tanh", "relu"))
    now = NetworkConfig(hidden, ("sigmoid",), "sigmoid")
    write_safetensors(tmp_path / "network.safetensors", Network.from_config(now), config)
    with safe_open(tmp_path / "network.safetensors", "numpy") as file:
        settings = read_settings(file.metadata()["settings"])
    expected = replace(now, activations=settings.network.activations) if not hidden else now
    assert settings == replace(config, network=expected)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DigitscopeError, match=r"nowhere.* could not be written"):
        write_safetensors(tmp_path / "nowhere" / "network.safetensors", *random_network())
