"""Finds layers by their names and sizes, however a program names and stores them."""

from itertools import pairwise

import numpy as np
import pytest

from core.errors import NetworkFileError
from core.importing.named_layers import layers_from

RNG = np.random.default_rng(0)
SIZES = (784, 12, 12, 10)
WEIGHTS = [RNG.normal(size=pair).astype(np.float32) for pair in pairwise(SIZES)]
BIASES = [RNG.normal(size=units).astype(np.float32) for units in SIZES[1:]]


def named(weights, biases, is_transposed=False, numbers=(1, 2, 3)):
    arrays = {}
    for number, W, b in zip(numbers, WEIGHTS, BIASES, strict=True):
        arrays[weights.format(number)] = W.T if is_transposed else W
        arrays[biases.format(number)] = b
    return arrays


def assert_found(arrays, layout):
    layers, found = layers_from(arrays)
    assert found == layout
    for layer, W, b in zip(layers, WEIGHTS, BIASES, strict=True):
        np.testing.assert_array_equal(layer.W, W)
        np.testing.assert_array_equal(layer.b, b)
        assert layer.W.dtype == layer.b.dtype == np.float32


@pytest.mark.parametrize(
    ("weights", "biases"),
    [
        ("W{}", "b{}"),
        ("w_{}", "b_{}"),
        ("weights{}", "biases{}"),
        ("fc{}.weight", "fc{}.bias"),
        ("module.layers.{}.weight", "module.layers.{}.bias"),
        ("dense_{}/kernel:0", "dense_{}/bias:0"),
        ("{}.W", "{}.b"),
    ],
)
@pytest.mark.parametrize("is_transposed", [False, True])
def test_names_of_many_programs_in_both_layouts(weights, biases, is_transposed):
    layout = "(out, in)" if is_transposed else "(in, out)"
    assert_found(named(weights, biases, is_transposed), layout)
    backwards = dict(reversed(named(weights, biases, is_transposed).items()))
    assert_found(backwards, layout)


def test_numbers_are_compared_as_numbers():
    assert_found(named("{}.weight", "{}.bias", True, numbers=(2, 9, 10)), "(out, in)")


def test_names_without_numbers_follow_from_the_sizes():
    names = {"hidden1": 1, "hidden2": 2, "classifier": 3}
    arrays = {}
    for name, number in names.items():
        arrays[f"{name}.weight"] = WEIGHTS[number - 1].T
        arrays[f"{name}.bias"] = BIASES[number - 1]
    assert_found(arrays, "(out, in)")


def test_layers_whose_order_is_in_doubt_are_named():
    arrays = named("{}.weight", "{}.bias")
    arrays["twin.weight"], arrays["twin.bias"] = arrays["2.weight"], arrays["2.bias"]
    with pytest.raises(
        NetworkFileError, match=r"'(2|twin)\.weight' and '(2|twin)\.weight'.*Number"
    ):
        layers_from(arrays)


def test_square_weights_alone_are_read_in_one_layout_only():
    """However many are square, the sizes lead from 784 to 10 in one direction only."""
    square = RNG.normal(size=(784, 784)).astype(np.float32)
    last = RNG.normal(size=(10, 784)).astype(np.float32)
    layers, layout = layers_from({"0.weight": square, "2.weight": square, "4.weight": last})
    assert layout == "(out, in)"
    np.testing.assert_array_equal(layers[1].W, square.T)


def test_a_layer_without_biases_has_zeros():
    arrays = {f"{number}.weight": W.T for number, W in enumerate(WEIGHTS)}
    layers, _ = layers_from(arrays)
    assert not any(layer.b.any() for layer in layers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"conv1.weight": np.zeros((8, 1, 3, 3))},
            r"'conv1\.weight' with the shape \(8, 1, 3, 3\)",
        ),
        ({"bn.running_mean": np.zeros(12)}, r"'bn\.running_mean'"),
        ({"norm.bias": np.zeros(12)}, r"biases 'norm\.bias' without weights"),
        ({"norm.weight": np.zeros(12)}, r"'norm\.weight' with the shape \(12,\)"),
        ({"b2": np.zeros(13)}, r"'W2' is for 12 units, but 'b2' has 13 values"),
        ({"W2": np.zeros((12, 13))}, r"do not lead from 784 inputs to 2 to 10 outputs.*\(12, 13\)"),
        ({"W4": np.zeros((10, 10)), "W5": np.zeros((10, 11))}, "do not lead"),
        ({"w1": np.zeros((784, 12))}, "two arrays"),
        ({f"W{n}": np.zeros((12, 12)) for n in range(4, 12)}, "11 layers"),
        ({"W" + "9" * 5000: np.zeros((12, 12))}, "neither the weights"),
    ],
)
def test_what_is_no_such_network_is_named(change, message):
    with pytest.raises(NetworkFileError, match=message):
        layers_from(named("W{}", "b{}") | change)


def test_nothing_is_no_network():
    with pytest.raises(NetworkFileError, match="no weights"):
        layers_from({})
