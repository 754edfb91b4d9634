"""Parses TOML as its specification has it, where Python is more generous than is safe."""

from __future__ import annotations

import tomllib
from typing import Any

_LARGEST_NUMBER = 2**63
"""Whole numbers of TOML have 64 bits. Those of Python have no end, and the largest can neither be
written as text nor become a float."""

_DEEPEST = 20


class TomlValueError(ValueError):
    """A value that has no place in a file of ours.

    Attributes
    ----------
    place
        Keys of tables and indices of lists that lead to it.
    """

    def __init__(self, place: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.place = place


def toml_values(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises
    ------
    tomllib.TOMLDecodeError, RecursionError, ValueError
        If it is not TOML.
    TomlValueError
        If a whole number has more than 64 bits, or tables and lists are nested deeply.
    """
    values = tomllib.loads(text)
    left: list[tuple[tuple[str | int, ...], Any]] = [((), values)]
    while left:  # not a function that calls itself: dotted keys nest without limit
        place, value = left.pop()
        if isinstance(value, int) and not -_LARGEST_NUMBER <= value < _LARGEST_NUMBER:
            raise TomlValueError(place, "This number has too many digits.")
        if not isinstance(value, dict | list):
            continue
        if len(place) == _DEEPEST:
            raise TomlValueError(place, "Tables and lists are nested too deeply here.")
        items = value.items() if isinstance(value, dict) else enumerate(value)
        left += [((*place, key), item) for key, item in items]
    return values
