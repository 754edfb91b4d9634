"""The wheel and the source archive hold everything that belongs to the program, and no more."""

from __future__ import annotations

import email
import tarfile
import zipfile
from pathlib import Path

from core.program import VERSION
from tests.package.conftest import Archives, tracked

PROGRAM = ("assets/", "cli/", "core/", "gui/", "main.py")
PICTURES_OF_THE_README = "assets/screenshot-"
ABOUT_THE_SOURCE = {
    *("CHANGELOG.md", "LICENSE", "MANIFEST.in", "README.md"),
    *("constraints.txt", "pyproject.toml"),
}
BY_SETUPTOOLS = {"PKG-INFO", "setup.cfg"}


def program_files() -> set[str]:
    """All that is tracked where the program is, but for the pictures of the README."""
    return {
        name
        for name in tracked()
        if name.startswith(PROGRAM) and not name.startswith(PICTURES_OF_THE_README)
    }


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_program_and_nothing_else(archives: Archives) -> None:
    about = {name for name in names_in(archives.wheel) if ".dist-info/" in name}
    assert names_in(archives.wheel) - about == program_files()


def test_the_licenses_come_along(archives: Archives) -> None:
    for license_file in ("LICENSE", *(name for name in tracked() if name.endswith("-LICENSE.txt"))):
        folder = f"digitscope-{VERSION}.dist-info/licenses"
        assert f"{folder}/{license_file}" in names_in(archives.wheel)


def test_the_source_archive_holds_what_the_wheel_is_built_from(archives: Archives) -> None:
    with tarfile.open(archives.source) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    names = {name for name in names if ".egg-info/" not in name}
    assert names - BY_SETUPTOOLS == program_files() | ABOUT_THE_SOURCE


def test_the_source_archive_gives_the_same_wheel(archives: Archives) -> None:
    """But for the times of the files, which no one needs."""

    def contents(wheel: Path) -> dict[str, bytes]:
        with zipfile.ZipFile(wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert contents(archives.wheel_of_source) == contents(archives.wheel)


def test_the_metadata_name_the_version_and_no_address(archives: Archives) -> None:
    with zipfile.ZipFile(archives.wheel) as archive:
        text = archive.read(f"digitscope-{VERSION}.dist-info/METADATA").decode()
    metadata = email.message_from_string(text)
    assert metadata["Version"] == VERSION
    assert metadata["License-Expression"] == "MIT AND OFL-1.1"
    assert metadata.get_all("Classifier")
    assert not any("://" in value for value in metadata.values())
