"""Without onnx, the missing package is reported; with it, the file passes onnx's checker.

tests/proof/test_export.py shows that a runtime predicts the same digits with it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec

import pytest

from core.errors import DigitscopeError
from core.export.onnx_file import write_onnx
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from core.settings.settings_text import read_settings
from tests.core.export.exported import random_network

needs_onnx = pytest.mark.skipif(
    find_spec("onnx") is None, reason="the extra 'export' is not installed: make export"
)


def test_without_the_package_it_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)  # an import of it fails
    with pytest.raises(DigitscopeError, match="make export"):
        write_onnx(tmp_path / "network.onnx", *random_network())
    assert list(tmp_path.iterdir()) == []


@needs_onnx
@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_the_checker_passes_every_activation_and_output(tmp_path, activation, output):
    onnx = import_module("onnx")
    path = tmp_path / "network.onnx"
    write_onnx(path, *random_network((14, 9), (activation,), output))
    onnx.checker.check_model(onnx.load(path), full_check=True)
    assert list(tmp_path.iterdir()) == [path]


@needs_onnx
def test_the_arrays_are_named_and_described(tmp_path):
    onnx = import_module("onnx")
    network, config = random_network((14, 9), ("tanh", "leaky-relu"), "sigmoid", seed=5)
    write_onnx(tmp_path / "network.onnx", network, config)
    model = onnx.load(tmp_path / "network.onnx")
    [pixels], [probabilities] = model.graph.input, model.graph.output
    for value, name, width in ((pixels, "pixels", 784), (probabilities, "probabilities", 10)):
        assert value.name == name
        kind = value.type.tensor_type
        assert kind.elem_type == onnx.TensorProto.FLOAT
        assert [d.dim_param or d.dim_value for d in kind.shape.dim] == ["images", width]
    shapes = {array.name: tuple(array.dims) for array in model.graph.initializer}
    assert shapes == {
        "W1": (784, 14),
        "b1": (14,),
        "W2": (14, 9),
        "b2": (9,),
        "W3": (9, 10),
        "b3": (10,),
    }
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert read_settings(metadata["settings"]) == config
    assert metadata["activations"] == "tanh, leaky-relu"


@needs_onnx
def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DigitscopeError, match=r"nowhere.* could not be written"):
        write_onnx(tmp_path / "nowhere" / "network.onnx", *random_network())
