"""Arrays of floating-point numbers from the bytes in a file."""

from __future__ import annotations

import math

import numpy as np

from core.arrays import Floats
from core.errors import NetworkFileError

_BFLOAT16 = "<u2"
_TYPES = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": _BFLOAT16},  # in safetensors
    **{"DOUBLE": "<f8", "FLOAT": "<f4", "FLOAT16": "<f2", "BFLOAT16": _BFLOAT16},  # in ONNX
}


def byte_count(kind: str, shape: tuple[int, ...], name: str) -> int:
    """Return how many bytes an array of this type has.

    Raises
    ------
    NetworkFileError
        If these are no floating-point numbers, or none at all; the array is called `name`.
    """
    if kind not in _TYPES:
        raise NetworkFileError(
            f"'{name}' has the type {kind}; weights here are floating-point numbers of 16, 32 "
            "or 64 bits."
        )
    if (count := math.prod(shape)) < 1:
        raise NetworkFileError(f"'{name}' is empty.")
    return np.dtype(_TYPES[kind]).itemsize * count


def array_from(content: bytes, kind: str, shape: tuple[int, ...]) -> Floats:
    """Return the array in `content`, which has :func:`byte_count` bytes.

    NumPy lacks bfloat16, which is the upper half of a float32: such arrays become float32.
    """
    array: Floats = np.frombuffer(content, _TYPES[kind]).reshape(shape)
    if _TYPES[kind] == _BFLOAT16:
        return (array.astype("<u4") << 16).view("<f4")
    return array
