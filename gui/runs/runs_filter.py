"""Filters and sorts the list of runs."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from core.runs.run_record import RunRecord
from gui.runs.run_columns import COLUMNS, NAME
from gui.runs.runs_model import SORT_ROLE, RunsModel

_AnyIndex = QModelIndex | QPersistentModelIndex


class RunsFilter(QSortFilterProxyModel):
    """Sorts the runs, and shows those whose cells contain all words of a text."""

    def __init__(self, model: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self.setSortRole(SORT_ROLE)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setSourceModel(model)

    def set_text(self, text: str) -> None:
        """Show only the runs whose cells contain all words of `text`."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def record(self, index: _AnyIndex) -> RunRecord:
        """Return the run of a row."""
        return self._model.record(self.mapToSource(index))

    def filterAcceptsRow(self, row: int, _parent: _AnyIndex) -> bool:
        """Say whether a run is shown."""
        if not self._words:
            return True
        record = self._model.record(self._model.index(row, NAME))
        text = " ".join(column.text(record) for column in COLUMNS).casefold()
        return all(word in text for word in self._words)
