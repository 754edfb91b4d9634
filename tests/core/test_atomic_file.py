import pytest

from core.atomic_file import check_writable, write_atomically
from core.errors import DigitscopeError


def test_the_content_arrives_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    write_atomically(path, lambda stream: stream.write(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_content_stays_until_the_new_is_complete(tmp_path):
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


@pytest.mark.parametrize("check", [check_writable, lambda p: write_atomically(p, lambda s: None)])
def test_a_folder_that_is_missing_or_a_file_is_named(tmp_path, check):
    (tmp_path / "file").write_text("no folder", "utf-8")
    for folder in ("file", "missing"):
        with pytest.raises(DigitscopeError, match=folder):
            check(tmp_path / folder / "report.json")


def test_a_writable_place_is_no_error_and_is_not_touched(tmp_path):
    check_writable(tmp_path / "report.json")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DigitscopeError, match="folder"):
        check_writable(tmp_path)
