"""Where searches are on disk, whether one is going on, and what has to be installed for them."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import Path

from core.errors import DigitscopeError
from core.files.locations import data_folder
from core.program import how_to_add


def storage_path(search: str) -> Path:
    """Return the file in which Optuna keeps the trials of the search with this id."""
    return data_folder() / "searches" / f"{search}.sqlite"


def is_running(search: str) -> bool:
    """Return whether a process is working on the search with this id.

    It holds a lock on the file, which the system releases however the process ends.
    """
    path = storage_path(search)
    if not path.is_file():
        return False
    try:
        # Not for writing: a file that has just been deleted must not appear again.
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, timeout=0, uri=True)) as connection:
            connection.execute("SELECT * FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        return "locked" in str(error)
    return False


def missing_extras(on_cluster: bool = False) -> str:
    """Return what to do before a search can run on this machine or a cluster; "" if nothing."""
    needed = ("optuna", "joblib", *(("distributed",) if on_cluster else ()))
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"Searches need {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not "
        f"installed. {how_to_add('search', 'cluster')}"
    )


def check_extras(on_cluster: bool = False) -> None:
    """Raise a DigitscopeError if something that a search needs is not installed."""
    missing = missing_extras(on_cluster)
    if missing:
        raise DigitscopeError(missing)
