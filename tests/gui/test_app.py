"""The app in its own process, from start to exit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtGui import QImage

from gui.app import _settings

ROOT = Path(__file__).parents[2]


def complaints(run):
    """Return stderr without the messages of Qt's offscreen platform."""
    return [line for line in run.stderr.splitlines() if "This plugin does not" not in line]


def start(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_from_start_to_exit(tmp_path):
    """Trains on the built-in digits, draws on the pad, saves a picture, and quits.

    The first start generates the digits; the second finds them in the cache.
    """
    for theme in ("light", "dark"):
        file = tmp_path / f"{theme}.png"
        size = ("--seconds", "1", "--size", "1280x800")
        run = start("--screenshot", file, *size, "--theme", theme)
        assert (theme, run.returncode, complaints(run)) == (theme, 0, [])
        picture = QImage(str(file))
        assert (picture.width(), picture.height()) == (1280, 800)
        assert (picture.pixelColor(5, 60).lightness() > 128) == (theme == "light")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere settings are in no such file")
@pytest.mark.parametrize("name", ["Digitscope/Digitscope.conf", "Digitscope.conf"])
def test_settings_that_are_not_a_file_are_ignored(monkeypatch, tmp_path, name):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    settings, complaint = _settings()
    assert settings is None
    assert f"'{tmp_path / name}' cannot be read: it is a pipe" in complaint


KILLED = """
import os, sys
from PySide6.QtCore import QLockFile

lock = QLockFile(sys.argv[1])
assert lock.tryLock(0)
os.kill(os.getpid(), 9)
"""
NO_DATA = """
import sys
from core.errors import DataError
from gui.training import dataset_choice
from main import main

def broken(*_):
    raise DataError("There are no digits today.")

dataset_choice.find_published = dataset_choice.load_strokes = dataset_choice.load_dataset = broken
sys.exit(main(["--screenshot", sys.argv[1], "--seconds", "0.1"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere settings are in no such file")
def test_a_killed_apps_settings_lock_is_removed_and_a_running_ones_stays(tmp_path):
    """Qt locks the settings while it writes them."""

    def start_with_settings():
        code = "from gui.app import _settings; assert _settings()[0] is not None"
        environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)

    lock = tmp_path / "Digitscope" / "Digitscope.conf.lock"
    lock.parent.mkdir()
    assert subprocess.run([sys.executable, "-c", KILLED, str(lock)], check=False).returncode < 0
    assert lock.exists()
    start_with_settings()
    assert not lock.exists()
    living = QLockFile(str(lock))
    assert living.tryLock(0)
    start_with_settings()
    assert lock.exists()
    living.unlock()


def test_a_screenshot_without_a_data_set_is_reported(tmp_path):
    """After the last one has failed: the built-in digits come after MNIST."""
    run = subprocess.run(
        [sys.executable, "-c", NO_DATA, str(tmp_path / "window.png")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert complaints(run) == ["main.py: There are no digits today."]
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_cannot_be_written_is_reported(tmp_path):
    run = start("--screenshot", tmp_path / "nowhere" / "window.png", "--seconds", "0.1")
    assert run.returncode == 2
    assert len(complaints(run)) == 1
    assert "nowhere" in run.stderr


def test_a_view_that_does_not_exist_is_reported(tmp_path):
    run = start("--screenshot", tmp_path, "--view", "flow", "--view", "sheets")
    assert run.returncode == 2
    (complaint,) = complaints(run)
    assert "There is no view 'sheets'; use one of all, lesson, weights, flow, " in complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_it_says_what_to_do():
    run = start(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert run.returncode == 2
    assert len(complaints(run)) == 1
    assert "train" in run.stderr
