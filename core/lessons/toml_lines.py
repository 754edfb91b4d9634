"""In which line of a TOML text a value is, which tomllib does not tell."""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the outermost on."""


def line_of(text: str, path: Path) -> int:
    """Return the line, 1 is the first, in which what `path` leads to begins.

    Where there is no such thing, it is the line of what is nearest to it: the table in which it
    should be, or 1. `text` must be valid TOML.
    """
    # The first lines that are TOML by themselves and hold the path end with its last line; the ones
    # before that were TOML by themselves end right before its first.
    lines = text.split("\n")
    for depth in range(len(path), 0, -1):
        begin = 0
        for end in range(1, len(lines) + 1):
            values = _parse(lines[:end])
            if values is None:
                continue
            if _has(values, path[:depth]):
                return begin + 1
            begin = end
    return 1


def _parse(lines: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines) + "\n")
    except ValueError:
        return None


def _has(values: Any, path: Path) -> bool:
    for key in path:
        if isinstance(values, dict):
            if key not in values:
                return False
        elif not (isinstance(values, list) and isinstance(key, int) and key < len(values)):
            return False
        values = values[key]
    return True
