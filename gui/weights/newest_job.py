"""Work that is too long for a frame: done in a thread of Qt's pool, the newest question first."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

_REST = 9
"""Pauses are this many times as long as the work before them, so that training loses at most a
tenth of a core to it."""


class NewestJob(QObject):
    """Answers one question at a time; of those that are asked meanwhile, the last.

    Parameters
    ----------
    least_rest
        Seconds between two answers, at least, unless the user waits.

    Signals
    -------
    done(object)
        An answer, in this object's thread.
    """

    done = Signal(object)
    _ended = Signal(int, object, float)

    def __init__(self, parent: QObject | None = None, least_rest: float = 0.0) -> None:
        super().__init__(parent)
        self._least_rest = least_rest
        self._waiting: Callable[[], object] | None = None
        self._is_urgent = False
        self._is_running = False
        self._generation = 0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._begin)
        self._ended.connect(self._on_ended)

    @property
    def is_idle(self) -> bool:
        """Whether no answer is to come."""
        return not self._is_running and self._waiting is None

    def ask(self, work: Callable[[], object], at_once: bool = False) -> None:
        """Have `work` called in another thread; it must touch nothing of Qt.

        Parameters
        ----------
        work
            Returns the answer. NumPy does not warn in it: a network that has diverged overflows.
        at_once
            Without a rest after the work before, because the user waits for it.
        """
        self._waiting = work
        self._is_urgent |= at_once
        self._begin()

    def forget(self) -> None:
        """Leave open what was asked; an answer that is under way will not be told."""
        self._waiting = None
        self._generation += 1

    @Slot()
    def _begin(self) -> None:
        work = self._waiting
        has_to_rest = self._rest.isActive() and not self._is_urgent
        if work is None or self._is_running or has_to_rest:
            return
        self._waiting, self._is_urgent, self._is_running = None, False, True
        self._rest.stop()
        generation = self._generation

        def run() -> None:
            answer, start = None, time.perf_counter()
            try:
                with np.errstate(all="ignore"):
                    answer = work()
            finally:
                self._ended.emit(generation, answer, time.perf_counter() - start)

        QThreadPool.globalInstance().start(run)

    @Slot(int, object, float)
    def _on_ended(self, generation: int, answer: object, seconds: float) -> None:
        self._is_running = False
        self._rest.start(round(1000 * max(_REST * seconds, self._least_rest)))
        if answer is not None and generation == self._generation:
            self.done.emit(answer)
        self._begin()
