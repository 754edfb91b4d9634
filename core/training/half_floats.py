"""Rounds to half precision without going from number to number, to the same bits as NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats

LARGEST = float(np.finfo(np.float16).max)

_BLOCK = 1 << 14
"""Numbers at once: two buffers of them stay in a core's second-level cache."""

_EXPONENTS = np.float32(2.0**-112)
"""Brings the exponents of numbers to where those of half precision are counted from."""

_ALL_LESS, _HALF_LESS = np.uint32((1 << 13) - 1), np.uint32(1 << 12)
"""Of the mantissa, the bits that go, and the first of them."""

_TO_THE_TOP = np.uint32(3)
"""By how many bits the exponent is shorter: so far go exponent and mantissa to the left."""

_SIGN, _UPPER = np.uint32(1 << 31), np.uint32(16)


def half_floats(numbers: NDArray[np.floating]) -> NDArray[np.float16]:
    """Return numbers, (n,), rounded to the nearest of half precision, as astype does.

    Beyond 65,504 it is that number; NaN stays NaN. astype goes from number to number, and takes
    25 times as long for those below 6e-5, of which a network with weight decay has many.
    """
    is_within = numbers.size > 0 and max(numbers.max(), -numbers.min()) <= LARGEST
    if numbers.dtype != np.float32 or not is_within:  # also where one is NaN
        clipped: NDArray[np.float16] = np.clip(numbers, -LARGEST, LARGEST).astype(np.float16)
        return clipped
    half = np.empty(numbers.size, np.uint16)
    scaled = np.empty(min(_BLOCK, numbers.size), np.float32)
    other = np.empty(scaled.size, np.uint32)
    for begin in range(0, numbers.size, _BLOCK):
        block = numbers[begin : begin + _BLOCK]
        _round(block, half[begin : begin + _BLOCK], scaled[: block.size], other[: block.size])
    return half.view(np.float16)


def _round(
    numbers: Floats, half: NDArray[np.uint16], scaled: Floats, other: NDArray[np.uint32]
) -> None:
    """Write the bits of rounded numbers to `half`; `scaled` and `other` are overwritten."""
    bits = scaled.view(np.uint32)
    # Exponents that are too small for half precision make numbers that are subnormal here, too.
    np.multiply(numbers, _EXPONENTS, out=scaled)
    np.bitwise_and(bits, _ALL_LESS, out=other)
    in_the_middle = np.flatnonzero(other == _HALF_LESS)
    np.add(bits, _HALF_LESS, out=bits)
    np.left_shift(bits, _TO_THE_TOP, out=bits)
    np.bitwise_and(numbers.view(np.uint32), _SIGN, out=other)
    np.bitwise_or(bits, other, out=bits)
    np.right_shift(bits, _UPPER, out=bits)
    half[:] = bits
    # One in 8,192: those between two numbers, and subnormal ones that the product rounded to there.
    half[in_the_middle] = numbers[in_the_middle].astype(np.float16).view(np.uint16)
