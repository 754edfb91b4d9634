"""Fine-tuning a network on the user's own digits, and its effect."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import LabeledImages
from core.datasets.loading import with_more
from core.network.network import Network
from core.settings.config import RunConfig
from core.training.evaluation import evaluate
from core.training.fine_tuning import SHARE, fine_tuning
from core.training.snapshot import Snapshot
from gui.training.session import Session
from gui.training.training_run import TrainingRun


@dataclass(frozen=True)
class FineTuneResult:
    """Accuracy before and after, on the user's own digits and on the test set, 0…1."""

    own_before: float
    own_after: float
    test_before: float
    test_after: float


class FineTuneRun(QObject):
    """Starts a run of one epoch from a trained network, and measures the accuracy at its end.

    Signals
    -------
    finished(FineTuneResult)
        The epoch is over. Not sent if another run took its place.
    """

    finished = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._own: LabeledImages | None = None
        self._own_before = 0.0
        self._snapshot: Snapshot | None = None
        session.run_started.connect(self._follow)

    def begin(self, config: RunConfig, network: Network, own: LabeledImages) -> None:
        """Train a copy of `network`, which `config` describes, on `own` and on other images."""
        dataset = self._session.data.dataset
        if dataset is None:
            return
        more = with_more(dataset, own, SHARE)  # of this run alone
        self._session.pause()
        self._session.begin(
            replace(fine_tuning(config), dataset=more.name, validation=0), more, network
        )
        self._own = own
        self._own_before = evaluate(network, own.images, own.labels).accuracy
        self._session.play()

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        self._own = self._snapshot = None
        run.snapshot_taken.connect(self._note)
        run.stopped.connect(self._compare)

    @Slot(object)
    def _note(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @Slot(str)
    def _compare(self, _reason: str) -> None:
        own, snapshot = self._own, self._snapshot
        if own is None or snapshot is None:
            return
        self._own = None
        after = evaluate(snapshot.network, own.images, own.labels).accuracy
        # It stops at the end of an epoch, where the test set is read.
        test = snapshot.history.test_accuracy
        self.finished.emit(FineTuneResult(self._own_before, after, float(test[0]), float(test[-1])))
