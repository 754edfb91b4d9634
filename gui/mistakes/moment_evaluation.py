"""Evaluates a network on the test set, in another thread, when it is needed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import LabeledImages
from core.network.network import Network
from core.threads.workers import Workers
from core.training.evaluation import Evaluation, evaluate
from gui.threads.latest_task import LatestTask

_REST_MS = 50
"""A slider that was not moved for this long is at rest."""
_LEAST_REST = 0.5
"""Seconds between two evaluations while a run trains."""


class HasNetwork(Protocol):
    """A moment of a run, or another network."""

    @property
    def network(self) -> Network:
        """What is evaluated."""


class MomentEvaluation(QObject):
    """Waits until the user stays at a moment; a run that trains is followed in steps.

    Signals
    -------
    done(HasNetwork, Evaluation)
        What was asked about last, or, while a run trains, a short time ago.
    user_waits(bool)
        An evaluation that the user waits for begins, or has ended or is no longer wanted.
    """

    done = Signal(object, object)
    user_waits = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[HasNetwork, LabeledImages] | None = None
        self._is_live = False
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._begin)
        self._task = LatestTask(self, _LEAST_REST)
        self._task.done.connect(self._on_done)
        self._task.failed.connect(self._on_failed)
        self._is_awaited = False

    def ask(self, moment: HasNetwork, test: LabeledImages, is_live: bool = False) -> None:
        """Evaluate this moment soon, unless another is asked about.

        With `is_live` it is the newest of a run that trains: others will be asked about before
        this one is done, and the user waits for none of them.
        """
        asked = self._asked
        if asked is not None and asked[0] is moment and asked[1] is test:
            return
        if not (is_live and self._is_live):
            self._forget_task()
        self._asked, self._is_live = (moment, test), is_live
        if is_live:
            self._rest.stop()
            self._begin()
        else:
            self._rest.start()

    def forget(self) -> None:
        """Evaluate nothing."""
        self._asked = None
        self._is_live = False
        self._rest.stop()
        self._forget_task()

    def _forget_task(self) -> None:
        self._task.forget()
        self._await(False)

    def _await(self, is_awaited: bool) -> None:
        if is_awaited != self._is_awaited:
            self._is_awaited = is_awaited
            self.user_waits.emit(is_awaited)

    @Slot()
    def _begin(self) -> None:
        if self._asked is not None:
            moment, test = self._asked

            # While the user waits, on all cores, and before training, which would make both take
            # longer; what nobody waits for leaves them to training.
            threads = 1 if self._is_live else None

            def work() -> tuple[HasNetwork, Evaluation]:
                with Workers(threads, is_alone=False) as workers:
                    found = evaluate(moment.network, test.images, test.labels, workers=workers)
                return moment, found

            self._await(not self._is_live)
            self._task.ask(work, at_once=not self._is_live)

    @Slot(object)
    def _on_done(self, result: tuple[HasNetwork, Evaluation]) -> None:
        moment, evaluation = result
        self._await(False)
        if self._asked is not None and (self._is_live or self._asked[0] is moment):
            self.done.emit(moment, evaluation)

    @Slot()
    def _on_failed(self) -> None:
        self._await(False)
