"""Losses and accuracies as text."""

from __future__ import annotations

import math

from core.wording import numeral, percent

WIDEST_LOSS, WIDEST_ACCURACY = "0.00e−0", "> 00.00 %"
"""As wide as a value can become."""


def loss_text(value: float) -> str:
    """Return a loss with three or four significant digits."""
    if value and not 1e-3 <= abs(value) < 1e4:
        return numeral(value, ".2e")
    exponent = math.floor(math.log10(abs(value))) if value else 0
    decimals = (3 if exponent >= 0 else 2) - exponent
    return numeral(value, f",.{decimals}f")


def value_text(is_loss: bool, is_log: bool, y: float) -> str:
    """Return the value that is drawn at `y`, in short."""
    if not is_loss:
        return percent(y / 100)
    value = 10.0**y if is_log else y
    return numeral(value, ".3g") if value < 1e4 else numeral(value, ".1e")
