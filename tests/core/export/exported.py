"""A network to export, with the configuration that describes it."""

import numpy as np

from core.network.network import Network
from core.settings.config import ActivationName, NetworkConfig, OutputName, RunConfig


def random_network(
    hidden: tuple[int, ...] = (14, 9),
    activations: tuple[ActivationName, ...] = ("relu",),
    output: OutputName = "softmax",
    seed: int = 0,
) -> tuple[Network, RunConfig]:
    """Return a network whose units are neither dead nor saturated, biases included."""
    config = RunConfig(network=NetworkConfig(hidden, activations, output), seed=seed)
    network = Network.from_config(config.network)
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        layer.W[...] = rng.normal(0, 2 / np.sqrt(len(layer.W)), layer.W.shape)
        layer.b[...] = rng.normal(0, 0.5, layer.b.shape)
    return network, config
