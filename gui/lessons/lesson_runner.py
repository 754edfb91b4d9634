"""Runs lessons without blocking the window, one at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson
from gui.lessons.lesson_thread import SECONDS_BETWEEN_STATES, LessonThread
from gui.threads.replaceable_thread import ReplaceableThread


class LessonRunner(QObject):
    """Runs one :class:`gui.lessons.lesson_thread.LessonThread`; starting another replaces it.

    Signals
    -------
    states_changed(states)
        Progress of the variants, a tuple of VariantState; at most five times a second, and once
        before `ended`.
    ended
        All variants have run.
    failed(message)
        The run has ended with an error.
    """

    states_changed = Signal(object)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_id = 0
        self._threads = ReplaceableThread[LessonThread](self)
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * SECONDS_BETWEEN_STATES))
        self._timer.timeout.connect(self._take_states)

    def start(self, lesson: Lesson, dataset: Dataset) -> None:
        """Run a lesson, after stopping an earlier one."""
        self.stop()
        self._last_id += 1
        thread = LessonThread(self._last_id, lesson, dataset)
        thread.ended.connect(self._on_ended)
        thread.failed.connect(self._on_failed)
        self._threads.start(thread)
        self._timer.start()

    def stop(self) -> None:
        """Stop the lesson; it sends no more signals."""
        self._timer.stop()
        self._threads.retire()

    def close(self, timeout_ms: int) -> bool:
        """Stop and wait; return whether all threads have ended."""
        self.stop()
        return self._threads.close(timeout_ms)

    @Slot()
    def _take_states(self) -> None:
        present = self._threads.present
        states = present.take_states() if present is not None else None
        if states is not None:
            self.states_changed.emit(states)

    def _is_present(self, run_id: int) -> bool:
        present = self._threads.present
        return present is not None and run_id == present.run_id

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
