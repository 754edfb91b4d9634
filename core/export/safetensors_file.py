"""Writes a network's weights as safetensors, which most frameworks read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save

from core.export.export_metadata import metadata_of
from core.files.atomic_file import write_atomically
from core.network.layers import named_arrays
from core.network.network import Network
from core.settings.config import RunConfig


def write_safetensors(path: Path, network: Network, config: RunConfig) -> None:
    """Write ``W1``, (784, units), ``b1``, (units,), ``W2``, … as float32.

    Rows are samples: a layer is ``A @ W + b``. The file's metadata holds what
    :func:`core.export.export_metadata.metadata_of` returns.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; an existing file stays unchanged.
    """
    arrays = {
        name: array.astype(np.float32) for name, array in named_arrays(network.layers).items()
    }
    content = save(arrays, metadata_of(network, config))
    write_atomically(path, lambda stream: stream.write(content))
