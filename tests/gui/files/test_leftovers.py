"""Leftovers of killed processes are removed, and nothing else."""

import os
import secrets
import signal
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from core.datasets.published import download_folder
from core.datasets.published_sets import PUBLISHED_SETS
from core.files.locations import cache_folder, data_folder
from core.my_digits.my_digits import MyDigits
from gui.files.leftovers import sweep_leftovers

INK = np.full((280, 280), 255, np.uint8)

WRITER = """
import os, sys
from pathlib import Path
from core.files.atomic_file import write_atomically

if len(sys.argv) > 2:  # as on a system, or a disk, that knows no files without a name
    del os.O_TMPFILE

def write(stream):
    stream.write(b"half of it")
    stream.flush()
    print("writing", flush=True)
    sys.stdin.readline()

write_atomically(Path(sys.argv[1]), write)
"""


def partial(folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".digitscope-1-{secrets.token_hex(8)}.partial"
    path.write_bytes(b"half")
    return path


def test_partial_files_are_removed_from_every_folder_of_the_app(tmp_path):
    folders = [
        data_folder(),
        cache_folder(),
        *map(download_folder, PUBLISHED_SETS.values()),
        data_folder() / "my-digits" / "7",
        tmp_path / "autosave",
    ]
    left = [partial(folder) for folder in folders]
    sweep_leftovers([tmp_path / "autosave"])
    assert not any(path.exists() for path in left)


@contextmanager
def writer(path, *options):
    """Another process that is writing to `path`; killed at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "writing\n"
        yield
        process.send_signal(signal.SIGKILL)


def test_files_of_a_running_process_stay_until_it_is_killed(tmp_path):
    with writer(tmp_path / "run.npz", "with names"):
        sweep_leftovers([tmp_path])
        (written,) = tmp_path.iterdir()
    assert written.exists()
    sweep_leftovers([tmp_path])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")
def test_a_killed_process_leaves_nothing_to_clean_up(tmp_path):
    """Not even in a folder that the app never looks at again."""
    with writer(tmp_path / "run.npz"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_drawings_stay_and_names_of_empty_files_are_free_again():
    mine = MyDigits()
    kept = mine.path(mine.add(INK, 7))
    empty = kept.with_name("20261128-101530-123456.png")
    empty.touch()
    note = kept.with_name("note.txt")
    note.touch()
    sweep_leftovers()
    assert kept.exists()
    assert note.exists()
    assert not empty.exists()
    assert MyDigits().problems == ()


def test_a_digit_file_is_never_empty(monkeypatch):
    """So that a kill while it is saved leaves no damaged file."""
    mine = MyDigits()
    folder = mine.path(mine.add(INK, 3)).parent
    seen = []

    def look(_):
        seen.extend(path.stat().st_size for path in folder.glob("*.png"))

    monkeypatch.setattr("core.files.atomic_file.os.fsync", look)
    mine.add(INK, 3)
    assert len(seen) >= 2
    assert 0 not in seen
