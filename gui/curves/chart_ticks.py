"""Round numbers on an axis."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.wording import numeral


def ticks(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield at most about `most` round numbers, and their texts."""
    least = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if least <= power * factor)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    for count in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield count * step, numeral(count * step, f",.{decimals}f")


def log_ticks(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield the logarithms of round numbers, and the texts of those numbers."""
    digits = (1, 2, 5) if 3 * (high - low) <= most else (1,)
    for exponent in range(math.floor(low), math.ceil(high) + 1):
        for digit in digits:
            value = exponent + math.log10(digit)
            if low <= value <= high:
                yield value, numeral(digit * 10.0**exponent, "g")
