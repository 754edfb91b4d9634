"""Writes files completely or not at all.

The content goes into a partial file beside the target, which is renamed once it is on disk. On
Linux the partial has no name, so that it disappears with a killed process. Elsewhere it has a name,
and is locked while it is written: the system releases the lock however the process ends, so that
:func:`sweep_partials` can find what killed processes have left behind.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from core.errors import DigitscopeError
from core.files.user_file import check_place

if sys.platform != "win32":
    import fcntl

_PARTIAL = re.compile(r"\.digitscope-\d+-[0-9a-f]{16}\.partial")
"""The name of a partial: short enough for any file system, and not predictable, so that nobody can
put a link to another file in its place."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_OPEN = os.O_WRONLY
for _name in ("O_CLOEXEC", "O_BINARY", "O_NOFOLLOW"):
    _CREATE |= getattr(os, _name, 0)
for _name in ("O_CLOEXEC", "O_BINARY", "O_NONBLOCK"):
    _OPEN |= getattr(os, _name, 0)

_OPEN_FILES = "/proc/self/fd"

_ABANDONED_S = 60.0
"""Where there are no locks, a partial this old counts as abandoned."""


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write` with a binary stream, and rename the result to `path` once it is on disk.

    If `path` is a link, the file that it points to is replaced. A replaced file passes on its mode
    and, where permitted, its owner; a new file has the mode of the user's umask.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; an existing file stays unchanged.
    """
    try:
        target = _target(path)
        replaced = _look_at(target)
        with _partial(target.parent, 0o666 if replaced is None else 0o600) as (stream, partial):
            write(stream)
            stream.flush()
            if replaced is not None:
                _hand_on(replaced, stream.fileno())
            os.fsync(stream.fileno())
            if not partial.exists():
                _give_name(stream.fileno(), partial)
            if sys.platform == "win32":  # which does not rename what is open
                stream.close()
            partial.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _refused(path, "could not", error) from error


def write_new(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file as :func:`write_atomically` does, but never replace one.

    If several processes write to the same `path` at once, one succeeds.

    Raises
    ------
    FileExistsError
        If `path` exists; it stays unchanged.
    DigitscopeError
        If the file cannot be written.
    """
    try:
        with _partial(path.parent, 0o666) as (stream, partial):
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            if not partial.exists():
                _give_name(stream.fileno(), path)
            else:
                if sys.platform == "win32":
                    stream.close()
                _give_free_name(partial, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise _refused(path, "could not", error) from error


def _give_free_name(partial: Path, path: Path) -> None:
    """Rename a partial, unless `path` exists."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links: an empty file reserves the name
        os.close(os.open(path, _CREATE, 0o600))
        partial.replace(path)


def check_writable(path: Path) -> None:
    """Check before long work whether its result can be written to `path`.

    Creates a file with this name in the folder, and deletes it again.

    Raises
    ------
    DigitscopeError
        If it cannot: the folder is missing, read-only or full, or `path` is write-protected or not
        a regular file.
    """
    try:
        target = _target(path)
        if _look_at(target) is None:
            os.close(os.open(target, _CREATE, 0o600))
            target.unlink()
        with _partial(target.parent, 0o600):
            pass
    except OSError as error:
        raise _refused(path, "cannot", error) from error


def sweep_partials(folder: Path) -> int:
    """Delete abandoned partials in a folder; return how many.

    Those that cannot be read or deleted stay.
    """
    swept = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if _PARTIAL.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    swept += _sweep(Path(entry.path))
    return swept


# --- the target ---------------------------------------------------------------------------------


def _target(path: Path) -> Path:
    """Return the file that `path` points to; it may not exist."""
    check_place(path)
    return Path(os.path.realpath(path))


def _look_at(target: Path) -> os.stat_result | None:
    """Return the status of the file to replace; None if there is none.

    Raises OSError if it must not be replaced.
    """
    try:
        number = os.open(target, _OPEN)
    except FileNotFoundError:
        return None
    try:
        found = os.fstat(number)
    finally:
        os.close(number)
    folder = os.stat(target.parent)
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, found.st_uid, folder.st_uid):
        raise PermissionError(errno.EPERM, "it belongs to another user")
    return found


def _hand_on(replaced: os.stat_result, number: int) -> None:
    """Give the open file `number` the owner and mode of the replaced one, if possible."""
    if sys.platform == "win32":
        return
    mode = stat.S_IMODE(replaced.st_mode) & 0o777
    own = os.fstat(number)
    if replaced.st_uid != own.st_uid:
        with suppress(OSError):  # only root may change the owner
            os.fchown(number, replaced.st_uid, -1)
    if replaced.st_gid != own.st_gid:
        try:
            os.fchown(number, -1, replaced.st_gid)
        except OSError:  # permissions of its group must not go to another one
            mode = mode & ~0o070 | (mode & 0o007) << 3
    os.fchmod(number, mode)


def _sync_folder(folder: Path) -> None:
    """Flush the new name to the disk, where the system supports it."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _refused(path: Path, verb: str, error: OSError) -> DigitscopeError:
    if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
        reason = f"there is no folder '{path.parent}'"
    else:
        reason = str(error.strerror or error)
    return DigitscopeError(
        f"'{path}' {verb} be written: {reason}. Choose another name or folder, or free some space. "
        "Nothing was changed."
    )


# --- the partial --------------------------------------------------------------------------------


@contextmanager
def _partial(folder: Path, mode: int) -> Iterator[tuple[IO[bytes], Path]]:
    """Yield a new partial in `folder`, open and locked; deleted afterwards unless renamed."""
    stream, path = _new_partial(folder, mode)
    try:
        with stream:
            yield stream, path
    finally:
        with suppress(OSError):  # it has become the target
            path.unlink()


def _new_partial(folder: Path, mode: int) -> tuple[IO[bytes], Path]:
    """Return a new partial and its name, which it does not have yet on Linux."""
    while True:
        path = folder / f".digitscope-{os.getpid()}-{secrets.token_hex(8)}.partial"
        if (number := _open_nameless(folder, mode)) is not None:
            return os.fdopen(number, "wb"), path
        number = os.open(path, _CREATE, mode)
        # Another process may have deleted it before it was locked.
        if _lock(number) and os.fstat(number).st_nlink:
            return os.fdopen(number, "wb"), path
        os.close(number)


def _open_nameless(folder: Path, mode: int) -> int | None:
    """Open a file without a name; None if the system or the disk does not support it."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, mode)
    except OSError:
        return None


def _give_name(number: int, path: Path) -> None:
    """Name a file that has no name; raises FileExistsError if `path` exists."""
    # src_dir_fd makes Python follow the link to the open file; its value does not matter.
    os.link(f"{_OPEN_FILES}/{number}", path, src_dir_fd=number)


def _lock(number: int) -> bool:
    """Lock an open file until it is closed; return False if another process has locked it.

    Does nothing on Windows, where open files cannot be deleted.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # there are no locks on this disk
        return True
    return True


def _sweep(path: Path) -> bool:
    """Delete a partial if its process has ended; return whether it was deleted."""
    if sys.platform == "win32":
        is_left = time.time() - path.stat().st_mtime > _ABANDONED_S
        if is_left:
            path.unlink()  # fails where it is open
        return is_left
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if it is being written
        path.unlink()
    finally:
        os.close(number)
    return True
