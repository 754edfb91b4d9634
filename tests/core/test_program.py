"""How the program is called and started, in a checkout, an installation and a bundle."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import program
from main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """As if the sources were in site-packages."""
    monkeypatch.setattr(program, "_FOLDER", tmp_path)


@pytest.mark.parametrize(
    ("called", "name", "typed"),
    [
        ("main.py", "main.py", "python main.py train"),
        ("/home/me/digitscope/main.py", "main.py", "python main.py train"),
        ("/home/me/.local/bin/digitscope", "digitscope", "digitscope train"),
        ("digitscope.exe", "digitscope", "digitscope train"),
    ],
)
def test_the_name_is_the_one_that_was_called(monkeypatch, called, name, typed):
    monkeypatch.setattr(sys, "argv", [called, "train"])
    assert program.program_name() == name
    assert program.as_typed("train") == typed


@pytest.mark.usefixtures("installed")
def test_an_installed_program_is_never_called_main_py(monkeypatch):
    """The window starts searches by the file, whose messages must name what a user can type."""
    monkeypatch.setattr(sys, "argv", ["/usr/lib/python3/site-packages/main.py", "search"])
    assert program.program_name() == "digitscope"


def test_usage_and_errors_name_the_program_as_it_was_called(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/digitscope"])
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert capsys.readouterr().out.startswith("usage: digitscope train ")
    with pytest.raises(SystemExit):
        main(["--nonsense"])
    assert capsys.readouterr().err.startswith("digitscope: ")
    assert main(["export", "nowhere.npz", "out.csv"]) == 2
    assert capsys.readouterr().err.startswith("digitscope: ")


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"Digitscope {program.VERSION}\n"


def test_it_starts_itself_once_more():
    command = [*program.start_command(), "--version"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == f"Digitscope {program.VERSION}\n"


def test_in_a_checkout_make_adds_an_extra():
    advice = program.how_to_add("search", "cluster")
    assert "'make search'" in advice
    assert '-e ".[search,cluster]"' in advice


@pytest.mark.usefixtures("installed")
def test_an_installation_is_extended_by_what_installed_it(monkeypatch, tmp_path):
    def command():
        return shlex.split(program.how_to_add("export").removeprefix("Run: "))

    python = "/with space/python"
    monkeypatch.setattr(sys, "executable", python)
    assert command() == [python, "-m", "pip", "install", "digitscope[export]"]
    monkeypatch.setattr(program, "find_spec", lambda name: None)  # uv installs no pip
    assert command() == ["uv", "pip", "install", "--python", python, "digitscope[export]"]
    (tmp_path / "my-digitscope").mkdir()
    (tmp_path / "my-digitscope" / "pipx_metadata.json").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "my-digitscope"))
    assert command() == ["pipx", "runpip", "my-digitscope", "install", "digitscope[export]"]


@pytest.mark.usefixtures("installed")
def test_a_bundle_starts_itself_and_cannot_be_extended(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program.start_command() == (sys.executable,)
    assert "nothing can be added" in program.how_to_add("export")


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
@pytest.mark.parametrize("extra", ["export", "search"])
def test_the_makefile_has_the_targets_that_are_named(extra):
    command = ["make", "--dry-run", "--directory", str(ROOT), extra]
    subprocess.run(command, check=True, capture_output=True)
