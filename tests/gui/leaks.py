"""Finds what a window test leaves running: threads, pool jobs, and timers."""

import time
import traceback
import weakref
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from shiboken6 import isValid

_SECONDS_TO_END = 5.0


class Leaks:
    """Records everything that is started while it watches."""

    def __init__(self):
        self._started = []

    @contextmanager
    def watching(self):
        """Record what is started inside; fail at the end if any of it is still running."""
        starts = {kind: kind.start for kind in (QThread, QTimer)}
        for kind, start in starts.items():
            kind.start = self._noting(start)
        try:
            yield
        finally:
            for kind, start in starts.items():
                kind.start = start
        left = self.left()
        assert not left, "Left at work:\n" + "\n".join(left)

    def _noting(self, start):
        def noting(started, *args):
            where = traceback.extract_stack(limit=4)[:-1]
            self._started.append((weakref.ref(started), where))  # it may be freed when it has ended
            return start(started, *args)

        return noting

    def left(self):
        """Return a line for each running thing, with where it was started."""
        # Recently deleted objects exist until their event is handled.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        lines = [
            f"{started!r}, started by {' < '.join(str(frame) for frame in reversed(where))}"
            for reference, where in self._started
            if (started := reference()) is not None and isValid(started) and _is_at_work(started)
        ]
        if not QThreadPool.globalInstance().waitForDone(round(1000 * _SECONDS_TO_END)):
            lines.append("a job in the pool")
        return lines


def _is_at_work(started):
    if isinstance(started, QTimer):
        return started.isActive()
    # It may be about to end.
    deadline = time.monotonic() + _SECONDS_TO_END
    while started.isRunning() and time.monotonic() < deadline:
        QCoreApplication.processEvents()
        started.wait(10)
    return started.isRunning()
