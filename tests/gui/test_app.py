"""The app as it is started: in a process of its own, from start to exit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gui.app import _settings

ROOT = Path(__file__).parents[2]


def complaints(run):
    """Return what is on stderr, less what Qt's screenless platform says of itself."""
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_from_start_to_exit(tmp_path, theme):
    """Draws the built-in digits, trains, draws on the pad, saves a picture, and leaves."""
    file = tmp_path / "window.png"
    run = start(*("--screenshot", file, "--seconds", "1", "--size", "1280x800", "--theme", theme))
    assert (run.returncode, complaints(run)) == (0, [])
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1280, 800)
    assert (picture.pixelColor(5, 60).lightness() > 128) == (theme == "light")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere settings are in no such file")
@pytest.mark.parametrize("name", ["Digitscope/Digitscope.conf", "Digitscope.conf"])
def test_settings_that_are_no_file_are_done_without(monkeypatch, tmp_path, name):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    settings, complaint = _settings()
    assert settings is None
    assert f"'{tmp_path / name}' cannot be read: it is a pipe" in complaint


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    run = start("--screenshot", tmp_path / "nowhere" / "window.png", "--seconds", "0.1")
    assert run.returncode == 2
    assert len(complaints(run)) == 1
    assert "nowhere" in run.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_it_says_how_to_go_on():
    run = start(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert run.returncode == 2
    assert len(complaints(run)) == 1
    assert "train" in run.stderr
