"""The user's MNIST folder: chosen in a dialog, and remembered once MNIST was found in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.training.session import Session
from gui.widgets.actions import Actions

_KEY = "data_dir"


def remembered_folder(settings: QSettings | None) -> Path | None:
    """Return the MNIST folder that the user chose, if it still exists."""
    remembered = settings.value(_KEY) if settings is not None else None
    folder = Path(str(remembered)) if remembered else None
    return folder if folder is not None and folder.is_dir() else None


class MnistFolder(QObject):
    """Asks for the folder, and remembers in `settings` one in which MNIST was found."""

    def __init__(
        self, session: Session, actions: Actions, window: QWidget, settings: QSettings | None
    ) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._settings = settings
        actions.choose_folder.triggered.connect(self.choose)
        session.data.folder_proved.connect(self._remember)
        session.data.folder_refused.connect(self._forget)

    @Slot()
    def choose(self) -> None:
        """Ask for a folder, and load MNIST from there."""
        folder = QFileDialog.getExistingDirectory(
            self._window, "Choose the folder with the four MNIST files"
        )
        if folder:
            self._session.data.choose("mnist", Path(folder))

    @Slot(object)
    def _remember(self, folder: Path) -> None:
        if self._settings is not None:
            self._settings.setValue(_KEY, str(folder))

    @Slot(object)
    def _forget(self, folder: Path) -> None:
        if self._settings is not None and self._settings.value(_KEY) == str(folder):
            self._settings.remove(_KEY)
