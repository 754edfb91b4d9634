"""A record of every run, in one file.

The file is an SQLite database: a run's record is written without the others, several windows may
have it open, and an app that is killed leaves it whole. It is in WAL mode with
``synchronous=NORMAL``, in which a commit does not wait for the disk: the last ones may be lost when
the machine loses power, and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.errors import RunLibraryError
from core.files.locations import data_folder
from core.files.user_file import check_place
from core.runs.run_curves import RunCurves
from core.runs.run_record import RunRecord
from core.runs.run_rows import (
    COLUMNS,
    OF_THE_USER,
    packed,
    record_from,
    shown_name,
    unpacked,
    values_of,
)

VERSION = 1
"""Of the tables below; kept in the file as its ``user_version``."""

IN_MEMORY = Path(":memory:")
"""In the place of a file: a library that is forgotten when it is closed."""

_TIMEOUT = 1.0
"""Seconds to wait for another window that is writing; a write takes a millisecond."""

_DELETED_FOR = 24 * 3600.0
"""Seconds after which what was deleted cannot be restored any more."""

# The curves are in a table of their own, so that a list of the runs need not read past them.
# AUTOINCREMENT, so that the number in a run's name is not given again after the run was deleted.
_TABLES = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL, note TEXT NOT NULL, began REAL NOT NULL, config TEXT NOT NULL,
        steps INTEGER NOT NULL, epochs REAL NOT NULL, seconds REAL NOT NULL,
        test_loss REAL, test_accuracy REAL, live_changes INTEGER NOT NULL, path TEXT,
        thumbnail BLOB NOT NULL, deleted REAL)""",
    "CREATE TABLE curves (id TEXT PRIMARY KEY, data BLOB NOT NULL)",
    f"PRAGMA user_version = {VERSION}",
)
_DAMAGES = (
    *(TypeError, ValueError, KeyError, EOFError, OSError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
_READ = f"SELECT number, {', '.join(COLUMNS)} FROM runs"
_INSERT = f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_UPDATE = (
    f"UPDATE runs SET {', '.join(f'{name} = ?' for name in COLUMNS if name not in OF_THE_USER)} "
    "WHERE id = ?"
)


class RunLibrary:
    """The records of all runs of this user. To be used in the thread that made it.

    Parameters
    ----------
    path
        The file; by default in this user's data folder. It is made if it is not there.

    Raises
    ------
    RunLibraryError
        If the file is damaged, of a newer version of the app, or cannot be written. Every method
        raises it, too.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_folder() / "runs.sqlite"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # SQLite would wait for a pipe, in the place of any of its files.
            for companion in ("", "-journal", "-wal", "-shm"):
                check_place(Path(f"{self.path}{companion}"))
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        with self._translated():
            # No transactions but those that are begun below.
            self._connection = sqlite3.connect(self.path, _TIMEOUT, isolation_level=None)
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
                    "Digitscope. Update the app; until then, runs leave no record."
                )
            if version == 0:
                for statement in _TABLES:
                    connection.execute(statement)
            forgotten = (time.time() - _DELETED_FOR,)
            connection.execute(
                "DELETE FROM curves WHERE id IN (SELECT id FROM runs WHERE deleted < ?)", forgotten
            )
            connection.execute("DELETE FROM runs WHERE deleted < ?", forgotten)

    def close(self) -> None:
        """Let go of the file; this object is of no use afterwards."""
        self._connection.close()

    # --- reading --------------------------------------------------------------------------

    def records(self) -> list[RunRecord]:
        """Return every run that is not deleted, the newest first; damaged records are left out."""
        with self._translated():
            self._seen = self._data_version()
            rows = self._connection.execute(
                f"{_READ} WHERE deleted IS NULL ORDER BY began DESC, number DESC"
            ).fetchall()
        return [record for row in rows if (record := record_from(row)) is not None]

    def has_changed_elsewhere(self) -> bool:
        """Say whether another window has written since :meth:`records`."""
        with self._translated():
            return self._data_version() != self._seen

    def curves(self, run: str) -> RunCurves:
        """Return what is drawn of the run with this id."""
        with self._translated():
            row = self._connection.execute(
                "SELECT data FROM curves WHERE id = ?", (run,)
            ).fetchone()
        try:
            if row is None:
                raise ValueError("there are none")
            return unpacked(row[0])
        except _DAMAGES as error:
            raise RunLibraryError(
                f"The curves of this run cannot be read from '{self.path}' ({error}): they are "
                "damaged, or another window has removed the run. Other runs are not affected."
            ) from error

    # --- writing --------------------------------------------------------------------------

    def put(self, record: RunRecord, curves: RunCurves) -> RunRecord:
        """Keep a run, or bring up to date what is kept of it; return its record as it is now.

        What is there already stays: the name and the note, which the user may have changed since,
        when the run began, and whether it is deleted.
        """
        with self._transaction() as connection:
            values = values_of(record)
            figures = [values[name] for name in COLUMNS if name not in OF_THE_USER]
            # Not one statement for both, because that would use up a number each time.
            if not connection.execute(_UPDATE, [*figures, record.id]).rowcount:
                connection.execute(_INSERT, list(values.values()))
            connection.execute(
                "INSERT OR REPLACE INTO curves VALUES (?, ?)", (record.id, packed(curves))
            )
            row = connection.execute(f"{_READ} WHERE id = ?", (record.id,)).fetchone()
        return record_from(row) or record

    def rename(self, run: str, name: str) -> str:
        """Give a run a name, or with an empty one that of its number; return the name it has."""
        self._set("name", name, [run])
        with self._translated():
            row = self._connection.execute(
                "SELECT number, name FROM runs WHERE id = ?", (run,)
            ).fetchone()
        return shown_name(*row) if row else name

    def annotate(self, run: str, note: str) -> None:
        """Keep the user's words about a run."""
        self._set("note", note, [run])

    def delete(self, runs: Sequence[str]) -> None:
        """Take runs off the list; for a day :meth:`restore` brings them back."""
        self._set("deleted", time.time(), runs)

    def restore(self, runs: Sequence[str]) -> None:
        """Bring deleted runs back."""
        self._set("deleted", None, runs)

    def _set(self, column: str, value: object, runs: Sequence[str]) -> None:
        with self._transaction() as connection:
            connection.executemany(
                f"UPDATE runs SET {column} = ? WHERE id = ?", [(value, run) for run in runs]
            )

    # --- the database ---------------------------------------------------------------------

    def _data_version(self) -> int:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of what is done inside, or nothing."""
        with self._translated(), self._connection:
            # At once, so that it waits for another window here, and nowhere further down.
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the database's errors into one for the user."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from error

    def _unusable(self, reason: str) -> RunLibraryError:
        return RunLibraryError(
            f"The records of your runs, '{self.path}', cannot be used ({reason}). The file may be "
            "damaged, or its folder be full or read-only. Move the file away or make room, and "
            "start again; until then, runs leave no record."
        )
