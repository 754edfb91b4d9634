"""The program itself: its version, how it is called and started, and how to add to it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

VERSION = "0.1.0"
"""The only place that says it: pyproject.toml has it read from here."""

_FOLDER = Path(__file__).parents[1]
_NAME = "digitscope"


def is_checkout() -> bool:
    """Return whether this is the source's own folder, and not an installation."""
    return (_FOLDER / "pyproject.toml").is_file()


def program_name() -> str:
    """Return "digitscope" or "main.py", as the user called it."""
    is_installed = Path(sys.argv[0]).stem == _NAME or not is_checkout()
    return _NAME if is_installed else "main.py"


def as_typed(arguments: str) -> str:
    """Return a command line of this program as the user would type it."""
    python = "python " if program_name() == "main.py" else ""
    return f"{python}{program_name()} {arguments}".rstrip()


def start_command() -> tuple[str, ...]:
    """Return the words that start this program once more, before its arguments."""
    if _is_bundle():
        return (sys.executable,)
    return (sys.executable, str(_FOLDER / "main.py"))


def how_to_add(*extras: str) -> str:
    """Return a sentence on how to install `extras`, groups of pyproject.toml's optional packages.

    The first also names the target of the Makefile, which installs those that belong to it.
    """
    group = f"[{','.join(extras)}]"
    if is_checkout():
        return (
            f"Run 'make {extras[0]}' in Digitscope's folder (without make: pip install "
            f'-c constraints.txt -e ".{group}").'
        )
    if _is_bundle():
        return (
            "This program brings its own Python, to which nothing can be added: install Digitscope "
            f"from its source with pipx, uv or pip, with {group}."
        )
    # None of these looks for Digitscope itself, because it is installed.
    words = [*_installer(), f"{_NAME}{group}"]
    return f"Run: {subprocess.list2cmdline(words) if os.name == 'nt' else shlex.join(words)}"


def _installer() -> list[str]:
    """Return the command that installs packages beside Digitscope: of pipx, uv or pip."""
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return ["pipx", "runpip", Path(sys.prefix).name, "install"]
    if find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]


def _is_bundle() -> bool:
    return getattr(sys, "frozen", False)
