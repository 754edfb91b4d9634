"""The database of runs and searches: its file, its tables, and updates of earlier ones.

The file is an SQLite database: each record is written separately, several windows may have it open,
and it survives an app that is killed. It is in WAL mode with ``synchronous=NORMAL``, in which a
commit does not wait for the disk: a power failure may lose the last commits, and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import RunLibraryError
from core.files.locations import data_folder
from core.files.user_file import check_place

VERSION = 3
"""Version of the tables below; stored in the file as its ``user_version``."""

IN_MEMORY = Path(":memory:")
"""Use instead of a file for a library that is discarded when it is closed."""

_TIMEOUT = 1.0
"""Seconds to wait for another window that is writing; a write takes a millisecond."""

_DELETED_FOR = 24 * 3600.0
"""Seconds for which what was deleted can be restored."""

# Each entry leads from the version before it to its own; a new file goes through all of them.
_STEPS = (
    (
        # The curves have their own table, so that listing the runs does not read them.
        # AUTOINCREMENT, so that the number of a deleted run is not used again.
        """CREATE TABLE runs (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, note TEXT NOT NULL, began REAL NOT NULL, config TEXT NOT NULL,
            steps INTEGER NOT NULL, epochs REAL NOT NULL, seconds REAL NOT NULL,
            test_loss REAL, test_accuracy REAL, live_changes INTEGER NOT NULL, path TEXT,
            thumbnail BLOB NOT NULL, deleted REAL)""",
        "CREATE TABLE curves (id TEXT PRIMARY KEY, data BLOB NOT NULL)",
    ),
    (
        "ALTER TABLE runs ADD COLUMN validation_accuracy REAL",
        "ALTER TABLE runs ADD COLUMN search TEXT",
        "ALTER TABLE runs ADD COLUMN trial INTEGER",
        # Holds all that a search's line shows of its trials.
        """CREATE INDEX runs_of_searches ON runs (search, trial, validation_accuracy, deleted)
            WHERE search IS NOT NULL""",
        """CREATE TABLE searches (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, began REAL NOT NULL, plan TEXT NOT NULL, state TEXT NOT NULL,
            importance TEXT, trials INTEGER NOT NULL, message TEXT NOT NULL, deleted REAL)""",
    ),
    (
        "ALTER TABLE runs ADD COLUMN parent TEXT",
        "ALTER TABLE runs ADD COLUMN parent_step INTEGER",
    ),
)
# A run that was recorded after its search was deleted is erased with it.
_FORGET = (
    "DELETE FROM curves WHERE id IN (SELECT id FROM runs WHERE deleted < :before "
    "OR search IN (SELECT id FROM searches WHERE deleted < :before))",
    "DELETE FROM runs WHERE deleted < :before "
    "OR search IN (SELECT id FROM searches WHERE deleted < :before)",
    "DELETE FROM searches WHERE deleted < :before",
)


class RunDatabase:
    """A file with these tables. Use it only in the thread that opened it.

    Parameters
    ----------
    path
        The file; by default in this user's data folder. Created if it does not exist.

    Raises
    ------
    RunLibraryError
        If the file is damaged, from a newer version of the app, or cannot be written. Every method
        may raise it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "runs.sqlite"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # SQLite would block if any of its files were a pipe.
            for companion in ("", "-journal", "-wal", "-shm"):
                check_place(Path(f"{self.path}{companion}"))
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        with self._translated():
            # Only explicit transactions, see below.
            self._connection = sqlite3.connect(self.path, timeout=_TIMEOUT, isolation_level=None)
        try:
            self._set_up()
        except RunLibraryError:
            self.close()
            raise
        self._seen = self._data_version()

    def _set_up(self) -> None:
        with self._translated():
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        with self._transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise RunLibraryError(
                    f"The records of your runs, '{self.path}', were written by a newer version of "
                    "Digitscope. Update the app; until then, runs are not recorded."
                )
            for statements in _STEPS[version:]:
                for statement in statements:
                    connection.execute(statement)
            if version < VERSION:
                connection.execute(f"PRAGMA user_version = {VERSION}")
            before = {"before": time.time() - _DELETED_FOR}
            for statement in _FORGET:
                connection.execute(statement, before)

    def close(self) -> None:
        """Close the file; the object must not be used afterwards."""
        self._connection.close()

    def has_changed_elsewhere(self) -> bool:
        """Return whether another window has written since :meth:`records`."""
        with self._translated():
            return self._data_version() != self._seen

    def version(self) -> int:
        """Return a number that changes whenever another connection has written."""
        with self._translated():
            return self._data_version()

    def _data_version(self) -> int:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit everything that is done inside, or nothing."""
        with self._translated(), self._connection:
            # Immediate, so that only this statement can wait for another window.
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn database errors into an error for the user."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from error

    def _unusable(self, reason: str) -> RunLibraryError:
        return RunLibraryError(
            f"The records of your runs, '{self.path}', cannot be used ({reason}). The file may be "
            "damaged, or its folder full or read-only. Move the file away or free some space, then "
            "restart Digitscope; until then, runs are not recorded."
        )
