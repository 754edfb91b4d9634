"""The user's own data in the window: chosen or dropped, read in another thread, and asked about."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.datasets.own.own_images import OwnImages
from core.datasets.own.reading import read_own_images
from core.printable_text import printable
from core.progress import Progress
from gui.files.opening import Opening
from gui.own_data.own_data_dialog import OwnDataDialog
from gui.prediction.active_network import ActiveNetwork
from gui.threads.latest_task import LatestTask
from gui.training.session import Session
from gui.widgets.actions import Actions
from gui.widgets.floating import FloatingCards
from gui.widgets.loading_bar import LoadingBar
from gui.widgets.messages import Messages
from gui.widgets.theme_controller import ThemeController

_FILTER = "Data (*.npz *.csv *.csv.gz *ubyte *ubyte.gz *.idx *.gz);;All files (*)"
_TOPIC = "own data"
_PATIENCE_MS = 300
"""Data that takes longer to read is waited for with a bar, and can be cancelled."""


class OwnDataOpening(QObject):
    """Reads a folder or a file that the user chose or dropped, and opens the dialog about it.

    Parameters
    ----------
    network
        Knows the ready-made network, which notices digits that are not upright.
    """

    _progressed = Signal(object, object)

    def __init__(
        self,
        session: Session,
        actions: Actions,
        opening: Opening,
        network: ActiveNetwork,
        themes: ThemeController,
        messages: Messages,
        cards: FloatingCards,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._shipped = network.shipped
        self._themes = themes
        self._messages = messages
        self._cards = cards
        self._window = window
        self._action = actions.open_data_folder
        self._folder = ""
        self._path = Path()
        self._bar = LoadingBar("own_data_bar", "cancel_own_data_button", "Stop reading this data")
        self._bar.cancelled.connect(self._stop)
        self._progressed.connect(self._bar.show_progress)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._show_bar)
        self._job = LatestTask(self)
        self._job.done.connect(self._ask_about)
        self._job.failed.connect(self._explain)
        opening.data_found.connect(self._take)
        actions.open_data_folder.triggered.connect(self.ask_folder)
        actions.open_data_file.triggered.connect(self.ask_file)

    @Slot()
    def ask_folder(self) -> None:
        """Let the user choose a folder, and read it."""
        title = "Choose a folder with a subfolder of pictures for each class"
        self._begin(QFileDialog.getExistingDirectory(self._window, title, self._folder))

    @Slot()
    def ask_file(self) -> None:
        """Let the user choose a file, and read it."""
        title = "Choose a file of labeled images"
        self._begin(QFileDialog.getOpenFileName(self._window, title, self._folder, _FILTER)[0])

    def _begin(self, chosen: str) -> None:
        if chosen:
            self._folder = str(Path(chosen).parent)
            self.read(Path(chosen))

    @Slot(object)
    def _take(self, path: Path) -> None:
        """Read what was dropped, unless a classroom has chosen the data."""
        if self._action.isVisible():
            self.read(path)
        else:
            self._messages.offer("The data of this classroom are not to be changed.", topic=_TOPIC)

    @Slot(object)
    def read(self, path: Path) -> None:
        """Read a folder or a file, then ask what to do with it."""
        self._stop()
        self._messages.dismiss(_TOPIC)
        self._path = path = Path(os.path.abspath(path))

        def work(progress: Progress) -> OwnImages:
            def report(done: int, total: int) -> None:
                progress(done, total)
                self._progressed.emit(done, total)

            return read_own_images(path, report)

        self._job.ask_long(work, at_once=True)
        self._patience.start()

    @Slot()
    def _show_bar(self) -> None:
        self._bar.begin(f"Reading {printable(self._path.name)}…")
        self._cards.show(self._bar)

    @Slot()
    def _stop(self) -> None:
        """Want nothing of what is being read."""
        self._job.forget()
        self._patience.stop()
        self._cards.hide(self._bar)

    @Slot(object)
    def _ask_about(self, images: OwnImages) -> None:
        self._stop()
        reader = None if self._shipped is None else self._shipped.network
        dialog = OwnDataDialog(self._path, images, reader, self._themes.theme, self._window)
        self._themes.changed.connect(dialog.apply_theme)
        dialog.wanted.connect(self._session.data.use)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _explain(self, problem: str) -> None:
        self._stop()
        self._messages.fault(problem, topic=_TOPIC)
