"""What is on disk while a freshly started app waits; see kill.py."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.errors import DigitscopeError
from core.files.locations import cache_folder, data_folder
from core.ink.ink_file import read_ink
from core.runs.run_library import RunLibrary
from core.saving.run_file import load_run

_CURVES = 20
"""The curves of this many records are read, too."""


class Remains:
    """Opens every file in a home folder.

    Attributes
    ----------
    damaged
        Files that cannot be opened, and why.
    leftovers
        Files that neither belong to a running process nor are kept by the app.
    saved, autosaved, digits, records
        How many there are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.damaged: list[str] = []
        self.leftovers: set[Path] = set()
        self.digits = self.saved = self.autosaved = self.records = 0
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not self._is_known(path) and not _is_held(path):
                self.leftovers.add(path)
        self._read_records()

    def __str__(self) -> str:
        return (
            f"{self.saved} saved runs, {self.autosaved} autosaved, {self.digits} digits and "
            f"{self.records} records"
        )

    def _is_known(self, path: Path) -> bool:
        """Open a file by its kind; return whether the app keeps it."""
        parts = path.relative_to(self._folder).parts
        hidden = path.name.startswith(".")
        if hidden or path.suffix in (".lock", ".partial"):
            return False
        if path.suffix == ".npz" and path.parent in (self._folder / "files", _autosave_folder()):
            self._try(path, load_run)
            self.saved += parts[0] == "files"
            self.autosaved += parts[0] != "files"
            return True
        if path.suffix == ".png" and path.parent.parent in (
            data_folder() / "my-digits",
            self._folder / "files" / "exported",
        ):
            if not path.stat().st_size:
                return False  # an empty claim
            self._try(path, read_ink)
            self.digits += parts[0] != "files"
            return True
        return (
            path.name.startswith("runs.sqlite")
            or (parts[0] == "config" and path.name == "Digitscope.conf")
            or path.is_relative_to(cache_folder())
        )

    def _try(self, path: Path, read: Callable[[Path], object]) -> None:
        try:
            read(path)
        except DigitscopeError as error:
            self.damaged.append(str(error))

    def _read_records(self) -> None:
        path = data_folder() / "runs.sqlite"
        if not path.exists():
            return
        try:
            with closing(sqlite3.connect(path)) as database:
                (answer,) = database.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                self.damaged.append(f"{path.name}: {answer}")
            with closing(RunLibrary(path)) as library:
                records = library.records()
                self.records = len(records)
                for record in records[:_CURVES]:
                    library.curves(record.id)
        except (DigitscopeError, sqlite3.Error) as error:
            self.damaged.append(f"{path.name}: {error}")


def _autosave_folder() -> Path:
    return data_folder() / "autosave"


def kind_of(leftover: Path) -> str:
    """Name a leftover and its folder, without the parts that vary."""
    folder = leftover.parent
    place = folder.parent.name if folder.name.isdigit() else folder.name
    if leftover.name.startswith("."):
        return f"{place}: partial"
    if leftover.suffix == ".png":
        return f"{place}: empty claim"
    return f"{place}: {'lock' if leftover.suffix == '.lock' else leftover.name}"


def _is_held(path: Path) -> bool:
    """Return whether this is the lock of a running process."""
    if path.suffix != ".lock":
        return False
    try:
        os.kill(int(path.read_text().splitlines()[0]), 0)  # QLockFile writes the process first
    except (OSError, ValueError, IndexError):
        return False
    return True
