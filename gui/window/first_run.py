"""Shows a newcomer the first steps instead of empty curves, and ticks what is done."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from core.settings.config import RunConfig
from gui.curves.curves_view import CurvesView
from gui.curves.first_steps import FirstStep
from gui.prediction.prediction_model import PredictionModel
from gui.training.session import Session
from gui.training.state import State


class FirstRun(QObject):
    """Turns the steps into the curves when training begins."""

    def __init__(
        self, session: Session, prediction: PredictionModel, curves: CurvesView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._curves = curves
        self._config = session.config
        prediction.predicted.connect(self._on_predicted)
        session.state_changed.connect(self._on_state_changed)
        session.run_started.connect(self._on_run_started)
        session.config_changed.connect(self._on_config_changed)

    @Slot(object)
    def _on_predicted(self, prediction: object) -> None:
        if prediction is not None:
            self._curves.first_steps.tick(FirstStep.DRAW)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        is_running = state is State.RUNNING
        if is_running:
            self._curves.first_steps.tick(FirstStep.PLAY)
        self._curves.invite(not is_running)

    @Slot()
    def _on_run_started(self) -> None:
        """What is not trained yet waits for Play."""
        self._curves.first_steps.tick(FirstStep.PLAY, False)

    @Slot(object)
    def _on_config_changed(self, config: RunConfig) -> None:
        """Tick the learning rate where nothing else has changed: not by a file of settings."""
        before, self._config = self._config, config
        rate = config.hyperparameters.learning_rate
        dragged = replace(
            before, hyperparameters=replace(before.hyperparameters, learning_rate=rate)
        )
        if before != config == dragged:
            self._curves.first_steps.tick(FirstStep.DRAG)
