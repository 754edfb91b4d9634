"""What the banner says of a run that has stopped by itself, and the ways to go on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from core.config import Hyperparameters
from core.divergence import TrainingDivergedError
from core.snapshot import Snapshot
from gui.session import Session
from gui.settings.schedule_settings import EPOCHS_OF_A_SCHEDULE
from gui.widgets.banner import Banner


class RunMessages(QObject):
    """Listens to the session, and offers what it can do next."""

    def __init__(self, session: Session, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._banner = banner
        self._epoch = 0
        session.snapshot_taken.connect(self._note_epoch)
        session.stopped.connect(self._show_stop)
        session.diverged.connect(self._show_divergence)
        session.failed.connect(self._show_failure)

    @Slot(object)
    def _note_epoch(self, snapshot: Snapshot) -> None:
        self._epoch = snapshot.epoch

    @Slot(str)
    def _show_stop(self, reason: str) -> None:
        hyperparameters = self._session.config.hyperparameters
        epochs = hyperparameters.epochs
        if hyperparameters.schedule == "constant" or epochs is None or self._epoch < epochs:
            self._banner.show_message(f"{reason} Press Play to train on.", about_run=True)
        else:
            longer = replace(hyperparameters, epochs=epochs + EPOCHS_OF_A_SCHEDULE)
            self._banner.show_message(
                f"{reason} Press Play to train on at the learning rate that the schedule has ended "
                "with, or make it longer.",
                [(f"Make it {longer.epochs:,} and play", lambda: self._play_with(longer))],
                about_run=True,
            )

    def _play_with(self, hyperparameters: Hyperparameters) -> None:
        self._session.set_hyperparameters(hyperparameters)
        self._session.play()

    @Slot(object)
    def _show_divergence(self, error: TrainingDivergedError) -> None:
        rate = error.good.hyperparameters.learning_rate
        lower = float(f"{self._session.config.hyperparameters.learning_rate / 10:.2g}")
        self._banner.show_message(
            str(error),
            [
                (
                    f"Back to step {error.good.step:,}, learning rate {lower:g}",
                    lambda: self._session.go_back(lower),
                ),
                (
                    f"Back, learning rate {rate:g}",
                    self._session.go_back,
                ),
            ],
            about_run=True,
        )

    @Slot(str)
    def _show_failure(self, message: str) -> None:
        self._banner.show_message(message, about_run=True)
