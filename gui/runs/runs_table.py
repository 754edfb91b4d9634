"""The list of runs: filtered and sorted, with its columns, its keys and its menu."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from core.runs.run_record import RunRecord
from gui.runs.run_columns import BEGAN, COLUMNS, CURVE, NAME, TICK
from gui.runs.run_thumbnails import RunPainter, toggle
from gui.runs.runs_model import RECORD_ROLE, SORT_ROLE, RunsModel
from gui.runs.table_style import color_table, make_plain
from gui.widgets.named import named
from gui.widgets.theme import Theme

_OURS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter)


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

    def filterAcceptsRow(self, row: int, _parent: _AnyIndex) -> bool:
        """Say whether a run is shown."""
        if not self._words:
            return True
        record = self._model.record(self._model.index(row, NAME))
        text = " ".join(column.text(record) for column in COLUMNS).casefold()
        return all(word in text for word in self._words)


class RunsTable(QTableView):
    """Shows the runs of a model, the newest first until a heading is clicked.

    Signals
    -------
    deletion_wanted(list[RunRecord])
        By the Delete key or the menu.
    open_wanted(RunRecord)
        To continue it.
    copy_wanted(RunRecord)
        Its settings.
    """

    deletion_wanted = Signal(object)
    open_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        tool_tip = "Enter overlays the selected runs, F2 renames, Delete deletes"
        named(self, "runs_table", "All runs", tool_tip)
        make_plain(self)
        self._model = model
        self.filter = RunsFilter(model, self)
        self.setModel(self.filter)
        columns = self.horizontalHeader()
        columns.setMinimumSectionSize(COLUMNS[TICK].width)  # by default it depends on the type
        self._painter = RunPainter(model, self)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
            if number in (TICK, CURVE):
                self.setItemDelegateForColumn(number, self._painter)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # runs of a lesson begin alike
        columns.setStretchLastSection(True)
        columns.setSectionsMovable(True)
        self.setSortingEnabled(True)
        self.sortByColumn(BEGAN, Qt.SortOrder.DescendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._painter.apply_theme(theme)
        color_table(self, theme)

    def selected(self) -> list[RunRecord]:
        """Return the selected runs, top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [index.data(RECORD_ROLE) for index in rows]

    @Slot()
    def toggle_ticks(self) -> None:
        """Tick the selected runs that are not ticked, and untick the others."""
        for index in self.selectionModel().selectedRows(TICK):
            toggle(index)

    # --- keys and the menu ------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts from taking a key that is meant for the selection."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OURS
            and self.selectionModel().hasSelection()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete the selected runs with Delete, and tick them with Enter."""
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if is_editing or event.key() not in _OURS or not self.selectionModel().hasSelection():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deletion_wanted.emit(self.selected())
        else:
            self.toggle_ticks()

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        if self.selectionModel().hasSelection():
            menu = self.make_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(position))

    def make_menu(self) -> QMenu:
        """Return the context menu of the selection."""
        runs = self.selected()
        menu = QMenu(self)
        menu.addAction("Overlay on or off\tEnter", self.toggle_ticks)
        one = [
            menu.addAction("Rename\tF2", self._rename),
            menu.addAction("Copy settings", lambda: self.copy_wanted.emit(runs[0])),
            menu.addAction("Open", lambda: self.open_wanted.emit(runs[0])),
        ]
        for action in one:
            action.setEnabled(len(runs) == 1)
        if not self._model.can_open(runs[0]):
            one[-1].setEnabled(False)
        menu.addSeparator()
        menu.addAction("Delete\tDel", lambda: self.deletion_wanted.emit(runs))
        return menu

    def _rename(self) -> None:
        index = self.selectionModel().selectedRows(NAME)[0]
        self.setCurrentIndex(index)
        self.edit(index)
