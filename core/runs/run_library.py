"""The records of all runs, in one file.

The file is an SQLite database: each record is written separately, several windows may have it open,
and it survives an app that is killed. It is in WAL mode with ``synchronous=NORMAL``, in which a
commit does not wait for the disk: a power failure may lose the last commits, and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.errors import RunLibraryError
from core.files.locations import data_folder
from core.files.npz import DAMAGES
from core.files.user_file import check_place
from core.runs.run_curves import RunCurves
from core.runs.run_record import RunRecord
from core.runs.run_rows import (
    COLUMNS,
    OF_THE_USER,
    packed,
    record_from,
    shown_name,
    stored_path,
    unpacked,
    values_of,
)

VERSION = 1
"""Version of the tables below; stored in the file as its ``user_version``."""

IN_MEMORY = Path(":memory:")
"""Use instead of a file for a library that is discarded when it is closed."""

_TIMEOUT = 1.0
"""Seconds to wait for another window that is writing; a write takes a millisecond."""

_DELETED_FOR = 24 * 3600.0
"""Seconds for which deleted runs can be restored."""

# The curves have their own table, so that listing the runs does not read them.
# AUTOINCREMENT, so that the number of a deleted run is not used again.
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
_READ = f"SELECT number, {', '.join(COLUMNS)} FROM runs"
_INSERT = f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_UPDATE = (
    f"UPDATE runs SET {', '.join(f'{name} = ?' for name in COLUMNS if name not in OF_THE_USER)} "
    "WHERE id = ?"
)


class RunLibrary:
    """The records of all runs of this user. Use it only in the thread that made it.

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
                    "Digitscope. Update the app; until then, runs are not recorded."
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
        """Close the file; the object must not be used afterwards."""
        self._connection.close()

    # --- reading --------------------------------------------------------------------------

    def records(self) -> list[RunRecord]:
        """Return all runs that are not deleted, newest first; damaged records are skipped."""
        with self._translated():
            self._seen = self._data_version()
            rows = self._connection.execute(
                f"{_READ} WHERE deleted IS NULL ORDER BY began DESC, number DESC"
            ).fetchall()
        return [record for row in rows if (record := record_from(row)) is not None]

    def has_changed_elsewhere(self) -> bool:
        """Return whether another window has written since :meth:`records`."""
        with self._translated():
            return self._data_version() != self._seen

    def curves(self, run: str) -> RunCurves:
        """Return the curves of the run with this id."""
        with self._translated():
            row = self._connection.execute(
                "SELECT data FROM curves WHERE id = ?", (run,)
            ).fetchone()
        try:
            if row is None:
                raise ValueError("there are none")
            return unpacked(row[0])
        except (*DAMAGES, TypeError, OSError) as error:
            raise RunLibraryError(
                f"The curves of this run cannot be read from '{self.path}' ({error}): they may be "
                "damaged, or another window may have deleted the run. Other runs are not affected."
            ) from error

    def record(self, run: str) -> RunRecord | None:
        """Return the run with this id; None if there is none, or if it is deleted or damaged."""
        with self._translated():
            row = self._connection.execute(
                f"{_READ} WHERE id = ? AND deleted IS NULL", (run,)
            ).fetchone()
        return None if row is None else record_from(row)

    def id_of(self, path: Path, steps: int) -> str | None:
        """Return the id of the run saved to `path` after this many steps, if it is here."""
        with self._translated():
            row = self._connection.execute(
                "SELECT id FROM runs WHERE path = ? AND steps = ? AND deleted IS NULL "
                "ORDER BY number DESC",
                (stored_path(path), steps),
            ).fetchone()
        return None if row is None else str(row[0])

    # --- writing --------------------------------------------------------------------------

    def put(self, record: RunRecord, curves: RunCurves) -> RunRecord:
        """Add or update a run; return its record as stored.

        An update keeps the name and the note, which the user may have changed, when the run began,
        and whether it is deleted.
        """
        with self._transaction() as connection:
            values = values_of(record)
            figures = [values[name] for name in COLUMNS if name not in OF_THE_USER]
            # Not a single upsert, because that would use up a number each time.
            if not connection.execute(_UPDATE, [*figures, record.id]).rowcount:
                connection.execute(_INSERT, list(values.values()))
            connection.execute(
                "INSERT OR REPLACE INTO curves VALUES (?, ?)", (record.id, packed(curves))
            )
            row = connection.execute(f"{_READ} WHERE id = ?", (record.id,)).fetchone()
        return record_from(row) or record

    def rename(self, run: str, name: str) -> str:
        """Rename a run; an empty name stands for its number. Return the name that is shown."""
        self._set("name", name, [run])
        with self._translated():
            row = self._connection.execute(
                "SELECT number, name FROM runs WHERE id = ?", (run,)
            ).fetchone()
        return shown_name(*row) if row else name

    def annotate(self, run: str, note: str) -> None:
        """Store the user's note on a run."""
        self._set("note", note, [run])

    def delete(self, runs: Sequence[str]) -> None:
        """Delete runs; :meth:`restore` can undo this for a day."""
        self._set("deleted", time.time(), runs)

    def restore(self, runs: Sequence[str]) -> None:
        """Restore deleted runs."""
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
