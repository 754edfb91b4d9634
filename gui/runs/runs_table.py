"""The list of runs: filtered and sorted, with its columns, its keys and its menu."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from core.colors import Theme
from core.runs.search_record import SearchRecord
from gui.runs.run_cells import RECORD_ROLE
from gui.runs.run_columns import (
    BEGAN,
    COLUMNS,
    CURVE,
    NAME,
    TICK,
    VALIDATION,
    VALIDATION_SHOWN,
    Listed,
)
from gui.runs.run_thumbnails import RunPainter, toggle
from gui.runs.runs_model import RunsModel
from gui.runs.runs_order import RunsOrder
from gui.runs.table_style import color_table, make_plain
from gui.widgets.named import named

_OURS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RunsTable(QTableView):
    """Shows the runs of a model, the newest first until a heading is clicked.

    Signals
    -------
    deletion_wanted(list[RunRecord | SearchRecord])
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
        tool_tip = (
            "Enter overlays the selected runs, F2 renames, Delete deletes; Right opens a search, "
            "Left closes it"
        )
        named(self, "runs_table", "All runs", tool_tip)
        make_plain(self)
        self._model = model
        self.filter = RunsOrder(model, self)
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
        columns.moveSection(VALIDATION, VALIDATION_SHOWN)
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

    def selected(self) -> list[Listed]:
        """Return the selected runs and searches, top to bottom."""
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
        if not is_editing and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if not self._open_or_close(event.key() == Qt.Key.Key_Right):
                super().keyPressEvent(event)
        elif is_editing or event.key() not in _OURS or not self.selectionModel().hasSelection():
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deletion_wanted.emit(self.selected())
        else:
            self.toggle_ticks()

    def _open_or_close(self, on: bool) -> bool:
        """Open or close the search of the current row; return whether that was done.

        Left on a run that stands under another row goes to that.
        """
        current = self.filter.mapToSource(self.currentIndex())
        if not current.isValid():
            return False
        above = self._model.rows.above(current.row())
        if above is not None and not on:
            index = self._model.index(above, current.column())
            self.setCurrentIndex(self.filter.mapFromSource(index))
            return True
        record = self._model.record(current)
        return isinstance(record, SearchRecord) and self._model.open_search(record.id, on)

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
        is_search = isinstance(runs[0], SearchRecord)
        toggle_text = "Open or close" if is_search else "Overlay on or off"
        menu.addAction(f"{toggle_text}\tEnter", self.toggle_ticks)
        one = [
            menu.addAction("Rename\tF2", self._rename),
            menu.addAction("Copy settings", lambda: self.copy_wanted.emit(runs[0])),
            menu.addAction("Open", lambda: self.open_wanted.emit(runs[0])),
        ]
        for action in one:
            action.setEnabled(len(runs) == 1)
        if is_search:
            one[1].setEnabled(False)
        if not self._model.can_open(runs[0]):
            one[-1].setEnabled(False)
        menu.addSeparator()
        menu.addAction("Delete\tDel", lambda: self.deletion_wanted.emit(runs))
        return menu

    def _rename(self) -> None:
        index = self.selectionModel().selectedRows(NAME)[0]
        self.setCurrentIndex(index)
        self.edit(index)
