"""A network's weights as the arrays ``W1, b1, W2, b2, …`` in a file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.errors import RunFileError
from core.files.npz import read_array
from core.network.layers import Parameters, layer_views, parameter_count
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.wording import numeral

SINGLE: np.dtype[Any] = np.dtype(np.float32)
HALF: np.dtype[Any] = np.dtype(np.float16)
"""Types of weights in a file."""


def in_half_precision(arrays: Mapping[str, Floats]) -> dict[str, NDArray[Any]]:
    """Return the arrays rounded to 16 bits.

    Raises
    ------
    RunFileError
        If a value is too large for that.
    """
    with np.errstate(over="ignore"):
        rounded = {name: array.astype(HALF) for name, array in arrays.items()}
    if not all(np.isfinite(array).all() for array in rounded.values()):
        most = float(np.finfo(HALF).max)
        raise RunFileError(
            f"This network has weights above {numeral(most, ',.0f')}, the largest number in half "
            "precision. Save it without."
        )
    return rounded


def check_size(
    size: int, network: NetworkConfig, vectors: int, precision: np.dtype[Any] = SINGLE
) -> None:
    """Check that a file is large enough for a network before memory is allocated for it.

    Parameters
    ----------
    size
        Of the file, in bytes.
    network
        The network that it should hold.
    vectors
        How many values it must hold per parameter: the parameter, and the optimizer's state.
    precision
        The type of these values.

    Raises
    ------
    RunFileError
        If it is too small.
    """
    needed = precision.itemsize * vectors * parameter_count(network.sizes)
    if size < needed:
        raise RunFileError(
            f"it has {numeral(size)} bytes, but the weights of {network} alone need "
            f"{numeral(needed)}; "
            "it was probably cut short."
        )


def read_network(
    archive: zipfile.ZipFile,
    config: NetworkConfig,
    precision: np.dtype[Any] = SINGLE,
    prefix: str = "",
) -> Network:
    """Read the weights and biases of a network whose size was checked.

    `precision` is the type of its arrays, and `prefix` that of their names.
    """
    network = Network.from_config(config)
    _read_layers(archive, network.layers, precision, prefix)
    if not np.isfinite(network.parameters).all():
        raise RunFileError("its weights are NaN or infinite, so it cannot be used.")
    return network


def read_optimizer_vector(archive: zipfile.ZipFile, network: Network, name: str) -> Floats:
    """Read a vector of the optimizer's state; it may contain infinity, but not NaN."""
    vector = np.empty_like(network.parameters)
    _read_layers(archive, layer_views(vector, network.sizes), SINGLE, f"{name}_")
    if np.isnan(vector).any():
        raise RunFileError(f"its optimizer state {name} contains NaN.")
    return vector


def _read_layers(
    archive: zipfile.ZipFile,
    layers: tuple[Parameters, ...],
    precision: np.dtype[Any],
    prefix: str,
) -> None:
    """Read into W and b of each layer; their sizes were checked."""
    for number, layer in enumerate(layers, start=1):
        for name, target in ((f"{prefix}W{number}", layer.W), (f"{prefix}b{number}", layer.b)):
            size = precision.itemsize * target.size
            target[...] = read_array(archive, name, target.shape, precision, size)
