"""The files that a command writes: their places, checked before it starts, and the report."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.errors import ConfigError
from core.files.atomic_file import check_writable, write_atomically

_OUTPUT, _ERRORS = 1, 2
_STDOUT = Path("-")


def check_target(target: Path | None, others: Sequence[Path | None]) -> None:
    """Check that `target`, unless None, can be written and is none of the command's `others`.

    Raises
    ------
    DigitscopeError
        If not.
    """
    if target is None:
        return
    if target == _STDOUT:
        raise ConfigError(
            "'-' stands for the standard output, where this command prints. Choose a file."
        )
    check_writable(target)
    if _is_output(target):
        raise ConfigError(
            f"'{target}' is where this command prints; a file there would replace that. "
            "Choose another name."
        )
    if os.path.realpath(target) in [os.path.realpath(other) for other in others if other]:
        raise ConfigError(
            f"'{target}' is named twice, so one file would overwrite the other. Choose "
            "another name for one of them."
        )


def _is_output(target: Path) -> bool:
    """Return whether a file is open as one of the standard streams, as by ``> FILE``."""
    for number in (_OUTPUT, _ERRORS):
        with suppress(OSError):  # there is no such file, or no such stream
            if os.path.samestat(os.stat(target), os.fstat(number)):
                return True
    return False


def write_report(path: Path, **figures: object) -> None:
    """Write `figures` as one JSON object; NaN and infinity, which JSON lacks, become null.

    Raises
    ------
    DigitscopeError
        If the file cannot be written.
    """
    plain = json.loads(json.dumps(figures), parse_constant=lambda _: None)
    text = json.dumps(plain, indent=2, allow_nan=False) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))
