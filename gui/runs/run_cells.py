"""What Qt asks of the rows of the list of runs: texts, sort keys, and what can be done."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from core.wording import numeral, percent
from gui.runs.run_columns import (
    COLUMNS,
    CURVE,
    NAME,
    NOTE,
    TICK,
    Listed,
    description_of_search,
    key_of,
    text_of,
)
from gui.runs.run_rows import RunRows
from gui.widgets.literal_text import literal

MOST_OVERLAYS = 8
"""More curves in one plot cannot be told apart."""

RECORD_ROLE = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_INDENT = "\u2003"
"""Before the name of a run that stands under its search, or under the run that it branched off."""

_DEEPEST = 4
"""Further in, the column would have no room for the name."""


class RunCells(QAbstractTableModel):
    """Runs and searches as cells.

    Attributes
    ----------
    rows
        What is listed, and which searches are open.
    ticked
        Index of the color of each ticked run, by the id of the run, in the order of ticking. It
        stays the same while other ticks come and go.
    present
        The id of the current run, which is already in the plots and cannot be ticked; or None.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = RunRows()
        self.ticked: dict[str, int] = {}
        self.present: str | None = None
        self._bold = QFont()
        self._bold.setWeight(QFont.Weight.DemiBold)

    @property
    def present_record(self) -> RunRecord | None:
        """The record of the current run."""
        return self.rows.run(self.present)

    @property
    def ticked_records(self) -> list[RunRecord]:
        """The records of the ticked runs, in the order of ticking."""
        return [record for run in self.ticked if (record := self.rows.run(run)) is not None]

    def record(self, index: _AnyIndex) -> Listed:
        """Return the run or search of a row."""
        return self.rows.listed[index.row()]

    def rowCount(self, parent: _AnyIndex | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows.listed)

    def columnCount(self, parent: _AnyIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        record = self.record(index)
        is_search = isinstance(record, SearchRecord)
        if index.column() == NAME or (index.column() == NOTE and not is_search):
            flags |= Qt.ItemFlag.ItemIsEditable
        elif index.column() == TICK and record.id != self.present:
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
        """Return the content of a cell by Qt's roles, or the row itself."""
        record, column = self.record(index), COLUMNS[index.column()]
        value: Any = None
        if role in (_Role.DisplayRole, _Role.EditRole):
            value = text_of(record, index.column())
            if index.column() == NAME and role == _Role.DisplayRole:
                value = _INDENT * self.rows.depth(index.row(), _DEEPEST) + value
        elif role == RECORD_ROLE:
            value = record
        elif role == _Role.TextAlignmentRole:
            value = _RIGHT if column.is_number else _LEFT
        elif role == _Role.CheckStateRole and index.column() == TICK:
            is_on = record.id in self.ticked or record.id in self.rows.opened
            value = Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        elif role == _Role.FontRole and index.column() == NAME and record.id == self.present:
            value = self._bold
        elif role == _Role.ToolTipRole:
            value = literal(self._description(record, index.column()))
        elif role == _Role.AccessibleTextRole:
            value = self._description(record, index.column())
        return value

    def sort_key(self, place: int, column: int) -> float | str:
        """Return what a row is sorted by in a column; upper and lower case are the same."""
        record = self.rows.listed[place]
        if column == TICK:
            return -self.ticked.get(record.id, MOST_OVERLAYS)
        key = key_of(record, column)
        return key.casefold() if isinstance(key, str) else key

    def _description(self, record: Listed, column: int) -> str:
        if isinstance(record, SearchRecord):
            if column in (TICK, NAME):
                return description_of_search(record, record.id in self.rows.opened)
            return text_of(record, column)
        if column == TICK and record.id == self.present:
            return "The current run is already in the plots"
        if column == TICK:
            return "Overlaid" if record.id in self.ticked else "Click to overlay its curves"
        if column == CURVE:
            return f"{COLUMNS[CURVE].tool_tip}. At the end: {percent(record.test_accuracy)}"
        return text_of(record, column) + (self._origin(record) if column == NAME else "")

    def _origin(self, record: RunRecord) -> str:
        """Return where a branch comes from, to follow its name; empty for other runs."""
        if record.parent_step is None:
            return ""
        parent = self.rows.parent(record)
        whose = "a run that is not listed" if parent is None else parent.name
        return f", a branch of {whose} from step {numeral(record.parent_step)}"
