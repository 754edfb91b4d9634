"""The user's folders of data sets: chosen in a dialog, and remembered once one was found there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.datasets.published_sets import PUBLISHED_SETS
from gui.training.session import Session
from gui.widgets.actions import Actions

_KEYS = {
    name: "data_dir" if name == "mnist" else f"data_dir_{name}" for name in map(str, PUBLISHED_SETS)
}
"""In the settings, for each data set; that of MNIST is older than the others."""


def remembered_folders(settings: QSettings | None) -> dict[str, Path]:
    """Return the folder that the user chose for each data set, if it still exists."""
    if settings is None:
        return {}
    remembered = {name: settings.value(key) for name, key in _KEYS.items()}
    folders = {name: Path(str(folder)) for name, folder in remembered.items() if folder}
    return {name: folder for name, folder in folders.items() if folder.is_dir()}


class DataFolder(QObject):
    """Asks for a folder, and remembers in `settings` one in which a data set was found."""

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
        """Ask for a folder, and load the data set that is there."""
        folder = QFileDialog.getExistingDirectory(
            self._window, "Choose the folder with the four files of MNIST or a set like it"
        )
        if folder:
            self._session.data.choose_folder(Path(folder))

    @Slot(str, object)
    def _remember(self, name: str, folder: Path) -> None:
        if self._settings is not None:
            self._settings.setValue(_KEYS[name], str(folder))

    @Slot(object)
    def _forget(self, folder: Path) -> None:
        if (settings := self._settings) is not None:
            for key in _KEYS.values():
                if settings.value(key) == str(folder):
                    settings.remove(key)
