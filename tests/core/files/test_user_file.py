"""Users' files: only regular files of a sensible size are opened, and opening never blocks."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.files.user_file import check_place, open_file, read_file

_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
_NO_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)


def _reason(check: Callable[[], object]) -> str:
    """Return the message of the refusal."""
    with pytest.raises(OSError, match=r"\w") as refusal:
        check()
    return str(refusal.value.strerror)


@pytest.fixture
def listening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        yield tmp_path / "socket"


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_file(path, 5) == b"12345"
    with open_file(path, 5) as stream:
        assert stream.read() == b"12345"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_file(tmp_path / "link", 5) == b"12345"


def test_a_file_that_is_too_large_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)  # takes no disk space, but could not be read quickly
    assert (
        _reason(lambda: read_file(path, 1_000)) == "it has 3 GB, but such a file has at most 1 kB"
    )


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _reason(lambda: open_file(tmp_path / "file", 10)) == "it is empty"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    for check in (lambda: open_file(tmp_path, 10), lambda: check_place(tmp_path)):
        assert _reason(check) == "it is a folder, not a file"


@_UNIX
def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for path in (tmp_path / "pipe", tmp_path / "link"):
        for check in (lambda path=path: open_file(path, 10), lambda path=path: check_place(path)):
            assert _reason(check) == "it is a pipe, not a file"


@_UNIX
def test_a_device_is_refused() -> None:
    assert _reason(lambda: read_file(Path("/dev/zero"), 10)) == "it is a device, not a file"


@_UNIX
def test_a_socket_is_refused(listening: Path) -> None:
    assert _reason(lambda: read_file(listening, 10)) == "it is a socket, not a file"


@_NO_ROOT
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    path.chmod(stat.S_IWUSR)
    with pytest.raises(PermissionError):
        read_file(path, 10)


@pytest.mark.parametrize("name", ["missing", "a\0b", "\ud800", "x" * 5_000])
def test_a_missing_file_is_a_system_error(tmp_path: Path, name: str) -> None:
    assert _reason(lambda: read_file(tmp_path / name, 10))


def test_nothing_is_left_open_by_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    before = os.dup(0)
    os.close(before)
    _reason(lambda: open_file(tmp_path / "file", 1))
    after = os.dup(0)
    os.close(after)
    assert after == before


def test_a_free_name_or_an_existing_file_is_a_good_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check_place(tmp_path / "file")
    check_place(tmp_path / "missing")
