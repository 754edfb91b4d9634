"""The augmentation of the run in the Data tab, and the user's in the run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from core.settings.augmentation import Augmentation
from core.settings.config import RunConfig
from gui.data.data_column import DataColumn
from gui.training.session import Session


class AugmentationFeed(QObject):
    """Keeps the settings in the tab and those of the session the same."""

    def __init__(self, session: Session, column: DataColumn, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._column = session, column
        column.augmentation_changed.connect(self._use)
        session.config_changed.connect(self._show)
        self._show(session.config)

    @Slot(object)
    def _show(self, config: RunConfig) -> None:
        self._column.show_augmentation(config.hyperparameters.augmentation)

    @Slot(object)
    def _use(self, augmentation: Augmentation) -> None:
        hyperparameters = self._session.config.hyperparameters
        self._session.set_hyperparameters(replace(hyperparameters, augmentation=augmentation))
