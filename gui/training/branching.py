"""Branches: new runs that begin at a moment of the present one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot

from core.printable_text import printable
from core.training.film import FilmMoment
from core.training.snapshot import StepState
from core.training.starting_state import (
    OptimizerMemory,
    Parent,
    StartingState,
    begin_of,
    start_at_moment,
)
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun


class Branching(QObject):
    """Replaces the session's run by a branch of it, with the settings that are chosen now.

    The branch trains at once if the run did. The run is kept, as any that is replaced.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = ""  # the id of the run whose answer is awaited

    @Slot(object)
    def branch(self, moment: FilmMoment | None) -> None:
        """Begin with the network of this moment and a new optimizer.

        None stands for now: with the exact network, and with what its optimizer remembers if the
        branch uses the same one. The run's thread is asked for that first.
        """
        run = self._session.run
        if run is None:
            return
        if moment is not None:
            source = _source(run, moment.step)
            self._begin(start_at_moment(moment, run.id, source, begin_of(run.began_with)))
            return
        self._asked = run.id
        run.inspected.connect(self._begin_now, Qt.ConnectionType.SingleShotConnection)
        run.mailbox.inspect()

    @Slot(object)
    def _begin_now(self, state: StepState) -> None:
        run, now, asked = self._session.run, state.snapshot, self._asked
        self._asked = ""
        if run is None or run.id != asked:
            return  # asked twice, or replaced meanwhile
        memory = None
        if state.optimizer_state:
            optimizer = state.hyperparameters.optimizer
            memory = OptimizerMemory(optimizer, state.optimizer_state, state.optimizer_steps)
        epochs, before = now.epoch + now.epoch_progress, begin_of(now.start)
        parent = Parent(run.id, now.step, epochs, now.seconds, before=before)
        self._begin(StartingState(now.network, _source(run, now.step), memory, parent))

    def _begin(self, start: StartingState) -> None:
        session = self._session
        is_running = session.state is State.RUNNING
        session.begin_from(start.with_optimizer(session.config.hyperparameters.optimizer))
        if is_running:
            session.play()


def _source(run: TrainingRun, step: int) -> str:
    name = "another run" if run.file is None else printable(run.file.name)
    return f"{name}, step {step:,}"
