"""A network's weights as the arrays ``W1, b1, W2, b2, …`` in a file."""

from __future__ import annotations

import zipfile

import numpy as np

from core.arrays import Floats
from core.errors import RunFileError
from core.files.npz import read_array
from core.network.layers import Parameters, layer_views, parameter_count
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.wording import numeral


def check_size(size: int, network: NetworkConfig, vectors: int) -> None:
    """Check that a file is large enough for a network before memory is allocated for it.

    Parameters
    ----------
    size
        Of the file, in bytes.
    network
        The network that it should hold.
    vectors
        How many values it must hold per parameter: the parameter, and the optimizer's state.

    Raises
    ------
    RunFileError
        If it is too small.
    """
    needed = 4 * vectors * parameter_count(network.sizes)
    if size < needed:
        raise RunFileError(
            f"it has {numeral(size)} bytes, but the weights of {network} alone need "
            f"{numeral(needed)}; "
            "it was probably cut short."
        )


def read_network(archive: zipfile.ZipFile, config: NetworkConfig, prefix: str = "") -> Network:
    """Read the weights and biases of a network whose size was checked.

    `prefix` is that of the names of its arrays.
    """
    network = Network.from_config(config)
    _read_layers(archive, network.layers, prefix)
    if not np.isfinite(network.parameters).all():
        raise RunFileError("its weights are NaN or infinite, so it cannot be used.")
    return network


def read_optimizer_vector(archive: zipfile.ZipFile, network: Network, name: str) -> Floats:
    """Read a vector of the optimizer's state; it may contain infinity, but not NaN."""
    vector = np.empty_like(network.parameters)
    _read_layers(archive, layer_views(vector, network.sizes), f"{name}_")
    if np.isnan(vector).any():
        raise RunFileError(f"its optimizer state {name} contains NaN.")
    return vector


def _read_layers(archive: zipfile.ZipFile, layers: tuple[Parameters, ...], prefix: str) -> None:
    """Read into W and b of each layer; their sizes were checked."""
    for number, layer in enumerate(layers, start=1):
        for name, target in ((f"{prefix}W{number}", layer.W), (f"{prefix}b{number}", layer.b)):
            target[...] = read_array(archive, name, target.shape, target.dtype, target.nbytes)
