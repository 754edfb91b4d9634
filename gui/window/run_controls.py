"""The actions that train the network: what each does, and when it is enabled."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core.datasets.dataset import Dataset
from core.wording import are_digits
from gui.film.time_bar import TimeBar
from gui.prediction.active_network import ActiveNetwork, Source
from gui.training.branching import Branching
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions
from gui.widgets.speed_slider import SpeedSlider


class RunControls(QObject):
    """Lets the user train, pause, restart and branch off, as far as the session's state allows.

    Parameters
    ----------
    active_network
        Follows the run as soon as the user trains it.
    """

    def __init__(
        self,
        session: Session,
        actions: Actions,
        speed_slider: SpeedSlider,
        active_network: ActiveNetwork,
        time_bar: TimeBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._actions = actions
        self._active_network = active_network
        actions.play.triggered.connect(self._play_or_pause)
        actions.step.triggered.connect(session.step)
        actions.epoch.triggered.connect(session.train_epoch)
        actions.reset.triggered.connect(session.restart)
        actions.start_fresh.triggered.connect(self._restart_and_use)
        actions.previous_run.triggered.connect(session.reopening.reopen_last)
        speed_slider.speed_changed.connect(session.set_speed)
        time_bar.branch_wanted.connect(Branching(session, self).branch)
        session.state_changed.connect(self._show_state)
        session.run_opened.connect(self._on_run_opened)
        session.reopening.changed.connect(self._show_way_back)
        session.data.changed.connect(self._on_data_changed)
        self._show_way_back()
        self._show_state(session.state)

    @Slot()
    def _play_or_pause(self) -> None:
        if self._session.state is State.RUNNING:
            self._session.pause()
        else:
            self._session.play()

    @Slot()
    def _restart_and_use(self) -> None:
        self._session.restart()
        self._active_network.use(Source.RUN)

    @Slot(object)
    def _show_state(self, state: State) -> None:
        actions, running = self._actions, state is State.RUNNING
        actions.play.setText("Pause" if running else "Play")
        actions.play.setData("pause" if running else "play")
        actions.play.setToolTip("Pause training" if running else "Train until you pause")
        training = (actions.play, actions.step, actions.epoch, actions.reset)
        for action in (*training, actions.save, actions.save_as):
            action.setEnabled(running or state is State.PAUSED)
        if running:
            self._active_network.use(Source.RUN)

    @Slot(object)
    def _on_data_changed(self, dataset: Dataset) -> None:
        """Let a network predict that is about the same as the data."""
        network, is_running = self._active_network.network, self._session.state is State.RUNNING
        if network is not None and network.classes == dataset.classes:
            return
        is_ready = are_digits(dataset.classes) and not is_running
        self._active_network.use(Source.READY_MADE if is_ready else Source.RUN)

    @Slot()
    def _show_way_back(self) -> None:
        self._actions.previous_run.setEnabled(self._session.reopening.is_possible)

    @Slot()
    def _on_run_opened(self) -> None:
        self._active_network.use(Source.RUN)
