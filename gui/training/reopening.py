"""The way back to a run that another one has replaced."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.saving.replaced_runs import KeptRun, ReplacedRuns
from gui.training.training_run import TrainingRun


class Reopening(QObject):
    """Keeps the runs that are replaced, and finds them again.

    Attributes
    ----------
    replaced
        The runs that were replaced after they had made a step.

    Signals
    -------
    wanted(KeptRun)
        This run should be resumed.
    changed(Sequence[KeptRun])
        Other runs than before are kept: these.
    """

    wanted = Signal(object)
    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.replaced = ReplacedRuns()
        self._awaited = ""
        self._last = ""

    @property
    def is_possible(self) -> bool:
        """Whether there is a run to go back to, though it may only now be ending."""
        return bool(self._last or self.replaced.runs)

    def keep(self, run: TrainingRun) -> None:
        """Keep a run that is being replaced as soon as its thread has ended."""
        self._awaited = ""
        if run.has_work:
            self._last = run.id
        run.leave_to(self.replaced)
        run.finished.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def reopen(self, run_id: str) -> None:
        """Ask for the run with this id, which may only now be ending."""
        kept = self.replaced.find(run_id)
        self._awaited = run_id if kept is None else ""
        if kept is not None:
            self._want(kept)

    @Slot()
    def reopen_last(self) -> None:
        """Ask for the run that was replaced last, which need not be the one that ended last."""
        if self._last:
            self.reopen(self._last)
            return
        for kept in self.replaced.runs[:1]:
            self._want(kept)

    def _want(self, kept: KeptRun) -> None:
        self._last = ""
        self.wanted.emit(kept)

    @Slot()
    def _on_ended(self) -> None:
        self.changed.emit(self.replaced.runs)
        if self._awaited:
            self.reopen(self._awaited)
