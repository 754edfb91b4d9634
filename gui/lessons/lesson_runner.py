"""Runs lessons without blocking the window, one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson
from gui.lessons.lesson_thread import SECONDS_BETWEEN_STATES, LessonThread


class LessonRunner(QObject):
    """Runs a :class:`gui.lessons.lesson_thread.LessonThread` and forgets the ones it replaced.

    Signals
    -------
    states_changed(states)
        How far each variant is, a tuple of VariantState; at most five times a second, and once more
        before `ended`.
    ended
        All variants have run.
    failed(message)
        The run has ended by an error.
    """

    states_changed = Signal(object)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_id = 0
        self._present: LessonThread | None = None
        # Those that were told to stop end by themselves; until then they must not be deleted.
        self._ending: set[LessonThread] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * SECONDS_BETWEEN_STATES))
        self._timer.timeout.connect(self._take_states)

    @property
    def is_running(self) -> bool:
        """Whether a lesson runs."""
        return self._present is not None

    def start(self, lesson: Lesson, dataset: Dataset) -> None:
        """Run a lesson; an earlier one ends."""
        self.stop()
        self._last_id += 1
        self._present = LessonThread(self._last_id, lesson, dataset)
        self._present.ended.connect(self._on_ended)
        self._present.failed.connect(self._on_failed)
        self._present.start()
        self._timer.start()

    def stop(self) -> None:
        """Have the present lesson end; nothing more is signalled of it."""
        self._ending = {thread for thread in self._ending if not thread.isFinished()}
        self._timer.stop()
        if self._present is not None:
            self._present.stop()
            self._ending.add(self._present)
            self._present = None

    def close(self, timeout_ms: int) -> bool:
        """Stop and wait; return whether all threads have ended."""
        self.stop()
        return all(thread.wait(timeout_ms) for thread in self._ending)

    @Slot()
    def _take_states(self) -> None:
        states = self._present.take_states() if self._present is not None else None
        if states is not None:
            self.states_changed.emit(states)

    def _is_present(self, run_id: int) -> bool:
        return self._present is not None and run_id == self._present.run_id

    @Slot(int)
    def _on_ended(self, run_id: int) -> None:
        if self._is_present(run_id):
            self._take_states()
            self.stop()
            self.ended.emit()

    @Slot(int, str)
    def _on_failed(self, run_id: int, message: str) -> None:
        if self._is_present(run_id):
            self._take_states()
            self.stop()
            self.failed.emit(message)
