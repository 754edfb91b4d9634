"""A network's weights as the arrays ``W1, b1, W2, b2, …`` of a file, and back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.errors import RunFileError
from core.files.npz import read_array
from core.network.layers import Layer, layer_views, parameter_count
from core.network.network import Network
from core.settings.config import NetworkConfig


def named_arrays(layers: tuple[Layer, ...], prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the arrays of all layers with their names, in rows whatever their order in memory."""
    for number, layer in enumerate(layers, start=1):
        yield f"{prefix}W{number}", np.ascontiguousarray(layer.W)
        yield f"{prefix}b{number}", layer.b


def check_size(size: int, network: NetworkConfig, vectors: int) -> None:
    """Refuse a small file that claims a large network before making room for the network.

    Parameters
    ----------
    size
        Of the file, in bytes.
    network
        What it claims to hold.
    vectors
        How many arrays it must have for each of the network's: its own, and the optimizer's.

    Raises
    ------
    RunFileError
        If they cannot all be in it.
    """
    needed = 4 * vectors * parameter_count(network.sizes)
    if size < needed:
        raise RunFileError(
            f"it has {size:,} bytes, and the weights of {network} alone take {needed:,}; "
            "it was cut short."
        )


def read_network(archive: zipfile.ZipFile, config: NetworkConfig, prefix: str = "") -> Network:
    """Read the weights and biases of this network, whose size was compared with the file's.

    `prefix` is what the names of its arrays begin with.
    """
    network = Network.from_config(config)
    _read_layers(archive, network.layers, prefix)
    if not np.isfinite(network.parameters).all():
        raise RunFileError("it holds weights that are NaN or infinite; it is of no use.")
    return network


def read_optimizer_vector(archive: zipfile.ZipFile, network: Network, name: str) -> Floats:
    """Read what the optimizer remembers by this name. Some of it may be infinite, but not NaN."""
    vector = np.empty_like(network.parameters)
    _read_layers(archive, layer_views(vector, network.sizes), f"{name}_")
    if np.isnan(vector).any():
        raise RunFileError(f"its optimizer state {name} holds NaN.")
    return vector


def _read_layers(archive: zipfile.ZipFile, layers: tuple[Layer, ...], prefix: str) -> None:
    """Read into W and b of each layer, whose sizes were compared with that of the file."""
    for number, layer in enumerate(layers, start=1):
        for name, target in ((f"{prefix}W{number}", layer.W), (f"{prefix}b{number}", layer.b)):
            target[...] = read_array(archive, name, target.shape, target.dtype, target.nbytes)
