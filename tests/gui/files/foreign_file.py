"""A network that another program trained, in a file that says little, for tests."""

from functools import cache

import numpy as np
from safetensors.numpy import save_file

from core.network.network import Network
from core.settings.config import NetworkConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

DATA = tiny_dataset()
MEAN, SCALE = 0.1307, 0.3081


@cache
def trained() -> Trainer:
    """Return a trainer whose network knows the small data set; nobody trains it further."""
    trainer = make_trainer(network=NetworkConfig((16, 8), ("tanh",)), batch_size=20)
    return run(trainer, 40)


def save_as_torch(path, network: Network) -> None:
    """Write it as PyTorch would, had it been fed pixels less a mean and divided by a scale."""
    arrays = {}
    for number, layer in enumerate(network.layers):
        W, b = layer.W.astype(np.float64), layer.b.astype(np.float64)
        if not number:
            W, b = W * SCALE, b + MEAN * W.sum(axis=0)
        arrays[f"{2 * number}.weight"] = np.ascontiguousarray(W.T, np.float32)
        arrays[f"{2 * number}.bias"] = b.astype(np.float32)
    save_file(arrays, path)


def assert_same(network: Network, other: Network) -> None:
    """Check that two networks are equal, but for rounding."""
    assert (network.sizes, network.activations) == (other.sizes, other.activations)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-5, atol=1e-6)
