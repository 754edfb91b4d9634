"""Reading the arrays of an ``.npz`` from elsewhere, whose content must not be trusted yet."""

from __future__ import annotations

from typing import IO, Any

import numpy as np
from numpy.lib import format as npy


def read_header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and type that an array says it has, before any of its content is read.

    Raises
    ------
    ValueError
        If it is in column order, or in a format that `numpy.savez` does not write such arrays in.
    """
    if npy.read_magic(stream) != (1, 0):
        raise ValueError(f"{name} has an unknown format")
    shape: tuple[int, ...]
    shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
    if fortran_order and len(shape) > 1:
        raise ValueError(f"{name} is stored in column order")
    return shape, dtype
