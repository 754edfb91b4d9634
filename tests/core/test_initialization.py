import numpy as np
import pytest

from core.config import NetworkConfig
from core.initialization import initialize
from core.network import Network


def initialized(seed=0, **settings):
    config = NetworkConfig(hidden=(200, 100), **settings)
    network = Network(config.sizes)
    network.parameters[:] = np.nan
    initialize(network, config, np.random.default_rng(seed))
    return network


def test_he_scales_with_the_fan_in():
    for layer in initialized(initialization="he").layers:
        assert layer.W.std() == pytest.approx(np.sqrt(2 / len(layer.W)), rel=0.1)
        assert not layer.b.any()


def test_constant_scale_is_the_same_in_every_layer():
    for layer in initialized(initialization="constant", initial_scale=0.03).layers:
        assert layer.W.std() == pytest.approx(0.03, rel=0.1)
        assert not layer.b.any()


def test_seed_decides_the_weights():
    np.testing.assert_array_equal(initialized(1).parameters, initialized(1).parameters)
    assert (initialized(1).layers[0].W != initialized(2).layers[0].W).mean() > 0.99
