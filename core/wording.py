"""How numbers are written for people: percentages, counts, minus signs, and a pixel's place.

The window has them written in the user's locale, by :func:`write_with`; the command line never
does, and neither does anything that is written into a file (:func:`international`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, SupportsFloat

from core.arrays import DIGITS, SIDE

_TINY = 1e-12
Classes = tuple[str, ...]
"""The names of the classes, in the order of their labels."""

_MOST_LISTED = 6
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_EXPONENT = re.compile(r"e([+-])0*(\d)")


class NumberMarks(NamedTuple):
    """The marks of a locale: before decimals, and between thousands (empty where there is none)."""

    decimal: str = "."
    group: str = ","


class _Writer:
    """Which marks are in force."""

    marks: Callable[[], NumberMarks] = NumberMarks


def write_with(marks: Callable[[], NumberMarks]) -> None:
    """Write numbers with the marks that `marks` returns when they are needed."""
    _Writer.marks = staticmethod(marks)


@contextmanager
def international() -> Iterator[None]:
    """Write numbers as in 1,234.5 while the context lasts, whatever the locale."""
    marks = _Writer.marks
    write_with(NumberMarks)
    try:
        yield
    finally:
        write_with(marks)


def numeral(value: SupportsFloat, spec: str = ",") -> str:
    """Return a number as `spec` of Python's format language says, with the marks in force."""
    return written(value, spec, _Writer.marks())


def written(value: SupportsFloat, spec: str, marks: NumberMarks) -> str:
    """Return a number with these marks, with a true minus sign, and 1e−5 instead of 1e-05."""
    text = format(value, spec)
    if "e" in text:
        text = _EXPONENT.sub(lambda e: f"e{e[1].strip('+')}{e[2]}", text)
    text = minus(text)
    if marks != (".", ","):
        text = text.translate({ord("."): marks.decimal, ord(","): marks.group})
    return text


def percent(share: float | None, decimals: int = 2) -> str:
    """Return a share, 0…1, as "97.71 %"; "–" if it is None or not finite.

    A share that is neither 0 nor 1 is never rounded to 0 or 100 %: it is "< 0.1 %" or "> 99.9 %".
    """
    if share is None or not math.isfinite(share):
        return "–"
    spec = f".{decimals}f"
    rounded = float(format(100 * share, spec))
    least = 10.0**-decimals
    if share < 1 and rounded >= 100:
        return f"> {numeral(100 - least, spec)} %"
    if share > 0 and rounded == 0:
        return f"< {numeral(least, spec)} %"
    return f"{numeral(100 * share, spec)} %"


def probability(share: SupportsFloat, decimals: int = 1) -> str:
    """Return what a network says of a class, as "97.7 %"; never 0 or 100 %.

    Softmax and sigmoid have no such values: 32 bits round to them what is a little off.
    """
    return percent(min(max(float(share), _TINY), 1 - _TINY), decimals)


def counted(count: int, noun: str, nouns: str = "") -> str:
    """Return "1 epoch", "2 epochs" or "12,345 epochs"; `nouns` where an s would not do."""
    return f"{numeral(count)} {noun if count == 1 else nouns or noun + 's'}"


def number_word(number: int) -> str:
    """Return a number of 2 to 10, as a text writes it: "three"."""
    return _WORDS[number - 2]


def layer_name(layer: int, last: int) -> str:
    """Return "layer 1", …, or "output" for the last one."""
    return "output" if layer == last else f"layer {layer}"


def unit_place(layer: int, unit: int, last: int, classes: Classes) -> str:
    """Return "layer 1, unit 5", or "output, digit 7"; layers count from 1, and units from 0."""
    what = class_name(classes, unit) if layer == last else f"unit {numeral(unit)}"
    return f"{layer_name(layer, last)}, {what}"


def capitalized(text: str) -> str:
    """Return `text` with a capital first letter; the others stay, as in ELU."""
    return text[:1].upper() + text[1:]


def minus(text: str) -> str:
    """Return the text of numbers with minus signs instead of hyphens."""
    return text.replace("-", "−")


def pixel_place(pixel: int) -> str:
    """Return row and column of a pixel of an image, counted from 0, as "(12, 7)"."""
    return str(divmod(pixel, SIDE))


# --- classes ---------------------------------------------------------------------------


def are_digits(classes: Classes) -> bool:
    """Return whether the classes are the ten digits."""
    return classes == DIGITS


def kind_of(classes: Classes) -> str:
    """Return what one of them is: "digit" or "class"."""
    return "digit" if are_digits(classes) else "class"


def kinds_of(classes: Classes) -> str:
    """Return what several of them are: "digits" or "classes"."""
    return "digits" if are_digits(classes) else "classes"


def class_name(classes: Classes, place: int) -> str:
    """Return a class as it is called where nothing says that it is one: "digit 3", "Sandal"."""
    return f"digit {classes[place]}" if are_digits(classes) else classes[place]


def images_of(classes: Classes) -> str:
    """Return what images of the classes are: "digits" or "images"."""
    return "digits" if are_digits(classes) else "images"


def listed(classes: Classes) -> str:
    """Return the names in a row, of many the first ones: "cat, dog, horse"."""
    names = classes if len(classes) <= _MOST_LISTED else (*classes[: _MOST_LISTED - 1], "…")
    return ", ".join(names)
