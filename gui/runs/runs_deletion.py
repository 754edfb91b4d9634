"""Deletes runs and searches from the list, and restores those deleted last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import DigitscopeError
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from gui.runs.run_columns import Listed, how_many
from gui.runs.runs_model import RunsModel


class RunsDeletion(QObject):
    """Deletes and restores.

    Signals
    -------
    said(message, can_undo)
        What was done, or why not; "" to take back what was said.
    changed
        The list has other rows.
    """

    said = Signal(str, bool)
    changed = Signal()

    def __init__(self, model: RunsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._runs: list[str] = []
        self._searches: list[str] = []

    @Slot(object)
    def delete(self, records: Sequence[Listed]) -> None:
        """Delete runs and searches; :meth:`undo` restores those deleted last."""
        searches = [each.id for each in records if isinstance(each, SearchRecord)]
        # The runs of a search are deleted with it.
        runs = [
            each.id
            for each in records
            if isinstance(each, RunRecord) and each.search not in searches
        ]
        try:
            gone = self._model.remove_searches(searches)
            deleted = self._model.remove(runs)
        except DigitscopeError as error:
            self.said.emit(str(error), False)
            return
        is_all = len(deleted) + len(gone) == len(runs) + len(searches)
        kept = "" if is_all else " The current run cannot be deleted."
        if deleted or gone:
            self._runs, self._searches = deleted, gone
            self.said.emit(f"{how_many(len(deleted), len(gone))} deleted.{kept}", True)
        else:
            self.said.emit(kept.strip(), False)
        self.changed.emit()

    @Slot()
    def undo(self) -> None:
        """Restore what was deleted last."""
        try:
            self._model.restore(self._runs, self._searches)
        except DigitscopeError as error:
            self.said.emit(str(error), False)
            return
        self._runs, self._searches = [], []
        self.said.emit("", False)
        self.changed.emit()
