"""The records of all runs as a table for Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from core.errors import DigitscopeError
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from gui.runs.run_cells import MOST_OVERLAYS, RunCells
from gui.runs.run_columns import (
    COLUMNS,
    NAME,
    NOTE,
    TICK,
    Listed,
)
from gui.runs.trials_reader import TrialsReader

_AnyIndex = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class RunsModel(RunCells):
    """All runs and searches of a library, in no particular order, and which runs are ticked.

    The runs of a search have rows while it is open, once they are read.

    Attributes
    ----------
    kept
        The ids of runs that were replaced and can be resumed, saved or not.

    Signals
    -------
    ticks_changed
        Also when a ticked run is renamed or deleted.
    problem(message)
        An action failed.
    """

    ticks_changed = Signal()
    problem = Signal(str)

    def __init__(self, library: RunLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._trials = TrialsReader(library, self)
        self._trials.read.connect(self._list_trials)
        self.kept: frozenset[str] = frozenset()

    # --- reading --------------------------------------------------------------------------

    def load(self) -> None:
        """Read the runs and searches of the library.

        Raises
        ------
        RunLibraryError
            If it cannot be read.
        """
        self.beginResetModel()
        try:
            self.rows.read(self._library, self.present_record)
        finally:
            self.endResetModel()
        self._drop_ticks({run for run in self.ticked if run not in self.rows})

    def can_open(self, record: Listed) -> bool:
        """Return whether this is a run that can be continued and is not the current one."""
        if isinstance(record, SearchRecord):
            return False
        return record.id != self.present and (record.path is not None or record.id in self.kept)

    def why_not_open(self, selected: Sequence[Listed]) -> str:
        """Return why what is selected cannot be continued; empty if it can."""
        if len(selected) != 1 or isinstance(selected[0], SearchRecord):
            return "Select one run to continue it"
        if self.can_open(selected[0]):
            return ""
        if selected[0].id == self.present:
            return "This is the current run"
        return "Only its curves and settings are kept: save a run to continue it later"

    def show_present(self, record: RunRecord) -> None:
        """Update the current run; its name and note stay as they are here."""
        self.present = record.id
        known = self.rows.run(record.id)
        if known is None:
            self.add(record)
            return
        # It has no name until the library has given it a number.
        self._replace(replace(record, name=known.name or record.name, note=known.note))

    def add(self, record: RunRecord) -> None:
        """List a run that is not listed yet."""
        self._append([record])

    def _append(self, rows: Sequence[Listed]) -> None:
        if rows:
            first = len(self.rows.listed)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self.rows.append(rows)
            self.endInsertRows()

    def _replace(self, row: Listed) -> None:
        place = self.rows.place(row.id)
        self.rows.listed[place] = row
        self._show_row(place)

    def end_present(self) -> None:
        """Let the run that was current be ticked."""
        ended, self.present = self.present, None
        if ended is not None and ended in self.rows:
            self._show_row(self.rows.place(ended))

    def _show_row(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    # --- what the user changes --------------------------------------------------------------

    def remove(self, runs: Sequence[str]) -> list[str]:
        """Delete runs except the current one, which is being recorded; return those deleted.

        Raises
        ------
        RunLibraryError
            If that fails; no run is deleted then.
        """
        removed = [run for run in runs if run != self.present]
        self._library.delete(removed)
        self._take_away(set(removed))
        return removed

    def remove_searches(self, searches: Sequence[str]) -> list[str]:
        """Delete searches with their runs, except that of the current run; return those deleted.

        Raises
        ------
        RunLibraryError
            If that fails; nothing is deleted then.
        """
        present = self.present_record
        removed = [each for each in searches if present is None or present.search != each]
        self._library.delete_searches(removed)
        trials = [row.id for search in removed for row in self.rows.trials(search)]
        self.rows.opened -= set(removed)
        self._take_away({*removed, *trials})
        return removed

    def _take_away(self, gone: set[str]) -> None:
        self.beginResetModel()
        self.rows.replace([row for row in self.rows.listed if row.id not in gone])
        self.endResetModel()
        self._drop_ticks(gone)

    def restore(self, runs: Sequence[str], searches: Sequence[str] = ()) -> None:
        """Restore deleted runs and searches.

        Raises
        ------
        RunLibraryError
            If that fails.
        """
        self._library.restore(runs)
        self._library.restore_searches(searches)
        self.load()

    def _drop_ticks(self, runs: set[str]) -> None:
        if gone := runs & set(self.ticked):
            self.ticked = {run: place for run, place in self.ticked.items() if run not in gone}
            self.ticks_changed.emit()

    def setData(self, index: _AnyIndex, value: Any, role: int = _Role.EditRole) -> bool:
        """Tick, rename or annotate a run, open or rename a search; return whether that was done."""
        record = self.record(index)
        if role == _Role.CheckStateRole and index.column() == TICK:
            is_on = Qt.CheckState(value) == Qt.CheckState.Checked
            if isinstance(record, SearchRecord):
                return self.open_search(record.id, is_on)
            is_done = self._tick(record.id, is_on)
        elif role == _Role.EditRole and index.column() in (NAME, NOTE):
            is_done = self._write(index, str(value).strip())
        else:
            return False
        if is_done:
            self._show_row(index.row())
            if record.id in self.ticked or index.column() == TICK:
                self.ticks_changed.emit()
        return is_done

    def _tick(self, run: str, on: bool) -> bool:
        if not on:
            return self.ticked.pop(run, None) is not None
        free = sorted(set(range(MOST_OVERLAYS)) - set(self.ticked.values()))
        if not free:
            self.problem.emit(f"Up to {MOST_OVERLAYS} runs can be overlaid. Untick one first.")
            return False
        self.ticked.setdefault(run, free[0])
        return True

    def _write(self, index: _AnyIndex, text: str) -> bool:
        record = self.record(index)
        try:
            if isinstance(record, SearchRecord):
                self._library.rename_search(record.id, text)
                record = self._library.search(record.id) or record
            elif index.column() == NAME:
                record = replace(record, name=self._library.rename(record.id, text))
            else:
                self._library.annotate(record.id, text)
                record = replace(record, note=text)
        except DigitscopeError as error:
            self.problem.emit(str(error))
            return False
        self.rows.listed[index.row()] = record
        return True

    # --- searches ---------------------------------------------------------------------------

    def open_search(self, search: str, on: bool) -> bool:
        """List the runs of a search, or no longer; return whether that was done.

        The current run stays listed.
        """
        if on == (search in self.rows.opened):
            return False
        if on:
            self.rows.opened.add(search)
            try:
                self._trials.start(search)
            except DigitscopeError as error:
                self.rows.opened.discard(search)
                self.problem.emit(str(error))
                return False
        else:
            self._trials.stop(search)
            self.rows.opened.discard(search)
            hidden = {row.id for row in self.rows.trials(search)} - {self.present}
            self._take_away(hidden)
        self._show_row(self.rows.place(search))
        return True

    @Slot(object)
    def _list_trials(self, trials: Sequence[RunRecord]) -> None:
        opened = [record for record in trials if record.search in self.rows.opened]
        self._append([record for record in opened if record.id not in self.rows])

    @property
    def is_reading(self) -> bool:
        """Whether the runs of a search that was opened are still being read."""
        return self._trials.is_reading

    def update(self) -> None:
        """Show what another process has recorded since; selection and ticks stay.

        Raises
        ------
        RunLibraryError
            If the library cannot be read.
        """
        newer = self.rows.newer(self._library)
        for row in newer:
            if row.id in self.rows and row.id != self.present:
                self._replace(row)
        self._append([row for row in newer if row.id not in self.rows])
