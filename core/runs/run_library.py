"""The records of all runs, in one file (see core/runs/run_database.py)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import RunLibraryError
from core.files.npz import DAMAGES
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
from core.runs.search_library import SearchLibrary

_READ = f"SELECT number, {', '.join(COLUMNS)} FROM runs"
_OF_SEARCH = "search = ? ORDER BY trial, number"
_INSERT = f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_UPDATE = (
    f"UPDATE runs SET {', '.join(f'{name} = ?' for name in COLUMNS if name not in OF_THE_USER)} "
    "WHERE id = ?"
)


class RunLibrary(SearchLibrary):
    """The records of all runs and searches of this user. Use it only in the thread that made it."""

    # --- reading --------------------------------------------------------------------------

    def records(self) -> list[RunRecord]:
        """Return all runs that are of no search and not deleted, newest first.

        Damaged records are skipped.
        """
        with self._translated():
            self._seen = self._data_version()
        return self._records("search IS NULL ORDER BY began DESC, number DESC")

    def records_of_search(self, search: str) -> list[RunRecord]:
        """Return the runs of a search that are not deleted, by the number of their trial."""
        return self._records(_OF_SEARCH, search)

    def parts_of_search(self, search: str, size: int) -> Iterator[list[RunRecord]]:
        """Yield the same runs in lists, each made from this many rows.

        What takes long is making the records, not reading the rows, which happens first.
        """
        rows = self._rows(_OF_SEARCH, search)
        for first in range(0, len(rows), size):
            yield _records_from(rows[first : first + size])

    def further_of_search(self, search: str, known: Mapping[str, int]) -> list[RunRecord]:
        """Return the runs of a search whose steps are not those in `known`, by their ids."""
        with self._translated():
            rows = self._connection.execute(
                "SELECT id, steps FROM runs WHERE deleted IS NULL AND search = ?", (search,)
            ).fetchall()
        ids = [run for run, steps in rows if known.get(run) != steps]
        return [record for run in ids if (record := self.record(run)) is not None]

    def _records(self, which: str, *values: str) -> list[RunRecord]:
        return _records_from(self._rows(which, *values))

    def _rows(self, which: str, *values: str) -> list[tuple[Any, ...]]:
        with self._translated():
            return self._connection.execute(
                f"{_READ} WHERE deleted IS NULL AND {which}", values
            ).fetchall()

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
            number, name, note, began = connection.execute(
                "SELECT number, name, note, began FROM runs WHERE id = ?", (record.id,)
            ).fetchone()
        name = shown_name(number, name, record.trial)
        return replace(record, name=name, note=note, began=began)

    def rename(self, run: str, name: str) -> str:
        """Rename a run; an empty name stands for its number. Return the name that is shown."""
        self._set("name", name, [run])
        with self._translated():
            row = self._connection.execute(
                "SELECT number, name, trial FROM runs WHERE id = ?", (run,)
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


def _records_from(rows: Sequence[tuple[Any, ...]]) -> list[RunRecord]:
    """Return the records in these rows, without those that are damaged."""
    return [record for row in rows if (record := record_from(row)) is not None]
