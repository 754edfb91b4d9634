"""The installed program, started as its user would: in another folder, by its name."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtGui import QImage

from core.program import VERSION
from tests.package.conftest import BUILDING, ROOT, Installation

STROKES = ("--dataset", "strokes")


@pytest.fixture(autouse=True)
def _home(outside: Path, monkeypatch) -> None:
    """One home for all these tests, so that the digits are generated once."""
    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(outside / "home"))


@pytest.fixture(scope="session")
def run_file(installation: Installation) -> Path:
    return installation.folder / "run.npz"


def test_it_says_its_version(installation: Installation) -> None:
    assert installation.run("--version").stdout == f"Digitscope {VERSION}\n"


def test_it_trains(installation: Installation, run_file: Path) -> None:
    installation.run(
        *("train", *STROKES, "--hidden", "16", "--epochs", "1", "--save", run_file),
        *("--report", "report.json"),
    )
    report = json.loads((installation.folder / "report.json").read_text())
    assert report["epochs"] == 1
    assert run_file.exists()


def test_it_evaluates_the_network_that_comes_with_it(installation: Installation) -> None:
    network = Path(
        installation.evaluate("from core.saving.shipped import *; print(SHIPPED_NETWORK)")
    )
    assert not network.is_relative_to(ROOT)
    installation.run("evaluate", network, *STROKES, "--report", "test.json")
    report = json.loads((installation.folder / "test.json").read_text())
    assert report["accuracy"] > 0.95


def test_it_reads_a_picture(installation: Installation) -> None:
    picture = Image.new("L", (120, 120), 255)
    ImageDraw.Draw(picture).line([(35, 30), (85, 30), (52, 95)], fill=0, width=9, joint="curve")
    picture.save(installation.folder / "seven.png")
    installation.run("predict", "seven.png", "--report", "digits.json")
    (report,) = json.loads((installation.folder / "digits.json").read_text())["pictures"]
    assert [digit["digit"] for digit in report["digits"]] == [7]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_shows_its_window(installation: Installation, theme: str) -> None:
    """The pad's answer, the curves and the letters are there: more than a few colors everywhere."""
    installation.run("--screenshot", f"{theme}.png", "--seconds", "2", "--theme", theme)
    picture = QImage(str(installation.folder / f"{theme}.png"))
    assert (picture.width(), picture.height()) == (1280, 800)
    for left in range(0, 1280, 320):
        part = picture.copy(left, 0, 320, 800)
        seen = {part.pixel(x, y) for x in range(0, 320, 2) for y in range(0, 800, 2)}
        assert len(seen) > 30, (theme, left)


def test_lessons_and_typefaces_are_found(installation: Installation) -> None:
    code = """
from core.lessons.lessons import find_lessons
from gui.widgets.typeface import load_typefaces
from PySide6.QtGui import QFontDatabase, QGuiApplication
app = QGuiApplication([])
load_typefaces()
found = find_lessons()
own = {"Digitscope Formula", "Digitscope Sans"} <= set(QFontDatabase.families())
print(len(found.lessons), len(found.problems), own)
"""
    lessons = len(list((ROOT / "assets" / "lessons").glob("*.toml")))
    assert installation.evaluate(code) == f"{lessons} 0 True"


def test_what_is_missing_is_added_by_the_command_that_is_named(
    installation: Installation, run_file: Path
) -> None:
    run = installation.run("export", run_file, "run.onnx", check=False)
    assert run.returncode == 2
    before, _, command = run.stderr.strip().partition(" Run: ")
    assert before.startswith("digitscope: ONNX files cannot be written")
    # By a name without spaces, at which pip would cut it.
    shutil.copy(ROOT / "constraints.txt", installation.folder)
    subprocess.run(
        shlex.split(command),
        cwd=installation.folder,
        env={**os.environ, "PIP_CONSTRAINT": "constraints.txt"},
        capture_output=True,
        check=True,
        timeout=BUILDING,
    )
    installation.run("export", run_file, "run.onnx")
    assert (installation.folder / "run.onnx").exists()


def test_errors_and_hints_name_the_command(installation: Installation) -> None:
    unknown = installation.run("train", "--dataset", "nowhere", check=False)
    assert unknown.stderr.startswith("digitscope train: ")
    lost = installation.run("evaluate", "nowhere.npz", *STROKES, check=False)
    assert lost.stderr.startswith("digitscope: ")
