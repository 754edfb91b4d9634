"""Asks under which name to save something, and writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.errors import DigitscopeError
from gui.widgets.literal_text import literal


class SaveDialog(QObject):
    """Saves files where the user wants them; begins in the folder of the last one.

    Signals
    -------
    done(message)
        Something was saved; the message says where.
    problem(message)
        Something could not be saved.
    """

    done = Signal(str)
    problem = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._folder = Path.home()

    def ask(self, title: str, name: str, kinds: dict[str, str]) -> Path | None:
        """Return the file to write, with one of the suffixes in `kinds`; None if cancelled."""
        filters = {f"{kind} (*{suffix})": suffix for suffix, kind in kinds.items()}
        begin = self._folder / f"{name}{next(iter(kinds))}"
        chosen, chosen_filter = QFileDialog.getSaveFileName(
            self._window, title, str(begin), ";;".join(filters)
        )
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix.lower() not in kinds:
            path = path.with_name(path.name + filters.get(chosen_filter, next(iter(kinds))))
            # The dialog asked about the name without the suffix.
            if path.exists() and not self._may_replace(path):
                return None
        self._folder = path.parent
        return path

    def _may_replace(self, path: Path) -> bool:
        buttons = QMessageBox.StandardButton
        question = literal(f"'{path.name}' already exists. Replace it?")
        answer = QMessageBox.question(
            self._window, "Digitscope", question, buttons.Yes | buttons.No, buttons.No
        )
        return answer == buttons.Yes

    def write(self, path: Path, what: str, write: Callable[[Path], None]) -> None:
        """Write a file by `write`, and say what was saved, or why not."""
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write(path)
        except DigitscopeError as error:
            self.problem.emit(str(error))
        else:
            self.done.emit(f"{what} saved to '{path}'.")
        finally:
            QGuiApplication.restoreOverrideCursor()
