"""Reads a network from safetensors, as PyTorch and this app write it."""

from __future__ import annotations

import json

from safetensors import SafetensorError, deserialize

from core.errors import NetworkFileError
from core.importing.float_types import array_from, byte_count
from core.importing.foreign_network import (
    ForeignNetwork,
    activation_from,
    classes_from,
    output_from,
)
from core.importing.named_layers import layers_from
from core.printable_text import printable

MOST_HEADER = 1_000_000
"""Bytes of JSON at the beginning; those of the largest network have a few thousand."""

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
        kind, shape = entry["dtype"], tuple(entry["shape"])
        byte_count(kind, shape, printable(name, _LONGEST_REASON))
        arrays[name] = array_from(entry["data"], kind, shape)
    layers, layout = layers_from(arrays)
    metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    known = metadata.get("__metadata__") or {}
    names = known.get("activations")
    output, classes = known.get("output"), known.get("classes")
    return ForeignNetwork(
        layers,
        None if names is None else tuple(map(activation_from, filter(None, names.split(",")))),
        None if output is None else output_from(output),
        f"safetensors, weights as {layout}",
        None if classes is None else classes_from(classes),
    )
