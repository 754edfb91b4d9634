"""Python's cyclic garbage collector, kept to the window's thread.

Left to itself, the collector runs in whichever thread allocates next. In the training thread it
would destroy Qt objects there, which Qt forbids, and which froze the whole app: the training thread
waited for Python's lock while it held an object's mutex, and the window's thread the other way
round.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 1_000
"""Cycles are few and small: reference counting frees what is large."""


class GarbageCollector(QObject):
    """Collects on a timer in the thread that made it; automatic collection is off meanwhile.

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
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
