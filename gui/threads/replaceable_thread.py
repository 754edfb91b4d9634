"""One thread at a time, which a newer one may replace before it has ended."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Slot


class StoppableThread(QThread):
    """A thread that can be asked to end."""

    def stop(self) -> None:
        """Have the thread end at the next opportunity; does not wait for it."""
        raise NotImplementedError


_Thread = TypeVar("_Thread", bound=StoppableThread)


class ReplaceableThread(QObject, Generic[_Thread]):
    """Owns the present thread, and those that were told to stop until they have ended.

    A QThread must not be destroyed while it runs, nor in another thread than the one that made it.
    So the last reference to each is dropped here, after it was waited for.

    Attributes
    ----------
    present
        The newest thread, which may have ended; None before the first and after :meth:`retire`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.present: _Thread | None = None
        self._ending: list[_Thread] = []
        self._is_closed = False

    def start(self, thread: _Thread) -> None:
        """Start `thread`, unless all is closed; the one before is told to stop."""
        self.retire()
        if self._is_closed:
            return
        self.present = thread
        # Queued, so that it is this object's thread that lets go.
        thread.finished.connect(self._let_go, Qt.ConnectionType.QueuedConnection)
        thread.start()

    def retire(self) -> None:
        """Have the present thread stop, without waiting for it."""
        thread, self.present = self.present, None
        if thread is not None:
            thread.stop()
            self._ending.append(thread)
            self._let_go()

    def close(self, timeout_ms: int) -> bool:
        """Stop all threads and wait for them; return whether all have ended in time.

        No other starts from now on.
        """
        self._is_closed = True
        self.retire()
        deadline = time.monotonic() + timeout_ms / 1000
        for thread in self._ending:
            thread.wait(max(0, round(1000 * (deadline - time.monotonic()))))
        self._let_go()
        return not self._ending

    @Slot()
    def _let_go(self) -> None:
        """Drop the threads that have ended."""
        # `finished` comes a moment before the thread's end, hence the wait.
        self._ending = [t for t in self._ending if not (t.isFinished() and t.wait(1_000))]
