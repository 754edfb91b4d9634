"""Rows of the engine's own source, found at run time, so that what is shown cannot go stale."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

_ROOT = Path(__file__).parents[2]

Searched = Callable[..., Any] | ModuleType


@dataclass(frozen=True)
class SourceLines:
    """Some rows of a file, one after the other.

    Attributes
    ----------
    file
        Path from the repository's root, such as ``core/network/network.py``.
    number
        Of the first row; rows count from 1.
    text
        The rows, without the indentation that all share.
    """

    file: str
    number: int
    text: str


def equation_lines(function: Searched, equation: str) -> SourceLines:
    """Return the comment that is `equation`, and the plain statements after it.

    They end before the next comment, empty row, or row that begins a body, such as ``if``.

    Raises
    ------
    LookupError
        If there is no such comment.
    """
    lines, start = inspect.getsourcelines(function)
    first = _index_of(lines, f"# {equation}", function)
    last = first
    for index in range(first + 1, len(lines)):
        text = lines[index].strip()
        if not text or text.startswith("#") or text.endswith(":"):
            break
        if _indentation(lines[index]) < _indentation(lines[first]):
            break
        last = index
    return _cut(function, lines, start, first, last)


def lines_between(searched: Searched, first: str, last: str | None = None) -> SourceLines:
    """Return the rows of a function or module from the one with `first` to the one with `last`.

    Without `last` it is that one row.

    Raises
    ------
    LookupError
        If a row is not found.
    """
    lines, start = inspect.getsourcelines(searched)
    begin = _index_of(lines, first, searched)
    end = begin if last is None else begin + _index_of(lines[begin:], last, searched)
    return _cut(searched, lines, start, begin, end)


def body_lines(function: Searched) -> SourceLines:
    """Return a function's statements without its docstring; all of it where there are none."""
    lines, start = inspect.getsourcelines(function)
    definition = ast.parse(textwrap.dedent("".join(lines))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    statements = definition.body[1 if ast.get_docstring(definition) else 0 :]
    if not statements:
        return _cut(function, lines, start, 0, len(lines) - 1)
    return _cut(function, lines, start, statements[0].lineno - 1, len(lines) - 1)


def _index_of(lines: list[str], text: str, searched: Searched) -> int:
    for index, line in enumerate(lines):
        if text in line:
            return index
    raise LookupError(f"No row of {searched.__name__} contains “{text}”.")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _cut(searched: Searched, lines: list[str], start: int, first: int, last: int) -> SourceLines:
    path = Path(inspect.getsourcefile(searched) or "").resolve()
    text = textwrap.dedent("".join(lines[first : last + 1])).rstrip()
    # A module's source is said to begin at row 0, a function's at its first row, from 1.
    number = max(start, 1) + first
    return SourceLines(path.relative_to(_ROOT).as_posix(), number, text)
