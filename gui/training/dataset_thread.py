"""The thread that finds, downloads or generates a data set."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import Signal

from core.datasets.dataset import Dataset
from core.errors import Cancelled, DigitscopeError
from core.progress import Progress
from gui.threads.replaceable_thread import StoppableThread

_SECONDS_BETWEEN_REPORTS = 0.05


class DatasetThread(StoppableThread):
    """Calls a loading function with a progress callback.

    Signals
    -------
    progressed(load_id, done, total)
        At most twenty times a second.
    loaded(load_id, dataset)
        The data set is there.
    cancelled(load_id)
        :meth:`stop` was called in time.
    failed(load_id, message)
        It could not be had; the message says why and what to do.
    """

    progressed = Signal(int, object, object)  # object: byte counts outgrow a C int
    loaded = Signal(int, object)
    cancelled = Signal(int)
    failed = Signal(int, str)

    def __init__(self, load_id: int, load: Callable[[Progress], Dataset]) -> None:
        super().__init__()
        self.setObjectName(f"dataset-{load_id}")
        self.load_id = load_id
        self._load = load
        self._stopping = False
        self._next_report = 0.0

    def stop(self) -> None:
        """Have the work end at its next report; does not wait for it."""
        self._stopping = True

    def run(self) -> None:
        """Load, and signal how it went."""
        try:
            dataset = self._load(self._report)
        except Cancelled:
            self.cancelled.emit(self.load_id)
        except DigitscopeError as error:
            self.failed.emit(self.load_id, str(error))
        except Exception as error:
            logging.getLogger(__name__).exception("Loading failed")
            self.failed.emit(
                self.load_id,
                f"The data set could not be loaded because of an error in the program: {error!r}.",
            )
        else:
            self.loaded.emit(self.load_id, dataset)

    def _report(self, done: int, total: int) -> None:
        if self._stopping:
            raise Cancelled
        now = time.perf_counter()
        if now >= self._next_report or done == total:
            self._next_report = now + _SECONDS_BETWEEN_REPORTS
            self.progressed.emit(self.load_id, done, total)
