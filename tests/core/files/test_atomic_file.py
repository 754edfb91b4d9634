"""Files are written completely or not at all, through links, and keep their modes."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import DigitscopeError
from core.files.atomic_file import check_writable, sweep_partials, write_atomically

_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no modes and links")

_CHECKS = pytest.mark.parametrize(
    "check", [check_writable, lambda path: write_atomically(path, lambda stream: None)]
)
_KILLED = """
import os, signal, sys
from pathlib import Path
from core.files.atomic_file import write_atomically
if hasattr(os, "O_TMPFILE"):  # as on a system, or a disk, that knows no files without a name
    del os.O_TMPFILE
def write(stream):
    stream.write(b"half")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
write_atomically(Path(sys.argv[1]), write)
"""


@contextmanager
def _umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def _mode(path):
    return path.stat().st_mode & 0o7777


def _replace(path, content=b"new"):
    write_atomically(path, lambda stream: stream.write(content))


def test_the_content_is_written_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    _replace(path)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_content_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    write_atomically(path, lambda stream: stream.write(path.read_bytes() + b" and new"))
    assert path.read_bytes() == b"old and new"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, error):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def write(stream):
        stream.write(b"half")
        raise error

    with pytest.raises((DigitscopeError, KeyboardInterrupt)):
        write_atomically(path, write)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# --- locations ----------------------------------------------------------------------------------


@_CHECKS
def test_a_folder_that_is_missing_or_a_file_is_named(tmp_path, check):
    (tmp_path / "file").write_text("no folder", "utf-8")
    for folder in ("file", "missing"):
        with pytest.raises(DigitscopeError, match=folder):
            check(tmp_path / folder / "report.json")


def test_a_writable_place_is_no_error_and_is_not_touched(tmp_path):
    check_writable(tmp_path / "report.json")
    assert list(tmp_path.iterdir()) == []


def test_the_check_does_not_touch_an_existing_file(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    before = path.stat()
    check_writable(path)
    assert list(tmp_path.iterdir()) == [path]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@_CHECKS
def test_a_folder_is_no_file(tmp_path, check):
    with pytest.raises(DigitscopeError, match="folder, not a file"):
        check(tmp_path)


@_UNIX
@_CHECKS
def test_neither_a_pipe_nor_a_device_is_replaced(tmp_path, check):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    for name, kind in (("pipe", "pipe"), ("null", "device")):
        with pytest.raises(DigitscopeError, match=f"a {kind}, not a file"):
            check(tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    assert Path("/dev/null").is_char_device()


@_CHECKS
@pytest.mark.parametrize("name", ["x" * 252 + ".npz", "a\0b.npz", "\ud800.npz"])
def test_an_impossible_file_name_is_refused(tmp_path, check, name):
    with pytest.raises(DigitscopeError, match="be written"):
        check(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_possible_name_is_written(tmp_path):
    path = tmp_path / ("x" * 251 + ".npz")
    check_writable(path)
    _replace(path)
    assert path.read_bytes() == b"new"


@_CHECKS
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_write_protected_file_is_refused(tmp_path, check):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(DigitscopeError, match="denied"):
        check(path)
    path.chmod(0o644)
    tmp_path.chmod(0o555)
    try:
        for place in (path, tmp_path / "other"):
            with pytest.raises(DigitscopeError, match="denied"):
                check(place)
    finally:
        tmp_path.chmod(0o755)


# --- modes and links ----------------------------------------------------------------------------


@_UNIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_a_replaced_file_keeps_its_mode(tmp_path, mode):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    modes = []
    with _umask(0o022):
        write_atomically(path, lambda stream: modes.append(os.fstat(stream.fileno()).st_mode))
    assert _mode(path) == mode
    assert modes[0] & 0o077 == 0  # nobody else sees it before


@_UNIX
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_the_umask(tmp_path, mask):
    with _umask(mask):
        _replace(tmp_path / "file")
    assert _mode(tmp_path / "file") == 0o666 & ~mask


@_UNIX
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away"
)
def test_another_owners_file_stays_theirs(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o640)
    _replace(path)
    found = path.stat()
    assert (found.st_uid, found.st_gid, _mode(path)) == (1234, 2345, 0o640)


@_UNIX
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_its_target_is_replaced(tmp_path, exists):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "file", tmp_path / "link"
    if exists:
        target.write_bytes(b"old")
    link.symlink_to(Path("there") / "file")
    check_writable(link)
    assert target.exists() == exists
    _replace(link)
    assert link.readlink() == Path("there") / "file"
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == ["file"]


@_UNIX
@_CHECKS
def test_links_in_a_circle_are_refused(tmp_path, check):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(DigitscopeError, match="be written"):
        check(tmp_path / "a")


# --- partials -----------------------------------------------------------------------------------


def _partials(folder):
    return [path for path in folder.iterdir() if path.name.startswith(".digitscope-")]


@pytest.fixture
def without_nameless_files(monkeypatch):
    """As on a system or a disk that does not support files without a name."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)


def test_no_partial_has_the_name_of_another(tmp_path, without_nameless_files):
    names = set()
    for _ in range(3):
        write_atomically(tmp_path / "file", lambda s: names.update(_partials(tmp_path)))
    assert len(names) == 3
    assert all(re.fullmatch(r"\.digitscope-\d+-[0-9a-f]{16}\.partial", p.name) for p in names)


def test_files_being_written_are_not_removed(tmp_path, without_nameless_files):
    def write(stream):
        assert sweep_partials(tmp_path) == 0
        stream.write(b"new")

    write_atomically(tmp_path / "file", write)
    assert (tmp_path / "file").read_bytes() == b"new"


@_UNIX
def test_leftovers_of_a_killed_process_and_nothing_else_are_removed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    killed = subprocess.run([sys.executable, "-c", _KILLED, path], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [partial.read_bytes() for partial in _partials(tmp_path)] == [b"half"]
    others = {
        tmp_path / name
        for name in ("file", ".file.1.partial", ".digitscope-1-ab.partial", "digitscope.partial")
    }
    for other in others - {path}:
        other.touch()
    victim, link, pipe = (
        tmp_path / name
        for name in (
            "victim",
            f".digitscope-1-{'0' * 16}.partial",
            f".digitscope-1-{'1' * 16}.partial",
        )
    )
    victim.write_bytes(b"mine")
    link.symlink_to(victim)
    os.mkfifo(pipe)

    assert sweep_partials(tmp_path) == 1
    assert set(tmp_path.iterdir()) == {*others, victim, link, pipe}
    assert path.read_bytes() == b"old"
    assert victim.read_bytes() == b"mine"


def test_a_missing_folder_needs_no_cleanup(tmp_path):
    (tmp_path / "file").touch()
    assert sweep_partials(tmp_path / "missing") == 0
    assert sweep_partials(tmp_path / "file") == 0


@_UNIX
def test_a_disk_that_is_full_leaves_the_old_file_and_no_partial(tmp_path):
    """A limit on file sizes stops writing in mid-file, as a full disk does."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from core.files.atomic_file import write_atomically\n"
        "from core.errors import DigitscopeError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: write_atomically(Path(sys.argv[1]), lambda s: s.write(bytes(200_000)))\n"
        "except DigitscopeError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], check=True, timeout=60, capture_output=True, text=True
    )
    assert "File too large" in done.stdout
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
