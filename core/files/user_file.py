"""The one place that opens files that users name.

A name may refer to a pipe or a device, which can block forever, or to a file that is far too large.
This is checked on the open file before a byte is read, so that nothing can replace it between the
check and the use.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

from core.wording import numeral

_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)  # Windows has only the last one, and needs only that

_KINDS = {
    stat.S_IFDIR: "it is a folder, not a file",
    stat.S_IFIFO: "it is a pipe, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
}


def open_file(path: Path, most: int) -> io.BufferedReader:
    """Open a regular file of 1 to `most` bytes for reading; never blocks.

    Raises
    ------
    OSError
        If it is missing, not a regular file, empty, too large or not permitted. `strerror` says so
        in words that fit after a colon.
    """
    try:
        number = os.open(path, _FLAGS)
    except ValueError as error:  # a null character, or what this system cannot encode
        raise _refusal(path, "this is not a possible file name") from error
    except OSError:
        check_place(
            path
        )  # the system has no specific error for a socket, or on Windows for a folder
        raise
    try:
        found = os.fstat(number)
        _check_kind(found, path)
        if not found.st_size:
            raise _refusal(path, "it is empty")
        if found.st_size > most:
            size, limit = _in_words(found.st_size), _in_words(most)
            raise _refusal(path, f"it has {size}, but such a file has at most {limit}")
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def read_file(path: Path, most: int) -> bytes:
    """Return the content of a regular file of 1 to `most` bytes; see :func:`open_file`."""
    with open_file(path, most) as stream:
        size = os.fstat(stream.fileno()).st_size  # `read` reserves memory for all that it may read
        content = stream.read(size + 1)
    if len(content) > size:
        raise _refusal(path, "it grew while it was read")
    return content


def visible_files(folder: Path, suffix: str) -> list[Path]:
    """Return the files of a folder with this suffix, sorted; none if there is no folder.

    Names that begin with a dot are left out: they are being written, or are left by macOS and
    editors.
    """
    try:
        paths = list(folder.iterdir())
    except FileNotFoundError:
        return []
    return sorted(p for p in paths if p.suffix == suffix and not p.name.startswith("."))


def check_place(path: Path) -> None:
    """Raise OSError if `path` exists and is not a regular file."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return
    except ValueError as error:
        raise _refusal(path, "this is not a possible file name") from error
    _check_kind(found, path)


def _check_kind(found: os.stat_result, path: Path) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise _refusal(path, _KINDS.get(kind, "it is not a regular file"))


def _refusal(path: Path, reason: str) -> OSError:
    return OSError(errno.EINVAL, reason, os.fspath(path))


def _in_words(size: int) -> str:
    """Return a number of bytes with a suitable unit, such as `1.5 MB`."""
    for unit, bytes_of_it in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_of_it:
            amount = size / bytes_of_it
            return f"{numeral(amount, ',.0f' if amount >= 100 else '.3g')} {unit}"
    return f"{size} bytes"
