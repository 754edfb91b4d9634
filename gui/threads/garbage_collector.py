"""Python's cyclic garbage collector, kept to the window's thread and to safe moments.

Left to itself, the collector runs wherever an object is allocated next. In the training thread it
would destroy Qt objects there, which Qt forbids, and which froze the whole app: the training thread
waited for Python's lock while it held an object's mutex, and the window's thread the other way
round. In the window's thread it may run in the middle of a Qt object's end, which holds a mutex and
asks Python for overridden methods; another object that ends within it may wait for that very mutex,
for ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 1_000
"""Cycles are few and small: reference counting frees what is large."""


class GarbageCollector(QObject):
    """Collects on a timer in the thread that made it, and turns automatic collection off for good.

    Make it together with the QApplication, and call :meth:`stop` once all threads have ended.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose threshold is passed, as Python itself would."""
        for generation in (2, 1, 0):
            threshold = gc.get_threshold()[generation]
            if threshold and gc.get_count()[generation] > threshold:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Collect for the last time; what Qt objects are left end one by one from now on."""
        self._timer.stop()
        gc.collect()
