"""Finds the line of a value in a TOML text, which tomllib does not report."""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the outermost to the innermost."""


def line_of(text: str, path: Path) -> int:
    """Return the line, counted from 1, in which the value at `path` starts.

    If there is no such value, return the line of the table that should hold it, or 1. `text` must
    be valid TOML.
    """
    # The shortest valid prefix that holds the path ends with the last line of its value, and the
    # longest valid prefix before that ends right before its first line.
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
