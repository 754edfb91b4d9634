"""The records of searches, in the database of runs."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from core.runs.run_database import RunDatabase
from core.runs.search_record import SearchRecord

_COLUMNS = ("id", "name", "began", "plan", "state", "trials", "importance", "message")
_PUT = (
    f"INSERT INTO searches ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
    # Not the name, which the user may have changed, nor when it began.
    f"UPDATE searches SET {', '.join(f'{name} = ?' for name in _COLUMNS[3:])} WHERE id = ?",
)
_READ = f"""SELECT number, {", ".join(_COLUMNS)}, recorded, best FROM searches
    LEFT JOIN (
        SELECT search, COUNT(*) AS recorded, MAX(accuracy) AS best FROM (
            SELECT search, trial, AVG(validation_accuracy) AS accuracy FROM runs
            WHERE search IS NOT NULL AND deleted IS NULL GROUP BY search, trial)
        GROUP BY search)
    ON search = id WHERE deleted IS NULL"""


class SearchLibrary(RunDatabase):
    """Reads and writes the records of searches."""

    def searches(self) -> list[SearchRecord]:
        """Return all searches that are not deleted, newest first; damaged records are skipped."""
        with self._translated():
            rows = self._connection.execute(f"{_READ} ORDER BY began DESC, number DESC").fetchall()
        return [search for row in rows if (search := _search_from(row)) is not None]

    def search(self, search: str) -> SearchRecord | None:
        """Return the search with this id; None if there is none, or it is deleted or damaged."""
        with self._translated():
            row = self._connection.execute(f"{_READ} AND id = ?", (search,)).fetchone()
        return None if row is None else _search_from(row)

    def put_search(self, search: SearchRecord) -> None:
        """Add or update a search.

        An update keeps its name, when it began, and whether it is deleted.
        """
        importance = None if search.importance is None else json.dumps(dict(search.importance))
        plan = json.dumps(dict(search.plan))
        changing = (plan, search.state, search.trials, importance, search.message)
        insert, update = _PUT
        with self._transaction() as connection:
            if not connection.execute(update, (*changing, search.id)).rowcount:
                connection.execute(insert, (search.id, search.name, search.began, *changing))

    def rename_search(self, search: str, name: str) -> None:
        """Rename a search; an empty name stands for its number."""
        with self._transaction() as connection:
            connection.execute("UPDATE searches SET name = ? WHERE id = ?", (name, search))

    def delete_searches(self, searches: Sequence[str]) -> None:
        """Delete searches with all their runs; :meth:`restore_searches` undoes it for a day."""
        now = time.time()
        with self._transaction() as connection:
            for search in searches:
                connection.execute(
                    "UPDATE searches SET deleted = ? WHERE id = ? AND deleted IS NULL",
                    (now, search),
                )
                connection.execute(
                    "UPDATE runs SET deleted = ? WHERE search = ? AND deleted IS NULL",
                    (now, search),
                )

    def restore_searches(self, searches: Sequence[str]) -> None:
        """Restore deleted searches with the runs that were deleted with them, and only those."""
        with self._transaction() as connection:
            for search in searches:
                connection.execute(
                    "UPDATE runs SET deleted = NULL WHERE search = ? AND deleted = "
                    "(SELECT deleted FROM searches WHERE id = ?)",
                    (search, search),
                )
                connection.execute("UPDATE searches SET deleted = NULL WHERE id = ?", (search,))


def _search_from(row: tuple[Any, ...]) -> SearchRecord | None:
    """Return the search in a row of `_READ`; None if it is damaged."""
    number, search, name, began, plan, state, trials, importance, message, recorded, best = row
    try:
        values, weights = json.loads(plan), None if importance is None else json.loads(importance)
        if not isinstance(values, dict) or not isinstance(weights, dict | None):
            raise ValueError("its plan or its importances are not named values")
        return SearchRecord(
            str(search),
            str(name) or f"Search {number}",
            float(began),
            values,
            str(state),
            int(trials),
            None if weights is None else {key: float(value) for key, value in weights.items()},
            str(message),
            recorded or 0,
            best,
        )
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        logging.getLogger(__name__).warning("Search %s was skipped: %s", number, error)
        return None
