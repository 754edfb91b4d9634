"""The records of all runs as a table for Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from core.errors import DigitscopeError
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.wording import percent
from gui.runs.run_columns import COLUMNS, CURVE, NAME, NOTE, TICK
from gui.widgets.literal_text import literal

MOST_OVERLAYS = 8
"""More curves in one plot cannot be told apart."""

SORT_ROLE = Qt.ItemDataRole.UserRole
RECORD_ROLE = SORT_ROLE + 1
_AnyIndex = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RunsModel(QAbstractTableModel):
    """All runs of a library, in no particular order, and which of them are ticked.

    Attributes
    ----------
    ticked
        Index of the color of each ticked run, by the id of the run, in the order of ticking. It
        stays the same while other ticks come and go.
    present
        The id of the current run, which is already in the plots and cannot be ticked; or None.
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
        self._records: list[RunRecord] = []
        self._rows: dict[str, int] = {}
        self.ticked: dict[str, int] = {}
        self.present: str | None = None
        self.kept: frozenset[str] = frozenset()
        self._bold = QFont()
        self._bold.setWeight(QFont.Weight.DemiBold)

    # --- reading --------------------------------------------------------------------------

    def load(self) -> None:
        """Read the runs of the library.

        Raises
        ------
        RunLibraryError
            If it cannot be read.
        """
        records = self._library.records()
        self.beginResetModel()
        here = self.present_record
        self._records = records
        self._number_rows()
        if here is not None and here.id not in self._rows:
            self._records.append(here)
            self._number_rows()
        self.endResetModel()
        self._drop_ticks(set(self.ticked) - set(self._rows))

    def _number_rows(self) -> None:
        self._rows = {record.id: row for row, record in enumerate(self._records)}

    @property
    def present_record(self) -> RunRecord | None:
        """The record of the current run."""
        return self._records[self._rows[self.present]] if self.present in self._rows else None

    @property
    def ticked_records(self) -> list[RunRecord]:
        """The records of the ticked runs, in the order of ticking."""
        return [self._records[self._rows[run]] for run in self.ticked]

    def record(self, index: _AnyIndex) -> RunRecord:
        """Return the run of a row."""
        return self._records[index.row()]

    def can_open(self, record: RunRecord) -> bool:
        """Return whether a run can be continued and is not the current one."""
        return record.id != self.present and (record.path is not None or record.id in self.kept)

    def show_present(self, record: RunRecord) -> None:
        """Update the current run; its name and note stay as they are here."""
        self.present = record.id
        row = self._rows.get(record.id)
        if row is None:
            self.add(record)
            return
        known = self._records[row]
        # It has no name until the library has given it a number.
        self._records[row] = replace(record, name=known.name or record.name, note=known.note)
        self._show_row(row)

    def add(self, record: RunRecord) -> None:
        """List a run that is not listed yet."""
        row = len(self._records)
        self.beginInsertRows(QModelIndex(), row, row)
        self._records.append(record)
        self._rows[record.id] = row
        self.endInsertRows()

    def end_present(self) -> None:
        """Let the run that was current be ticked."""
        ended, self.present = self.present, None
        if ended in self._rows:
            self._show_row(self._rows[ended])

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
        gone = set(removed)
        self.beginResetModel()
        self._records = [record for record in self._records if record.id not in gone]
        self._number_rows()
        self.endResetModel()
        self._drop_ticks(gone)
        return removed

    def restore(self, runs: Sequence[str]) -> None:
        """Restore deleted runs.

        Raises
        ------
        RunLibraryError
            If that fails.
        """
        self._library.restore(runs)
        self.load()

    def _drop_ticks(self, runs: set[str]) -> None:
        if gone := runs & set(self.ticked):
            self.ticked = {run: place for run, place in self.ticked.items() if run not in gone}
            self.ticks_changed.emit()

    def setData(self, index: _AnyIndex, value: Any, role: int = _Role.EditRole) -> bool:
        """Tick, rename or annotate a run; return whether that was done."""
        record = self.record(index)
        if role == _Role.CheckStateRole and index.column() == TICK:
            is_done = self._tick(record.id, Qt.CheckState(value) == Qt.CheckState.Checked)
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
            if index.column() == NAME:
                record = replace(record, name=self._library.rename(record.id, text))
            else:
                self._library.annotate(record.id, text)
                record = replace(record, note=text)
        except DigitscopeError as error:
            self.problem.emit(str(error))
            return False
        self._records[index.row()] = record
        return True

    # --- for Qt -----------------------------------------------------------------------------

    def rowCount(self, parent: _AnyIndex | None = None) -> int:
        """Return how many runs there are."""
        return 0 if parent is not None and parent.isValid() else len(self._records)

    def columnCount(self, parent: _AnyIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() in (NAME, NOTE):
            flags |= Qt.ItemFlag.ItemIsEditable
        elif index.column() == TICK and self.record(index).id != self.present:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return a column's title, tool tip and alignment."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        return {
            _Role.DisplayRole: column.title,
            _Role.ToolTipRole: f"{column.tool_tip}. Click to sort",
            _Role.TextAlignmentRole: _RIGHT if column.is_number else _LEFT,
        }.get(_Role(role))

    def data(self, index: _AnyIndex, role: int = _Role.DisplayRole) -> Any:
        """Return the content of a cell by Qt's roles, its sort key, or the run itself."""
        record, column = self.record(index), COLUMNS[index.column()]
        value: Any = None
        if role in (_Role.DisplayRole, _Role.EditRole):
            value = column.text(record)
        elif role == SORT_ROLE:
            value = self._sort_key(record, index.column())
        elif role == RECORD_ROLE:
            value = record
        elif role == _Role.TextAlignmentRole:
            value = _RIGHT if column.is_number else _LEFT
        elif role == _Role.CheckStateRole and index.column() == TICK:
            is_ticked = record.id in self.ticked
            value = Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
        elif role == _Role.FontRole and index.column() == NAME and record.id == self.present:
            value = self._bold
        elif role == _Role.ToolTipRole:
            value = literal(self._description(record, index.column()))
        elif role == _Role.AccessibleTextRole:
            value = self._description(record, index.column())
        return value

    def _sort_key(self, record: RunRecord, column: int) -> float | str:
        if column == TICK:
            return -self.ticked.get(record.id, MOST_OVERLAYS)
        return COLUMNS[column].key(record)

    def _description(self, record: RunRecord, column: int) -> str:
        if column == TICK and record.id == self.present:
            return "The current run is already in the plots"
        if column == TICK:
            return "Overlaid" if record.id in self.ticked else "Click to overlay its curves"
        if column == CURVE:
            return f"{COLUMNS[CURVE].tool_tip}. At the end: {percent(record.test_accuracy)}"
        return COLUMNS[column].text(record)
