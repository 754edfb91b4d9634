"""The rows of the list of runs: runs, searches, and the runs of searches that are open."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from gui.runs.run_columns import Listed


class RunRows:
    """Runs and searches in no particular order, found by their ids.

    Attributes
    ----------
    listed
        All rows.
    opened
        The ids of the searches whose runs are among them.
    is_tree
        Whether branches stand under the runs that they branched off.
    """

    def __init__(self) -> None:
        self.listed: list[Listed] = []
        self.opened: set[str] = set()
        self.is_tree = False
        self._places: dict[str, int] = {}

    def read(self, library: RunLibrary, present: RunRecord | None) -> None:
        """Take all runs and searches of a library; `present` stays though it is not there yet.

        Raises
        ------
        RunLibraryError
            If it cannot be read; nothing has changed then.
        """
        self.replace(self._all(library))
        self.opened &= {search.id for search in self.searches}
        if present is not None and present.id not in self:
            self.append([present])

    def newer(self, library: RunLibrary) -> list[Listed]:
        """Return the rows of a library that are not here, or that have come further."""
        rows: list[Listed] = [*library.records(), *library.searches()]
        for search in self.opened:
            known = {row.id: row.steps for row in self.trials(search)}
            rows += library.further_of_search(search, known)
        return [
            row
            for row in rows
            if row.id not in self or _is_further(row, self.listed[self._places[row.id]])
        ]

    def _all(self, library: RunLibrary) -> list[Listed]:
        trials = [record for search in self.opened for record in library.records_of_search(search)]
        return [*library.records(), *library.searches(), *trials]

    def replace(self, listed: Iterable[Listed]) -> None:
        """Take these rows instead of all others."""
        self.listed = list(listed)
        self._places = {row.id: place for place, row in enumerate(self.listed)}

    def append(self, rows: Collection[Listed]) -> None:
        """Add rows at the end."""
        first = len(self.listed)
        self.listed += rows
        self._places |= {row.id: place for place, row in enumerate(rows, first)}

    def __contains__(self, row: str | None) -> bool:
        return row in self._places

    def place(self, row: str) -> int:
        """Return the place of the row with this id."""
        return self._places[row]

    def run(self, run: str | None) -> RunRecord | None:
        """Return the run with this id; None if it has no row."""
        row = self.listed[self._places[run]] if run in self._places else None
        return row if isinstance(row, RunRecord) else None

    def search_above(self, place: int) -> int | None:
        """Return the place of the search under which this row stands; None if under none."""
        row = self.listed[place]
        search = row.search if isinstance(row, RunRecord) else None
        return self._places.get(search) if search is not None and search in self.opened else None

    def above(self, place: int) -> int | None:
        """Return the place of the row under which this one stands; None if under none."""
        search = self.search_above(place)
        if search is not None or not self.is_tree:
            return search
        row = self.listed[place]
        parent = self.parent(row) if isinstance(row, RunRecord) else None
        return None if parent is None else self._places[parent.id]

    def parent(self, branch: RunRecord) -> RunRecord | None:
        """Return the row of the run that this one branched off; None if it has none.

        A run that began later is no parent, whatever a file says, so that no run is its own.
        """
        parent = self.run(branch.parent)
        return parent if parent is not None and parent.began < branch.began else None

    def depth(self, place: int, most: int) -> int:
        """Return under how many others this row stands, at most `most`."""
        depth, above = 0, self.above(place)
        while above is not None and depth < most:
            depth, above = depth + 1, self.above(above)
        return depth

    def trials(self, search: str) -> list[RunRecord]:
        """Return the rows of the runs of a search."""
        return [row for row in self.listed if isinstance(row, RunRecord) and row.search == search]

    @property
    def searches(self) -> list[SearchRecord]:
        """The searches."""
        return [row for row in self.listed if isinstance(row, SearchRecord)]

    @property
    def runs_in_all(self) -> int:
        """How many rows are runs."""
        return len(self.listed) - len(self.searches)


def _is_further(row: Listed, known: Listed) -> bool:
    if isinstance(row, RunRecord) and isinstance(known, RunRecord):
        return row.steps != known.steps
    return row != known
