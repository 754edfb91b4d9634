"""Parses numbers that people type; ambiguous ones are refused with what to type instead.

A point and the decimal mark of the user's locale both stand before decimals. But people carry the
habits of other locales with them, and to some of them a mark before three digits separates
thousands. Three ways of writing are therefore tried: the locale's own, the international one
(1,234.5) and the other one (1.234,5). Where they make different numbers of a text, it is refused,
unless a mark in it is one that the field itself shows in that place:

- For any number that is a decimal mark. ``1,234`` is 1.234 in Germany and refused in Britain,
  ``1.234`` is 1.234 in Britain and refused in Germany, and so is it in France, where a point never
  separates thousands.
- For a whole number it is the mark of thousands. ``10,000`` is ten thousand in Britain and refused
  in Germany, and ``10.000`` the other way round.

A comma that can only be a decimal mark (``0,05``) is refused where the locale has another, with
what to type. Spaces and apostrophes separate thousands everywhere. Nothing typed is left out.
"""

from __future__ import annotations

import math
import re
import unicodedata

from core.printable_text import printable
from core.wording import NumberMarks, written

_SAME = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–－﹣", "-"),
        **dict.fromkeys("’ʼ＇", "'"),
        **dict.fromkeys("％٪", "%"),
        **dict.fromkeys("\u200b\u200e\u200f\u061c\ufeff"),  # invisible: marks of direction
        **{"＋": "+", "，": ",", "．": ".", "Ｅ": "e", "ｅ": "e", "E": "e"},
    }
)
"""Look-alike characters, each with the one it is replaced by."""

_NUMBER = re.compile(r"(?P<sign>[+-]?) *(?P<mantissa>[^e+-]+)(?P<exponent>e[+-]?\d+)?", re.ASCII)
_DIGITS = frozenset("0123456789")
_ALWAYS_GROUP = frozenset(" '")
"""Separates thousands in every locale, because it is a decimal mark in none."""

_LONGEST_SHOWN = 40


_INTERNATIONAL, _OTHER = NumberMarks(".", ","), NumberMarks(",", ".")


class NumberTextError(ValueError):
    """A text is not a number, or ambiguous; the message says what to type."""


def parse_number(text: str, marks: NumberMarks, whole: bool = False, unit: str = "") -> float:
    """Return the number in `text`.

    Parameters
    ----------
    text
        As typed or pasted. White space around it does not matter, and its digits may be of any
        script.
    marks
        Those of the user's locale.
    whole
        Whether the number has to be whole; it is an int then.
    unit
        What may follow the number, such as ``%``.

    Raises
    ------
    NumberTextError
        If `text` is no number, could be read as two, has a fraction where it has to be whole, or is
        too large or too close to zero for a float.
    """
    marks = NumberMarks(*map(_plain, marks))
    shown = printable(" ".join(text.split()), _LONGEST_SHOWN)
    match = _NUMBER.fullmatch(_plain(text).strip().removesuffix(unit).strip())
    mantissa = match["mantissa"].strip() if match else ""
    own, international, other = (_read(mantissa, way) for way in (marks, _INTERNATIONAL, _OTHER))
    readings = {reading for reading in (own, international, other) if reading is not None}
    if match is None or not readings:
        raise NumberTextError(f"'{shown}' is no number.")
    chosen = own if own is not None else international
    sign, exponent = match["sign"], match["exponent"] or ""
    if chosen is None or (len(readings) > 1 and not _trusted(marks, whole) & set(mantissa)):
        numbers = sorted(_value(f"{sign}{reading}{exponent}", shown) for reading in readings)
        ways = [_typed(number, marks) for number in numbers if number.is_integer() or not whole]
        if ways:
            raise NumberTextError(f"'{shown}' is ambiguous. Type {' or '.join(ways)}.")
    number = _value(f"{sign}{chosen or other}{exponent}", shown)
    if not whole:
        return number
    if not number.is_integer():
        raise NumberTextError(f"'{shown}' is no whole number.")
    return int(number)


def write_number(value: float, marks: NumberMarks, whole: bool = False) -> str:
    """Return `value` as a field shows it, so that :func:`parse_number` takes it back.

    The thousands of whole numbers are separated; others have at most six significant digits.
    """
    return written(int(value), ",", marks) if whole else written(value, "g", marks)


def _plain(text: str) -> str:
    """Return `text` with ASCII digits, one kind of space, and one of characters that look alike."""
    characters = (" " if c.isspace() else c for c in text.translate(_SAME))
    return "".join(str(unicodedata.decimal(c, c)) for c in characters)


def _trusted(marks: NumberMarks, whole: bool) -> set[str]:
    """Return the marks that decide between several readings."""
    if whole:
        return {marks.group}
    return {marks.decimal} if marks.group == "." else {marks.decimal, "."}


def _read(mantissa: str, marks: NumberMarks) -> str | None:
    """Return an unsigned number as Python writes it; None if it is not written with these marks."""
    whole, _, part = mantissa.partition(marks.decimal)
    digits = _without_groups(whole, {marks.group} | _ALWAYS_GROUP)
    if digits is None or not set(part) <= _DIGITS or not digits + part:
        return None
    return f"{digits or '0'}.{part or '0'}"


def _without_groups(text: str, possible: set[str] | frozenset[str]) -> str | None:
    """Return digits without marks between them; None if those do not separate thousands.

    The groups have three digits, or, as in India, two but for the last.
    """
    used = set(text) - _DIGITS
    if not used:
        return text
    if len(used) > 1 or not used <= possible:
        return None
    first, *others = text.split(used.pop())
    sizes, count = [len(group) for group in others], len(others)
    if sizes not in ([3] * count, [2] * (count - 1) + [3]):
        return None
    return first + "".join(others) if 1 <= len(first) <= 3 and first[0] != "0" else None


def _typed(number: float, marks: NumberMarks) -> str:
    """Return an unambiguous text for a number."""
    return repr(number).removesuffix(".0").replace(".", marks.decimal)


def _value(number: str, shown: str) -> float:
    """Return a number that Python can read; one that a float cannot hold is refused."""
    value = float(number)
    if math.isinf(value):
        raise NumberTextError(f"'{shown}' is too large.")
    if value == 0 and set(number.partition("e")[0]) & set("123456789"):
        raise NumberTextError(f"'{shown}' is too close to zero.")
    return value
