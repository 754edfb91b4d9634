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
    ended(load_id, Dataset | None, message)
        The data set is there; or it could not be loaded, and the message says why and what to do;
        or, with neither, :meth:`stop` was called in time.
    """

    progressed = Signal(int, object, object)  # object: byte counts outgrow a C int
    ended = Signal(int, object, str)

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
        dataset, message = None, ""
        try:
            dataset = self._load(self._report)
        except Cancelled:
            pass
        except DigitscopeError as error:
            message = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("Loading failed")
            message = (
                f"The data set could not be loaded because of an error in the program: {error!r}."
            )
        self.ended.emit(self.load_id, dataset, message)

    def _report(self, done: int, total: int) -> None:
        if self._stopping:
            raise Cancelled
        now = time.perf_counter()
        if now >= self._next_report or done == total:
            self._next_report = now + _SECONDS_BETWEEN_REPORTS
            self.progressed.emit(self.load_id, done, total)
