"""Keeps the Maths tab on the network that is shown and the chosen image, and training paused.

Only the newest network can change while one looks: for an earlier moment nothing is paused.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from core.settings.config import NetworkConfig
from core.training.snapshot import Snapshot, StepState
from gui.film.shown_moment import ShownMoment
from gui.maths.maths_view import MathsView
from gui.prediction.prediction_model import PredictionModel
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun

_SETTLING_MS = 100
"""While a pen draws, or a slider moves, the example is worked through when it rests."""


class MathsFeed(QObject):
    """Asks the training thread for the network and the optimizer's state when they are needed."""

    def __init__(
        self,
        session: Session,
        shown: ShownMoment,
        view: MathsView,
        prediction: PredictionModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._shown_moment = shown
        self._view = view
        self._prediction = prediction
        self._shown: NetworkConfig | None = None
        self._settling = QTimer(self, interval=_SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self._inspect)
        view.pause_wanted.connect(self._pause)
        shown.changed.connect(self._on_moment_changed)
        view.example_wanted.connect(self._inspect)
        prediction.image_changed.connect(self._on_image_changed)
        session.state_changed.connect(self._on_state_changed)
        session.config_changed.connect(self._on_config_changed)
        session.run_started.connect(self._follow)
        if session.run is not None:
            self._follow(session.run)

    @Slot()
    def _pause(self) -> None:
        if self._shown_moment.is_now:
            self._session.pause()

    @Slot()
    def _inspect(self) -> None:
        """Have the shown moment worked through, or, of now, what the training thread answers."""
        past = self._shown_moment.snapshot
        if past is not None and past.is_past:
            self._show(past.without_memory())
        elif self._session.run is not None:
            self._session.run.mailbox.inspect()

    @Slot(object)
    def _on_inspected(self, state: StepState) -> None:
        if self._shown_moment.is_now:
            self._show(state)

    @Slot()
    def _on_moment_changed(self) -> None:
        """Follow when the slider rests: to set the formulas takes longer than a frame."""
        if self._view.isVisible():
            self._settling.start()

    def _show(self, state: StepState) -> None:
        self._shown = state.snapshot.config.network
        example, dataset = self._view.wanted_example, self._session.data.dataset
        label = None
        if example is None:
            image = None if self._prediction.image is None else self._prediction.image.reshape(-1)
        elif dataset is not None:
            image, label = dataset.test_images[example], int(dataset.test_labels[example])
        else:
            return
        self._view.show_example(state, image, label)

    @Slot()
    def _on_image_changed(self) -> None:
        if self._view.isVisible() and self._view.wanted_example is None:
            self._settling.start()

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if not self._shown_moment.is_now:
            return
        if state is State.RUNNING:
            self._view.stop_playing()
        elif self._view.isVisible():
            self._inspect()

    @property
    def _is_at_rest(self) -> bool:
        """Whether what is seen ought to be the network as it is now."""
        is_now = self._shown_moment.is_now
        return is_now and self._view.isVisible() and self._session.state is not State.RUNNING

    @Slot()
    def _on_config_changed(self) -> None:
        if self._is_at_rest:
            self._settling.start()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the network where its layers have changed meanwhile."""
        if self._is_at_rest and snapshot.config.network != self._shown:
            self._inspect()

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        run.inspected.connect(self._on_inspected)
        run.snapshot_taken.connect(self._on_snapshot)
        self._view.show_example(None)
        if self._view.isVisible():
            self._inspect()
