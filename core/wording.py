"""How numbers are written for people: percentages, counts, minus signs, and a pixel's place."""

from __future__ import annotations

import math

from core.arrays import SIDE


def percent(share: float | None, decimals: int = 2) -> str:
    """Return a share, 0…1, as "97.71 %"; "–" if it is None or not finite.

    A share that is neither 0 nor 1 is never rounded to 0 or 100 %: it is "< 0.1 %" or "> 99.9 %".
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
    """Return `text` with a capital first letter; the others stay, as in ELU."""
    return text[:1].upper() + text[1:]


def minus(text: str) -> str:
    """Return the text of numbers with minus signs instead of hyphens."""
    return text.replace("-", "−")


def pixel_place(pixel: int) -> str:
    """Return row and column of a pixel of an image, counted from 0, as "(12, 7)"."""
    return str(divmod(pixel, SIDE))
