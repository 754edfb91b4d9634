"""What the active network predicts for a sheet, kept up to date while it can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.inspection.prediction import Prediction, predict_all
from core.wording import are_digits
from gui.prediction.active_network import ActiveNetwork
from gui.threads.latest_task import LatestTask

if TYPE_CHECKING:
    from core.pictures.sheet import Sheet

_STEADY = 0.5
"""Seconds that predictions stay at least: numbers that change faster cannot be read."""


class SheetPredictions(QObject):
    """Predicts in another thread, all digits at once.

    Signals
    -------
    predicted(Sequence[Prediction])
        For the sheet that was shown last, by the network that is active now, or was a moment ago;
        empty if that network tells other things apart than digits.
    """

    predicted = Signal(object)

    def __init__(self, active_network: ActiveNetwork, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._active_network = active_network
        self._sheet: Sheet | None = None
        self._is_seen = False
        self._is_due = False
        self._source: object = None
        self._task = LatestTask(self, _STEADY)
        self._task.done.connect(self._on_done)
        active_network.changed.connect(self._predict)

    @Slot(object)
    def show_sheet(self, sheet: Sheet) -> None:
        """Predict for this sheet from now on."""
        self._sheet, self._source = sheet, None
        self._task.forget()
        self._predict()

    @Slot(bool)
    def set_seen(self, is_seen: bool) -> None:
        """Predict only while somebody looks."""
        self._is_seen = is_seen
        if is_seen and self._is_due:
            self._predict()

    @Slot()
    def _predict(self) -> None:
        sheet, active = self._sheet, self._active_network
        network, thresholds = active.network, active.thresholds
        self._is_due = not self._is_seen
        if sheet is None or network is None or not self._is_seen:
            return
        if not are_digits(network.classes):
            self._source = None
            self._task.forget()
            self.predicted.emit(())
            return
        source = active.source, active.best
        is_another, self._source = source != self._source, source
        self._task.ask(lambda: predict_all(network, sheet.images, thresholds), is_another)

    @Slot(object)
    def _on_done(self, predictions: Sequence[Prediction]) -> None:
        # A network whose training has diverged has no answer.
        if all(prediction.is_finite for prediction in predictions):
            self.predicted.emit(predictions)
