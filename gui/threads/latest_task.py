"""Work that takes longer than a frame: runs in a pool thread, and only the latest counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from threading import Event

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.errors import Cancelled
from core.progress import Progress
from gui.threads.pool import Outcome, app_pool

_REST = 9
"""A pause is this many times as long as the task before it, so that tasks take at most a tenth of
a core from training."""


class LatestTask(QObject):
    """Runs one task at a time; of those that are requested meanwhile, only the latest is run next.

    Parameters
    ----------
    least_rest
        Minimum of seconds between two tasks, unless the user is waiting.

    Signals
    -------
    done(object)
        The result of a task, in this object's thread.
    failed(str)
        A task failed; the message is for the user.
    """

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None, least_rest: float = 0.0) -> None:
        super().__init__(parent)
        self._least_rest = least_rest
        self._waiting: Callable[[Progress], object] | None = None
        self._is_forgotten = Event()
        self._is_urgent = False
        self._running: int | None = None
        self._is_wanted = True
        self._rests_until = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._begin)
        self._pool = app_pool()
        self._pool.ended.connect(self._on_ended)

    @property
    def is_idle(self) -> bool:
        """Whether no task is running or waiting."""
        return self._running is None and self._waiting is None

    def ask_long(self, work: Callable[[Progress], object], at_once: bool = False) -> None:
        """Call work that takes long, as :meth:`ask` does, with a progress callback.

        The callback cancels it by raising Cancelled, once it was forgotten or the app is closing.
        """
        self._waiting = work
        self._is_urgent |= at_once
        self._begin()

    def ask(self, work: Callable[[], object], at_once: bool = False) -> None:
        """Call `work` in another thread; it must not touch Qt.

        Parameters
        ----------
        work
            Returns the result. NumPy's warnings are off: a network that diverged overflows.
        at_once
            Whether to skip the pause after the previous task, because the user is waiting.
        """
        self.ask_long(lambda _progress: work(), at_once)

    def forget(self) -> None:
        """Drop the waiting task, cancel the running one if it can be, and ignore its result."""
        self._waiting = None
        self._is_wanted = False
        self._is_forgotten.set()

    @Slot()
    def _begin(self) -> None:
        work = self._waiting
        if work is None or self._running is not None:
            return
        left = self._rests_until - time.perf_counter()
        if left > 0 and not self._is_urgent:
            self._rest.start(ceil(1000 * left))
            return
        self._waiting, self._is_urgent, self._is_wanted = None, False, True
        self._is_forgotten = is_forgotten = Event()
        pool = self._pool
        self._rest.stop()

        def progress(_done: int, _total: int) -> None:
            if is_forgotten.is_set() or pool.is_closing:
                raise Cancelled

        def run() -> object:
            with np.errstate(all="ignore"):
                return work(progress)

        self._running = self._pool.start(run)

    @Slot(int, object)
    def _on_ended(self, number: int, outcome: Outcome) -> None:
        if number != self._running:
            return  # somebody else's
        self._running = None
        rest = max(_REST * outcome.seconds, self._least_rest)
        self._rests_until = time.perf_counter() + rest
        if self._is_wanted and outcome.problem:
            self.failed.emit(outcome.problem)
        elif self._is_wanted and outcome.answer is not None:
            self.done.emit(outcome.answer)
        self._begin()
