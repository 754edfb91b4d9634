"""What is built and installed once for all tests. Outside the checkout, and deleted at the end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILDING = 300
"""Seconds; installing loads some 150 MB of packages, unless pip has them in its cache."""


@dataclass(frozen=True)
class Archives:
    """What `python -m build` makes."""

    wheel: Path
    wheel_of_source: Path
    source: Path


@dataclass(frozen=True)
class Installation:
    """A new environment with the wheel in it, and a folder in which to work."""

    python: Path
    program: Path
    folder: Path

    def run(self, *words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command `digitscope`."""
        return subprocess.run(
            [str(word) for word in (self.program, *words)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=check,
            timeout=BUILDING,
        )

    def evaluate(self, code: str) -> str:
        """Run this code with the installed program's Python; return what it printed."""
        return subprocess.run(
            [self.python, "-c", code], cwd=self.folder, capture_output=True, text=True, check=True
        ).stdout.strip()


def tracked() -> list[str]:
    """The files that belong to the project, by their paths in the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """A folder outside the checkout."""
    with tempfile.TemporaryDirectory(prefix="digitscope-package-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def clean_copy(outside: Path) -> Path:
    """The project without what is not tracked, but with a cache, as after a first start."""
    copy = outside / "copy"
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    for folder in ("core", "assets/fonts"):
        (copy / folder / "__pycache__").mkdir()
        (copy / folder / "__pycache__" / "arrays.cpython-311.pyc").touch()
    return copy


@pytest.fixture(scope="session")
def archives(outside: Path, clean_copy: Path) -> Archives:
    """Build the source archive, a wheel from it, and a wheel from the checkout."""
    results = outside / "from-source", outside / "direct"
    for options, result in zip(((), ("--wheel",)), results, strict=True):
        run = subprocess.run(
            [sys.executable, "-m", "build", *options, "--outdir", result, clean_copy],
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILDING,
        )
        assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    (source,), (wheel_of_source,) = results[0].glob("*.tar.gz"), results[0].glob("*.whl")
    (wheel,) = results[1].glob("*.whl")
    return Archives(wheel, wheel_of_source, source)


@pytest.fixture(scope="session")
def installation(outside: Path, archives: Archives) -> Installation:
    """Install the wheel in an environment of its own, in the versions of constraints.txt."""
    environment = outside / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True, timeout=BUILDING)
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"
    constraints = ("--constraint", ROOT / "constraints.txt", "--only-binary", ":all:")
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", *constraints]
    subprocess.run([python, *install, archives.wheel], check=True, timeout=BUILDING)
    folder = outside / "work"
    folder.mkdir()
    return Installation(python, programs / "digitscope", folder)
