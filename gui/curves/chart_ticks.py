"""Round numbers on an axis."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.wording import numeral

_LONG = 1e5
"""From here on, numbers are long, and have a shorter form: 1.5e6."""


def ticks(
    low: float, high: float, most: int, is_short: bool = False
) -> Iterator[tuple[float, str]]:
    """Yield at most about `most` round numbers, and their texts: 1.5e6 if it `is_short`."""
    least = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if least <= power * factor)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    spec = "g" if is_short and high >= _LONG else f",.{decimals}f"
    for count in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield count * step, numeral(count * step, spec)


def log_ticks(low: float, high: float, most: int) -> Iterator[tuple[float, str]]:
    """Yield the logarithms of round numbers, and the texts of those numbers."""
    digits = (1, 2, 5) if 3 * (high - low) <= most else (1,)
    for exponent in range(math.floor(low), math.ceil(high) + 1):
        for digit in digits:
            value = exponent + math.log10(digit)
            if low <= value <= high:
                number = digit * 10.0**exponent
                yield value, numeral(number, "g" if number < _LONG else ".0e")
