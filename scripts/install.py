"""Makes `.venv` and installs the pinned packages in it.

`python -m scripts.install runtime [GROUP ...]`, from the checkout's root, leaves the stamp
`.venv/GROUP-installed` for each group of packages that is complete.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from scripts.debian_packages import install_packages

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
"""Exists while the environment is being changed, so that an interrupted set-up is noticed."""


def main(groups: Sequence[str]) -> None:
    """Bring `.venv` up to date for `groups`; create it again if it is broken or incomplete."""
    if UNFINISHED.exists() or not _works(PYTHON):
        _create_environment()
    UNFINISHED.touch()
    print("Installing Python packages into .venv (only needed once)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    pinned = ["--only-binary", ":all:", "--constraint", "constraints.txt"]
    if subprocess.run([*pip, *pinned, *read_requirements(groups)], check=False).returncode != 0:
        sys.exit(
            "The Python packages could not be installed: pip says why above. Most often the "
            "network is out of reach; the next call tries again."
        )
    UNFINISHED.unlink()
    for group in groups:
        (VENV / f"{group}-installed").touch()


def read_requirements(groups: Sequence[str]) -> list[str]:
    """Return pyproject.toml's requirements: the dependencies ("runtime") and named extras.

    pip cannot install dependencies only, and building this project gains nothing, because it runs
    from its checkout.
    """
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    by_group = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    return [requirement for group in groups for requirement in by_group[group]]


def _works(python: Path) -> bool:
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        outcome = subprocess.run([python, "-c", probe], check=False, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    return outcome.returncode == 0


def _create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        # Debian has a separate package for creating virtual environments.
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install_packages([package], "Python's virtual environments need it"):
            sys.exit(
                f"{sys.executable} cannot make a virtual environment: its module ensurepip is "
                f"missing. Install it (Debian, Ubuntu: sudo apt-get install {package}) and try "
                "again."
            )
    if VENV.exists():
        print("Making .venv anew: it is broken or was left unfinished", flush=True)
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode != 0:
        sys.exit("The virtual environment could not be made: Python says why above.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next call sets up again.")
