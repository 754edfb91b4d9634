"""One thread at a time, which a newer one can replace before it has ended."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Slot


class StoppableThread(QThread):
    """A thread that can be asked to stop."""

    def stop(self) -> None:
        """Ask the thread to end soon; does not wait for it."""
        raise NotImplementedError


_Thread = TypeVar("_Thread", bound=StoppableThread)


class ReplaceableThread(QObject, Generic[_Thread]):
    """Owns the present thread, and stopped ones until they have ended.

    A QThread must not be destroyed while it runs, and only in the thread that created it. So the
    last reference to each is dropped here, after waiting for its end.

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
        """Stop the present thread and start `thread`; does nothing after :meth:`close`."""
        self.retire()
        if self._is_closed:
            return
        self.present = thread
        # Queued, so that this object's thread drops the reference.
        thread.finished.connect(self._drop_ended, Qt.ConnectionType.QueuedConnection)
        thread.start()

    def retire(self) -> None:
        """Stop the present thread without waiting for its end."""
        thread, self.present = self.present, None
        if thread is not None:
            thread.stop()
            self._ending.append(thread)
            self._drop_ended()

    def close(self, timeout_ms: int) -> bool:
        """Stop all threads and wait; return whether all ended in time.

        No thread can be started afterwards.
        """
        self._is_closed = True
        self.retire()
        deadline = time.monotonic() + timeout_ms / 1000
        for thread in self._ending:
            thread.wait(max(0, round(1000 * (deadline - time.monotonic()))))
        self._drop_ended()
        return not self._ending

    @Slot()
    def _drop_ended(self) -> None:
        """Drop the threads that have ended."""
        # `finished` comes a moment before the thread's end, hence the wait.
        self._ending = [t for t in self._ending if not (t.isFinished() and t.wait(1_000))]
