"""How the weights begin. Biases begin at zero."""

from __future__ import annotations

import math

import numpy as np

from core.config import NetworkConfig
from core.network import Network


def initialize(network: Network, config: NetworkConfig, rng: np.random.Generator) -> None:
    """Overwrite all parameters of `network` with fresh random weights and zero biases.

    Every weight is drawn from N(0, s²). ``"he"`` takes s = √(2 / fan_in), which keeps the size of
    the signal from layer to layer under ReLU (He et al. 2015, "Delving Deep into Rectifiers",
    equation 10); ``"constant"`` takes s = ``config.initial_scale`` whatever the layer.
    """
    for layer in network.layers:
        he = config.initialization == "he"
        s = math.sqrt(2 / len(layer.W)) if he else config.initial_scale
        layer.W[...] = rng.standard_normal(layer.W.shape) * s
        layer.b[...] = 0
