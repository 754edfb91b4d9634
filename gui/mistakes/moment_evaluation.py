"""Evaluates an earlier moment of the run on the test set, in another thread, when it is needed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import LabeledImages
from core.training.evaluation import Evaluation, evaluate
from core.training.snapshot import Snapshot
from gui.threads.latest_task import LatestTask

_REST_MS = 80
"""A slider that was not moved for this long is at rest."""


class MomentEvaluation(QObject):
    """Waits until the user stays at a moment.

    Signals
    -------
    done(Evaluation)
        Of the moment that was asked about last.
    """

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Snapshot, LabeledImages] | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._begin)
        self._task = LatestTask(self)
        self._task.done.connect(self._on_done)

    def ask(self, moment: Snapshot, test: LabeledImages) -> None:
        """Evaluate this moment soon, unless another is asked about."""
        if self._asked is None or self._asked[0] is not moment:
            self._asked = moment, test
            self._rest.start()

    def forget(self) -> None:
        """Evaluate nothing."""
        self._asked = None
        self._rest.stop()
        self._task.forget()

    @Slot()
    def _begin(self) -> None:
        if self._asked is not None:
            moment, test = self._asked

            def work() -> tuple[Snapshot, Evaluation]:
                return moment, evaluate(moment.network, test.images, test.labels)

            self._task.ask(work, at_once=True)

    @Slot(object)
    def _on_done(self, result: tuple[Snapshot, Evaluation]) -> None:
        moment, evaluation = result
        if self._asked is not None and self._asked[0] is moment:
            self.done.emit(evaluation)
