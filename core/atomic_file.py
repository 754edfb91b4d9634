"""Files that are either wholly written or as they were before."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from core.errors import DigitscopeError


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write` with a binary stream, and let its content become `path` once it is on disk.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; what was at `path` before is as it was.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        raise DigitscopeError(
            f"'{path}' could not be written: {error.strerror or error}. "
            "Choose another folder or free some space; nothing there was changed."
        ) from error
    finally:
        with suppress(OSError):  # it became `path`, or was never made
            partial.unlink()


def check_writable(path: Path) -> None:
    """Find out before long work whether its result can be written to `path` in the end.

    Raises
    ------
    DigitscopeError
        If the folder is missing or cannot be written to, or `path` is itself a folder.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DigitscopeError(f"'{path}' cannot be written: there is no folder '{folder}'.")
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise DigitscopeError(
            f"'{path}' cannot be written: it is a folder, or its folder is read-only. "
            "Choose another name."
        )
