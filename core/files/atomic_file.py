"""Files that are either wholly written or as they were before.

What is written goes into a partial file beside the target, and takes its name when it is on disk.
Linux knows files without a name, which are gone with the process that writes them. Elsewhere a
partial has a name of its own, and is locked as long as somebody writes it: the system takes the
lock off when that process ends, in whatever way, so that :func:`sweep_partials` can tell what a
killed one has left behind.
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
"""The name of a partial: by its length it fits wherever a name of the user's does, and it cannot be
guessed, so that nobody can put a link to another file in its place."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_OPEN = os.O_WRONLY
for _name in ("O_CLOEXEC", "O_BINARY", "O_NOFOLLOW"):
    _CREATE |= getattr(os, _name, 0)
for _name in ("O_CLOEXEC", "O_BINARY", "O_NONBLOCK"):
    _OPEN |= getattr(os, _name, 0)

_OPEN_FILES = "/proc/self/fd"

_ABANDONED_S = 60.0
"""Where no lock tells that a partial is being written, it must have been left for so long."""


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write` with a binary stream, and let its content become `path` once it is on disk.

    Where `path` is a link, the file that it leads to is replaced. A file that is replaced hands on
    its mode and, where that is allowed, its owner; a new one has the mode of the user's umask.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; what was at `path` before is as it was.
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
    """Write a file as :func:`write_atomically` does, but never in the place of another one.

    Of several processes that write to the same `path` at once, one succeeds.

    Raises
    ------
    FileExistsError
        If there is something at `path`, which is as it was.
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
    """Give a partial its name, unless that is taken."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links: the name is taken first, by an empty file
        os.close(os.open(path, _CREATE, 0o600))
        partial.replace(path)


def check_writable(path: Path) -> None:
    """Find out before long work whether its result can be written to `path` in the end.

    It is tried: in the folder, with this very name, by making a file that is gone again.

    Raises
    ------
    DigitscopeError
        If it cannot, as where the folder is missing or read-only, there is no place for a file of
        this name, or a file that is there is write-protected, or no file.
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


def sweep_partials(folder: Path, name: re.Pattern[str] = _PARTIAL) -> int:
    """Delete the partials in a folder that nobody writes any more; return how many.

    Partials are the files whose whole name matches `name`, and that were locked with :func:`lock`.
    What cannot be looked at or deleted stays.
    """
    swept = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if name.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    swept += _sweep(Path(entry.path))
    return swept


# --- the target ---------------------------------------------------------------------------------


def _target(path: Path) -> Path:
    """Return the file that `path` leads to, which need not be there."""
    check_place(path)
    return Path(os.path.realpath(path))


def _look_at(target: Path) -> os.stat_result | None:
    """Return what is known of the file to be replaced, None if there is none.

    Raises an OSError if it may not be replaced.
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
        raise PermissionError(errno.EPERM, "it is somebody else's file in a shared folder")
    return found


def _hand_on(replaced: os.stat_result, number: int) -> None:
    """Give the file that is open as `number` the owner and the mode of another, if possible."""
    if sys.platform == "win32":
        return
    mode = stat.S_IMODE(replaced.st_mode) & 0o777
    own = os.fstat(number)
    if replaced.st_uid != own.st_uid:
        with suppress(OSError):  # only root may give files away
            os.fchown(number, replaced.st_uid, -1)
    if replaced.st_gid != own.st_gid:
        try:
            os.fchown(number, -1, replaced.st_gid)
        except OSError:  # what was meant for its group is not for another one
            mode = mode & ~0o070 | (mode & 0o007) << 3
    os.fchmod(number, mode)


def _sync_folder(folder: Path) -> None:
    """Have the new name reach the disk, too, where a folder can be asked for that."""
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
        f"'{path}' {verb} be written: {reason}. Choose another name or folder, or make room; "
        "nothing there was changed."
    )


# --- the partial --------------------------------------------------------------------------------


@contextmanager
def _partial(folder: Path, mode: int) -> Iterator[tuple[IO[bytes], Path]]:
    """Give a new partial in `folder`, open and locked; it is gone afterwards, or has a new name."""
    stream, path = _new_partial(folder, mode)
    try:
        with stream:
            yield stream, path
    finally:
        with suppress(OSError):  # it has become the target
            path.unlink()


def _new_partial(folder: Path, mode: int) -> tuple[IO[bytes], Path]:
    """Return a new partial and its name, which it has not yet where it can do without."""
    while True:
        path = folder / f".digitscope-{os.getpid()}-{secrets.token_hex(8)}.partial"
        if (number := _open_nameless(folder, mode)) is not None:
            return os.fdopen(number, "wb"), path
        number = os.open(path, _CREATE, mode)
        # Another process may have swept it up before it was locked.
        if lock(number) and os.fstat(number).st_nlink:
            return os.fdopen(number, "wb"), path
        os.close(number)


def _open_nameless(folder: Path, mode: int) -> int | None:
    """Open a file that has no name yet, or return None where system or disk know none."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, mode)
    except OSError:
        return None


def _give_name(number: int, path: Path) -> None:
    """Give a file that has none its name; raises FileExistsError if that is taken."""
    # src_dir_fd, which says nothing here, has Python follow the link to the file that is open.
    os.link(f"{_OPEN_FILES}/{number}", path, src_dir_fd=number)


def lock(number: int) -> bool:
    """Lock a file that is open until it is closed; return whether no other process has locked it.

    On Windows, where what is open cannot be deleted, this does nothing.
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
    """Delete a partial if its process has ended; return whether it did."""
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
