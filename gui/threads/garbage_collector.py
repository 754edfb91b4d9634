"""Runs Python's cyclic garbage collector only in the window's thread, and only at safe moments.

By default, the collector runs in whichever thread allocates the next object. In the training thread
it would destroy Qt objects there, which Qt forbids and which can deadlock the app: one thread holds
an object's mutex and waits for Python's lock, the other holds the lock and waits for the mutex. In
the window's thread it may start inside a Qt destructor, which holds a mutex and calls into Python;
an object destroyed by that collection may then wait for the same mutex forever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 1_000
"""Cycles are few and small: reference counting frees large objects."""


class GarbageCollector(QObject):
    """Collects on a timer in the thread that created it, and turns automatic collection off.

    Create it right after the QApplication, and call :meth:`stop` once all threads have ended.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation over its threshold, as Python itself would."""
        for generation in (2, 1, 0):
            threshold = gc.get_threshold()[generation]
            if threshold and gc.get_count()[generation] > threshold:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Stop the timer and collect a last time."""
        self._timer.stop()
        gc.collect()
