"""Writes a network's weights as safetensors, which most frameworks read."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from safetensors.numpy import save

from core.arrays import Floats
from core.export.export_metadata import metadata_of
from core.files.atomic_file import write_atomically
from core.network.activations import ACTIVATIONS
from core.network.layers import named_arrays
from core.network.network import Network
from core.settings.config import RunConfig

LayoutName = Literal["digitscope", "torch"]
LAYOUT_NAMES: tuple[LayoutName, ...] = get_args(LayoutName)

_PYTORCH_NAMES = {"Relu": "ReLU", "LeakyRelu": "LeakyReLU", "Elu": "ELU"}
"""PyTorch's name of an activation, where it is not ONNX's."""


def write_safetensors(
    path: Path, network: Network, config: RunConfig, layout: LayoutName = "digitscope"
) -> None:
    """Write the weights and biases as float32; the same network is the same bytes each time.

    The file's metadata holds what :func:`core.export.export_metadata.metadata_of` returns, and the
    layout.

    Parameters
    ----------
    layout
        ``"digitscope"``: ``W1``, (784, units), ``b1``, (units,), ``W2``, … Rows are samples: a
        layer is ``A @ W + b``. ``"torch"``: ``0.weight``, (units, 784), ``0.bias``, (units,),
        ``2.weight``, … as the state dict of a ``torch.nn.Sequential`` of Linear and activation
        modules in turn; the metadata's ``model`` is that module, as Python.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; an existing file stays unchanged.
    """
    metadata = metadata_of(network, config) | {"layout": layout}
    if layout == "torch":
        arrays = _state_dict(network)
        metadata["model"] = _module(network)
    else:
        arrays = named_arrays(network.layers)
    content = save({name: array.astype(np.float32) for name, array in arrays.items()}, metadata)
    content = _with_sorted_metadata(content)
    write_atomically(path, lambda stream: stream.write(content))


def _state_dict(network: Network) -> dict[str, Floats]:
    """Return the arrays by the names that PyTorch gives them: activations count as modules."""
    arrays: dict[str, Floats] = {}
    for number, layer in enumerate(network.layers):
        arrays[f"{2 * number}.weight"] = np.ascontiguousarray(layer.W.T)
        arrays[f"{2 * number}.bias"] = layer.b
    return arrays


def _module(network: Network) -> str:
    """Return the Python expression of the module, which computes the scores Z of the output."""
    modules = [f"Linear({fan_in}, {fan_out})" for fan_in, fan_out in pairwise(network.sizes)]
    for place, name in enumerate(network.activations):
        operator, attributes = ACTIVATIONS[name].onnx
        values = ", ".join(map(str, attributes.values()))
        modules.insert(2 * place + 1, f"{_PYTORCH_NAMES.get(operator, operator)}({values})")
    return f"torch.nn.Sequential({', '.join(f'torch.nn.{module}' for module in modules)})"


def _with_sorted_metadata(content: bytes) -> bytes:
    """Return a file's content with its metadata in order.

    The package writes it in the order of a hash table whose hashes differ from call to call. A file
    is the length of its header, the header, which is JSON, and the arrays.
    """
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the arrays begin at a multiple of 8 bytes
    return len(text).to_bytes(8, "little") + text + content[end:]
