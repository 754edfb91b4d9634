"""Has the film of the present run shown, and written into a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from core.films.scenes import scenes_of_snapshot
from core.training.snapshot import Snapshot
from gui.files.film_dialog import FilmDialog
from gui.files.save_dialog import SaveDialog
from gui.prediction.prediction_model import PredictionModel
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.actions import Actions
from gui.widgets.messages import Messages

_KINDS = {".gif": "GIF", ".webp": "WebP", ".mp4": "MP4", ".png": "Strip of pictures"}
_TOPIC = "film"


class FilmExport(QObject):
    """Opens the dialog from the File menu, and says where the film is."""

    def __init__(
        self,
        session: Session,
        actions: Actions,
        prediction: PredictionModel,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._action = actions.export_film
        self._prediction = prediction
        self._messages = messages
        self._window = window
        self._saving = SaveDialog(window)
        self._snapshot: Snapshot | None = None
        self._action.setEnabled(False)
        self._action.triggered.connect(self.open)
        session.run_started.connect(self._follow)

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        self._snapshot = None
        self._action.setEnabled(False)
        run.snapshot_taken.connect(self._note)

    @Slot(object)
    def _note(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._action.setEnabled(snapshot.step > 0)

    @Slot()
    def open(self) -> None:
        """Show the film of the run as it is now."""
        if self._snapshot is None:
            return
        scenes = scenes_of_snapshot(self._snapshot)
        dialog = FilmDialog(scenes, self._prediction.image, self._ask, self._window)
        dialog.written.connect(self._say)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask(self) -> Path | None:
        return self._saving.ask("Export film", "film", _KINDS)

    @Slot(object)
    def _say(self, path: Path) -> None:
        self._messages.done(f"Film saved to '{path}'.", topic=_TOPIC)
