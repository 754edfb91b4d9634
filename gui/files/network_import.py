"""Networks of other programs in the window: read, asked about, and used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.importing.foreign_network import ForeignNetwork
from core.importing.network_file import SUFFIXES, read_network_file
from core.training.starting_state import StartingState
from gui.files.import_dialog import ImportDialog
from gui.prediction.active_network import ActiveNetwork, Source
from gui.threads.latest_task import LatestTask
from gui.training.session import Session
from gui.widgets.actions import Actions
from gui.widgets.messages import Messages

_FILTER = f"Networks ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
_TOPIC = "import"


class NetworkImport(QObject):
    """Reads a file that the user chose or dropped, and opens the dialog about it."""

    def __init__(
        self,
        session: Session,
        actions: Actions,
        active_network: ActiveNetwork,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._active_network = active_network
        self._messages = messages
        self._window = window
        self._folder = ""
        self._reading = LatestTask(self)
        self._reading.done.connect(self._show)
        self._reading.failed.connect(self._show_problem)
        actions.import_network.triggered.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Let the user choose a file, and read it."""
        file, _ = QFileDialog.getOpenFileName(
            self._window, "Import a network", self._folder, _FILTER
        )
        if file:
            self._folder = str(Path(file).parent)
            self.read(Path(file))

    @Slot(object)
    def read(self, path: Path) -> None:
        """Read a file, and ask what it does not say."""
        self._reading.ask(lambda: (path, read_network_file(path)), at_once=True)

    @Slot(object)
    def _show(self, found: tuple[Path, ForeignNetwork]) -> None:
        self._messages.dismiss(_TOPIC)
        dialog = ImportDialog(*found, self._session.data.dataset, self._window)
        self._session.data.changed.connect(dialog.show_dataset)
        dialog.pad_wanted.connect(self._use_for_pad)
        dialog.run_wanted.connect(self._start_run)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _show_problem(self, message: str) -> None:
        self._messages.fault(message, topic=_TOPIC)

    @Slot(object)
    def _use_for_pad(self, imported: StartingState) -> None:
        self._active_network.use_imported(imported)

    @Slot(object)
    def _start_run(self, start: StartingState) -> None:
        self._session.begin_from(start)
        self._active_network.use(Source.RUN)
        self._messages.done(
            f"My network now begins with the weights of {start.source}.", topic=_TOPIC
        )
