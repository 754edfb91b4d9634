import numpy as np
import pytest

from core.network.initialization import initialize
from core.network.network import Network
from core.settings.config import INITIALIZATION_NAMES, NetworkConfig
from tests.core.training.small_runs import make_trainer, run


def initialized(seed=0, **settings):
    config = NetworkConfig(hidden=(200, 100), **settings)
    network = Network(config.sizes, dtype=np.float64)
    network.parameters[:] = np.nan
    initialize(network, config, np.random.default_rng(seed))
    return network


def test_the_constant_scale_is_the_same_in_every_layer():
    """The standard deviation of N draws is off by 1/√(2N): 2 % for the 1,000 of the last layer."""
    for layer in initialized(initialization="constant", initial_scale=0.03).layers:
        assert layer.W.std() == pytest.approx(0.03, rel=0.1)
        assert abs(layer.W.mean()) < 5 * 0.03 / np.sqrt(layer.W.size)


@pytest.mark.parametrize(
    ("name", "variances"),
    [
        # 2 / fan_in
        ("he", [2 / 784, 2 / 200, 2 / 100]),
        # 2 / (fan_in + fan_out)
        ("glorot", [2 / 984, 2 / 300, 2 / 110]),
        ("zeros", [0, 0, 0]),
    ],
)
def test_each_layer_has_its_scale(name, variances):
    """The same draws as with a constant scale of 1, times the layer's own."""
    draws = initialized(initialization="constant", initial_scale=1.0).layers
    layers = initialized(initialization=name).layers
    for layer, drawn, variance in zip(layers, draws, variances, strict=True):
        np.testing.assert_allclose(layer.W, drawn.W * np.sqrt(variance), rtol=1e-12)


@pytest.mark.parametrize("name", INITIALIZATION_NAMES)
def test_biases_begin_at_zero(name):
    for layer in initialized(initialization=name).layers:
        assert not layer.b.any()


def test_seed_decides_the_weights():
    np.testing.assert_array_equal(initialized(1).parameters, initialized(1).parameters)
    assert (initialized(1).layers[0].W != initialized(2).layers[0].W).mean() > 0.99


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky-relu"])
@pytest.mark.parametrize("initialization", ["zeros", "constant"])
def test_equal_weights_stay_equal_for_ever(activation, initialization):
    """From zero weights all units of a hidden layer stay equal; from random weights none do.

    Equal except for the last bits: the order of summation in a product depends on the column.
    """
    network = NetworkConfig(
        hidden=(6, 5),
        activations=(activation,),
        initialization=initialization,
        initial_scale=0.1,
    )
    trainer = run(make_trainer(network=network, learning_rate=0.5, dtype=np.float64), 12)
    for layer in trainer.network.layers[:-1]:
        spread = np.ptp(layer.W, axis=1).max()
        if initialization == "zeros":
            assert spread <= 1e-12 * max(1.0, np.abs(layer.W).max())
        else:
            assert spread > 1e-3


def test_from_zero_weights_relu_learns_only_the_output_biases():
    """All units are inactive, so they pass on neither a gradient nor a signal."""
    network = NetworkConfig(hidden=(6, 5), initialization="zeros")
    trainer = run(make_trainer(network=network, learning_rate=0.5), 12)
    *hidden, output = trainer.network.layers
    assert not output.W.any()
    assert output.b.all()
    for layer in hidden:
        assert not layer.W.any()
        assert not layer.b.any()
