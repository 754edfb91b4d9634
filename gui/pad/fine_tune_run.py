"""Fine-tuning a network on the user's own digits, and taking that back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import LabeledImages
from gui.prediction.active_network import ActiveNetwork
from gui.training.news import FineTuned, FineTuneProgress
from gui.training.session import Session
from gui.training.training_run import TrainingRun


class FineTuneRun(QObject):
    """Fine-tunes the network of the run, beside its settings; the run then continues with its own.

    Where the ready-made network, an imported one or the best one of a run predicts, a new run
    begins with that one first.

    Attributes
    ----------
    is_at_work
        Whether it trains now.

    Signals
    -------
    progressed(done, total)
        This many of all steps are done.
    finished(FineTuneResult)
        The epoch is over.
    ended
        It no longer trains: the epoch is over, or it was ended early and changed nothing.
    failed(message)
        It could not be done, and changed nothing; after `ended`.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    ended = Signal()
    failed = Signal(str)

    def __init__(
        self, session: Session, active_network: ActiveNetwork, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._active_network = active_network
        self.is_at_work = False
        self._undo: Callable[[], object] | None = None
        session.run_started.connect(self._follow)

    def begin(self, own: LabeledImages) -> None:
        """Fine-tune the active network on these images, and others."""
        session, active = self._session, self._active_network
        run, dataset = session.run, session.data.dataset
        if run is None or dataset is None or self.is_at_work:
            return
        if active.is_of_run:
            run_id = run.id
            self._undo = lambda: session.reopening.reopen(run_id)
        else:
            undo = self._way_back(run)
            start = active.start
            assert start is not None
            session.begin_from(start)
            self._undo = undo
        self.is_at_work = True
        session.fine_tune(own)

    def _way_back(self, run: TrainingRun) -> Callable[[], object]:
        """Return what brings back the run, the settings and the network on the pad."""
        session, active = self._session, self._active_network
        config, source, has_work, run_id = session.config, active.source, run.has_work, run.id

        def undo() -> None:
            if has_work:
                session.reopening.reopen(run_id)
            else:
                session.use_config(config)
            active.use(source)

        return undo

    @Slot()
    def cancel(self) -> None:
        """End it early; nothing changes."""
        if self.is_at_work:
            self._session.pause()

    @Slot()
    def undo(self) -> None:
        """Bring back what was there before."""
        if self._undo is not None:
            self._undo()

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        self._undo = None
        run.fine_tuning.connect(self._on_progress)
        run.fine_tuned.connect(self._on_ended)
        run.failed.connect(self._end)
        self._end()

    @Slot()
    def _end(self) -> None:
        if self.is_at_work:
            self.is_at_work = False
            self.ended.emit()

    @Slot(object)
    def _on_progress(self, progress: FineTuneProgress) -> None:
        self.progressed.emit(progress.done, progress.total)

    @Slot(object)
    def _on_ended(self, end: FineTuned) -> None:
        self._end()
        if end.result is not None:
            self.finished.emit(end.result)
        elif end.problem:
            self.failed.emit(end.problem)
