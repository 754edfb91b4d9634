"""What the settings on the left, and the actions that change them, do to the session."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from core.settings.data_source import ReadySet
from gui.settings.settings_panel import SettingsPanel
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions


class SettingsController(QObject):
    """Gives the user's settings to the session, and shows those of the session."""

    def __init__(
        self, session: Session, panel: SettingsPanel, actions: Actions, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = panel
        self._connect_panel()
        self._connect_actions(actions)
        session.config_changed.connect(panel.show_config)
        session.state_changed.connect(self._show_state)

    def _connect_panel(self) -> None:
        session, panel = self._session, self._panel
        panel.hyperparameters.hyperparameters_changed.connect(session.set_hyperparameters)
        panel.layers.network_changed.connect(session.set_network)
        panel.layers.keeping_chosen.connect(self._choose_keeping)
        panel.new_run.dataset_chosen.connect(session.data.choose)
        panel.new_run.preset_chosen.connect(session.choose_preset)
        panel.new_run.network_changed.connect(session.set_network)
        panel.new_run.validation_changed.connect(session.set_validation)
        panel.new_run.seed_changed.connect(session.set_seed)

    def _connect_actions(self, actions: Actions) -> None:
        panel = self._panel
        learning_rate = panel.hyperparameters.learning_rate
        actions.faster.triggered.connect(lambda: learning_rate.nudge(1))
        actions.slower.triggered.connect(lambda: learning_rate.nudge(-1))
        actions.add_layer.triggered.connect(panel.layers.add_layer)
        actions.remove_layer.triggered.connect(panel.layers.remove_layer)
        actions.new_seed.triggered.connect(panel.new_run.draw_seed)
        choices: tuple[tuple[QAction, ReadySet], ...] = (
            (actions.use_mnist, "mnist"),
            (actions.use_strokes, "strokes"),
            (actions.use_mixture, "mnist+strokes"),
            (actions.use_fashion, "fashion-mnist"),
            (actions.use_kuzushiji, "kuzushiji-mnist"),
        )
        for action, name in choices:
            action.triggered.connect(partial(self._choose_data, name))

    def _choose_data(self, name: ReadySet) -> None:
        self._session.data.choose(name)

    @Slot(bool)
    def _choose_keeping(self, keeps: bool) -> None:
        self._session.keeps_learned = keeps

    @Slot(object)
    def _show_state(self, state: State) -> None:
        self._panel.new_run.set_loading(state is State.LOADING)
