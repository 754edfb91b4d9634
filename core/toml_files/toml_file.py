"""Opens a TOML file that someone has written, and finds out of what kind it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.files.user_file import read_file
from core.settings.kind import KIND_KEY, Kind, kind_of
from core.settings.toml_values import TomlValueError, toml_values
from core.toml_files.toml_lines import line_of
from core.toml_files.toml_reader import TomlFileError

MAX_LINES = 500
MAX_BYTES = 100_000


@dataclass(frozen=True)
class TomlFile:
    """What a file says, not yet checked but for its kind."""

    path: Path
    text: str
    values: Mapping[str, Any]
    kind: Kind


def load_toml(path: Path, wanted: Kind | None = None) -> TomlFile:
    """Read a file; None: of any kind.

    Raises
    ------
    TomlFileError
        If it cannot be read, is too large, is not TOML, or is not of the kind that is wanted.
    """
    text = _text_of(path)
    if text.count("\n") >= MAX_LINES:
        reason = f"Such a file has fewer than {MAX_LINES} lines: this must be something else."
        raise TomlFileError(path, None, reason)
    try:
        values = toml_values(text)
    except TomlValueError as error:
        raise TomlFileError(path, line_of(text, error.place), str(error)) from error
    except (ValueError, RecursionError) as error:
        raise TomlFileError(path, _syntax_line(error, text), _syntax_reason(error)) from error
    try:
        return TomlFile(path, text, values, kind_of(values, wanted))
    except ConfigError as error:
        raise TomlFileError(path, line_of(text, (KIND_KEY,)), str(error)) from error


def _text_of(path: Path) -> str:
    try:
        content = read_file(path, MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise TomlFileError(path, None, f"This file cannot be read ({reason}).") from error
    try:
        # Some editors on Windows write a byte order mark.
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TomlFileError(
            path, line, "This is not text in UTF-8. Save the file as UTF-8."
        ) from error


def _syntax_line(error: Exception, text: str) -> int:
    named = re.search(r"at line (\d+)", str(error))
    return int(named.group(1)) if named else text.rstrip("\n").count("\n") + 1


def _syntax_reason(error: Exception) -> str:
    what = re.sub(r" \(at .*\)$", "", str(error))
    return (
        f"This is not valid TOML ({what}): a quotation mark, a bracket or an equals sign may be "
        "missing here or in the line before."
    )
