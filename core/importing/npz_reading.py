"""Reads a network from an ``.npz``, as NumPy writes it.

Arrays have names, such as ``W1`` and ``b1``, or come in the order of ``numpy.savez(path,
*arrays)``, weights and biases of each layer in turn, as Keras' ``get_weights`` returns them.
"""

from __future__ import annotations

import math
import re
import zipfile
from pathlib import Path

import numpy as np

from core.arrays import Floats
from core.errors import NetworkFileError
from core.files.npz import open_stored, read_layout, rest
from core.importing.foreign_network import ForeignNetwork
from core.importing.named_layers import layers_from
from core.importing.never_opened import check_members
from core.printable_text import printable

_MOST_ARRAYS = 64
_LONGEST_NAME = 100
_UNNAMED = re.compile(r"arr_(\d{1,3})", re.ASCII)


def read_npz(path: Path, most: int) -> ForeignNetwork:
    """Return the network of an archive of at most `most` bytes.

    Raises
    ------
    OSError
        If it cannot be opened.
    NetworkFileError
        If it does not hold a network that this app can have.
    ValueError, zipfile.BadZipFile
        If it is damaged.
    """
    with open_stored(path, most) as (archive, size):
        check_members(archive.namelist())
        names = [name.removesuffix(".npy") for name in archive.namelist()]
        if "config" in names:
            raise NetworkFileError(
                "it is a run of this app, which needs no import: open it as it is."
            )
        if len(names) > _MOST_ARRAYS:
            raise NetworkFileError("it holds too many arrays for a network.")
        arrays = {name: _read_array(archive, name, size) for name in names}
    layers, layout = layers_from(_named(arrays))
    return ForeignNetwork(layers, None, None, f"NumPy arrays, weights as {layout}")


def _read_array(archive: zipfile.ZipFile, name: str, size: int) -> Floats:
    shown = printable(name, _LONGEST_NAME)
    with archive.open(f"{name}.npy") as stream:
        shape, dtype, is_by_column = read_layout(stream, shown)
        if dtype.kind != "f":
            raise NetworkFileError(f"'{shown}' has the type {dtype}; weights here are floats.")
        length = dtype.itemsize * math.prod(shape)
        if not 0 < length <= size:
            raise NetworkFileError(f"'{shown}' is empty, or claims to be larger than the file.")
        values = np.frombuffer(rest(stream, length, shown), dtype)
    return values.reshape(shape, order="F" if is_by_column else "C")


def _named(arrays: dict[str, Floats]) -> dict[str, Floats]:
    """Return the arrays with names; those without are weights and biases in turn."""
    numbers = {name: _UNNAMED.fullmatch(name) for name in arrays}
    if not all(numbers.values()):
        return arrays
    ordered = sorted(arrays, key=lambda name: int(name.removeprefix("arr_")))
    named: dict[str, Floats] = {}
    layer = 0
    for name in ordered:
        layer += arrays[name].ndim != 1
        kind = "biases" if arrays[name].ndim == 1 else "weights"
        key = f"{kind}{layer}"
        if key in named:
            raise NetworkFileError(f"'{name}' does not follow the weights of its layer.")
        named[key] = arrays[name]
    return named
