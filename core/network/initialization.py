"""How the weights begin. Biases begin at zero."""

from __future__ import annotations

import math

import numpy as np

from core.network.network import Network
from core.settings.config import NetworkConfig


def initialize(network: Network, config: NetworkConfig, rng: np.random.Generator) -> None:
    """Overwrite all parameters of `network` with fresh random weights and zero biases."""
    for layer in network.layers:
        s = standard_deviation(config, *layer.W.shape)
        layer.W[...] = rng.standard_normal(layer.W.shape) * s
        layer.b[...] = 0


def standard_deviation(config: NetworkConfig, fan_in: int, fan_out: int) -> float:
    """Return the s of N(0, s²), from which a layer's weights are drawn.

    ``"he"`` takes √(2 / fan_in), which keeps the size of the signal from layer to layer under ReLU
    (He et al. 2015, "Delving Deep into Rectifiers", equation 10); ``"glorot"`` takes
    √(2 / (fan_in + fan_out)), which does so under tanh, for the signal and for the gradient (Glorot
    and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
    equation 12); ``"constant"`` takes ``config.initial_scale`` whatever the layer; and with
    ``"zeros"`` all units of a layer stay the same for ever, as nothing ever tells them apart.
    """
    if config.initialization == "he":
        return math.sqrt(2 / fan_in)
    if config.initialization == "glorot":
        return math.sqrt(2 / (fan_in + fan_out))
    return config.initial_scale if config.initialization == "constant" else 0.0
