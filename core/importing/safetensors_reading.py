"""Reads a network from safetensors, as PyTorch and this app write it."""

from __future__ import annotations

import json
import math

import numpy as np
from safetensors import SafetensorError, deserialize

from core.arrays import Floats
from core.errors import NetworkFileError
from core.importing.foreign_network import ForeignNetwork, activation_from, output_from
from core.importing.named_layers import layers_from
from core.printable_text import printable

MOST_HEADER = 1_000_000
"""Bytes of JSON at the beginning; those of the largest network have a few thousand."""

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_LONGEST_REASON = 200


def is_safetensors(start: bytes) -> bool:
    """Return whether a file begins as safetensors: the length of its header, and then JSON."""
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= MOST_HEADER


def read_safetensors(content: bytes) -> ForeignNetwork:
    """Return the network of a file for which :func:`is_safetensors` is true.

    Raises
    ------
    NetworkFileError
        If it is damaged, or does not hold a network that this app can have.
    """
    try:
        entries = deserialize(content)
    except SafetensorError as error:
        raise NetworkFileError(
            f"it is damaged ({printable(str(error), _LONGEST_REASON)}). Copy or save it again."
        ) from error
    arrays = {}
    for name, entry in entries:
        arrays[name] = _array(name, entry["dtype"], tuple(entry["shape"]), entry["data"])
    layers, layout = layers_from(arrays)
    metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    known = metadata.get("__metadata__") or {}
    names = known.get("activations")
    output = known.get("output")
    return ForeignNetwork(
        layers,
        None if names is None else tuple(map(activation_from, filter(None, names.split(", ")))),
        None if output is None else output_from(output),
        f"safetensors, weights as {layout}",
    )


def _array(name: str, dtype: str, shape: tuple[int, ...], data: bytes) -> Floats:
    """Return an array as the file has it; bfloat16, which NumPy lacks, as float32."""
    if dtype not in _TYPES:
        raise NetworkFileError(
            f"'{printable(name, _LONGEST_REASON)}' has the type {dtype}; weights here are F16, "
            "BF16, F32 or F64."
        )
    if not math.prod(shape):
        raise NetworkFileError(f"'{printable(name, _LONGEST_REASON)}' is empty.")
    array = np.frombuffer(data, _TYPES[dtype]).reshape(shape)
    if dtype == "BF16":  # the upper half of a float32
        return (array.astype("<u4") << 16).view("<f4")
    return array
