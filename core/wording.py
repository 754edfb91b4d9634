"""How numbers are written for people: one way for a share, and one for so many of something."""

from __future__ import annotations

import math


def percent(share: float | None, decimals: int = 2) -> str:
    """Return a share, 0…1, as "97.71 %"; "–" where there is none, or it is not finite.

    What is not all or nothing is never rounded to that: it is "> 99.9 %", or "< 0.1 %".
    """
    if share is None or not math.isfinite(share):
        return "–"
    text = f"{100 * share:.{decimals}f}"
    least = 10.0**-decimals
    if share < 1 and float(text) >= 100:
        return f"> {100 - least:.{decimals}f} %"
    if share > 0 and float(text) == 0:
        return f"< {least:.{decimals}f} %"
    return f"{text} %"


def counted(number: int, noun: str) -> str:
    """Return "1 epoch", "2 epochs" or "12,345 epochs"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def capitalized(text: str) -> str:
    """Return `text` with its first letter as it is at the beginning of a line: leaky ReLU, ELU."""
    return text[:1].upper() + text[1:]
