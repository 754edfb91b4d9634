"""Unsaved runs of apps that closed unexpectedly: offers the newest, and lists all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.wording import numeral
from gui.files.autosave import bring_back, copies_left_behind, set_aside
from gui.files.run_files import RunFiles
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from gui.widgets.locale import short_date
from gui.widgets.messages import Messages
from gui.widgets.named import named

_TOPIC = "recovered"


class RecoveredRuns(QObject):
    """Offers the newest run in the folder of autosaved copies, and lists all if `action` asks."""

    def __init__(
        self, folder: Path, files: RunFiles, messages: Messages, action: QAction, window: QWidget
    ) -> None:
        super().__init__(window)
        self._folder = folder
        self._files = files
        self._messages = messages
        self._window = window
        action.triggered.connect(self.show_list)
        files.opened.connect(self._forget)

    def offer(self) -> None:
        """Offer the newest, if there is any."""
        copies = copies_left_behind(self._folder)
        if not copies:
            return
        newest = copies[0]
        choices = [
            ("Continue", lambda: self._files.open_file(newest, is_copy=True)),
            ("Delete", lambda: self._delete(newest)),
        ]
        what = "Your unsaved run was recovered."
        if len(copies) > 1:
            what = f"{numeral(len(copies))} unsaved runs were recovered."
            choices[0] = ("Continue the newest", choices[0][1])
            choices[1] = ("Show all…", self.show_list)
        self._messages.offer(f"Digitscope closed unexpectedly. {what}", choices, _TOPIC)

    def _delete(self, copy: Path) -> None:
        set_aside(copy)

        def undo() -> None:
            bring_back(copy)
            self.offer()

        self._messages.done("Recovered run deleted.", [("Undo", undo)], _TOPIC)

    @Slot()
    def _forget(self) -> None:
        self._messages.dismiss(_TOPIC)

    @Slot()
    def show_list(self) -> None:
        """Show a list in which each can be opened or deleted."""
        dialog = RecoveredRunsDialog(self._folder, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: self._files.open_file(dialog.chosen, is_copy=True))
        dialog.open()


class RecoveredRunsDialog(QDialog):
    """Lists the copies of unsaved runs, the newest first; accepted when the user opens one.

    Attributes
    ----------
    chosen
        The copy to open.
    """

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recovered_runs")
        self.setWindowTitle("Recovered runs")
        self.chosen = Path()
        self._folder = folder
        self._deleted: list[Path] = []
        self.list = named(QListWidget(), "recovered_list", "Recovered runs, the newest first")
        self.list.itemActivated.connect(self._open)
        self.list.currentRowChanged.connect(self._enable)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._open_button = self._buttons.addButton("Open", QDialogButtonBox.ButtonRole.ActionRole)
        self._delete_button = self._buttons.addButton(
            "Delete", QDialogButtonBox.ButtonRole.ActionRole
        )
        self._undo_button = self._buttons.addButton("Undo", QDialogButtonBox.ButtonRole.ActionRole)
        self._undo_button.setToolTip("Bring back the run that was deleted last")
        self._undo_button.setEnabled(False)
        self._undo_button.setObjectName("recovered_undo")
        self._undo_button.clicked.connect(self._undo)
        self._open_button.setObjectName("recovered_open")
        self._delete_button.setObjectName("recovered_delete")
        self._open_button.clicked.connect(self._open)
        self._delete_button.clicked.connect(self._delete)
        self._buttons.rejected.connect(self.reject)
        self._hint = label("", "quiet")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._buttons)
        self.resize(460, 320)
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        for path in copies_left_behind(self._folder):
            with suppress(OSError):
                found = path.stat()
                item = QListWidgetItem(_title(found.st_mtime, found.st_size))
                item.setData(Qt.ItemDataRole.UserRole, path)
                item.setToolTip(literal(str(path)))
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._hint.setText(
            "Runs that were not saved when Digitscope closed unexpectedly. Each stays here until "
            "you save or delete it."
            if self.list.count()
            else "There are no recovered runs."
        )
        self._enable(self.list.currentRow())
        self._undo_button.setEnabled(bool(self._deleted))

    def _selected(self) -> Path:
        path: Path = self.list.currentItem().data(Qt.ItemDataRole.UserRole)
        return path

    @Slot(int)
    def _enable(self, row: int) -> None:
        for button in (self._open_button, self._delete_button):
            button.setEnabled(row >= 0)

    @Slot()
    def _open(self) -> None:
        self.chosen = self._selected()
        self.accept()

    @Slot()
    def _delete(self) -> None:
        self._deleted.append(self._selected())
        set_aside(self._deleted[-1])
        self._fill()

    @Slot()
    def _undo(self) -> None:
        bring_back(self._deleted.pop())
        self._fill()


def _title(time: float, size: int) -> str:
    """Return when a copy was written and its size, in the user's locale."""
    return f"{short_date(time)}   {QLocale().formattedDataSize(size, 1)}"
