"""Getting data sets without blocking the window, one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.progress import Progress
from gui.training.dataset_thread import DatasetThread


class DatasetLoader(QObject):
    """Runs a :class:`gui.training.dataset_thread.DatasetThread` and forgets the ones it replaced.

    Signals
    -------
    progressed(done, total)
        Of the present load.
    loaded(Dataset), cancelled, failed(message)
        How it ended; just one of them follows each :meth:`start`, unless another one replaces it.
    """

    progressed = Signal(object, object)
    loaded = Signal(object)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_id = 0
        self._present: DatasetThread | None = None
        # Those that were cancelled end by themselves; until then they must not be deleted.
        self._ending: set[DatasetThread] = set()

    def start(self, load: Callable[[Progress], Dataset]) -> None:
        """Call `load` in a thread; an earlier load that still runs is cancelled."""
        self._retire()
        self._last_id += 1
        thread = DatasetThread(self._last_id, load)
        thread.progressed.connect(self._on_progressed)
        thread.loaded.connect(self._on_loaded)
        thread.cancelled.connect(self._on_cancelled)
        thread.failed.connect(self._on_failed)
        self._present = thread
        thread.start()

    def cancel(self) -> None:
        """Have the present load end early."""
        if self._present is not None:
            self._present.cancel()

    def close(self, timeout_ms: int) -> bool:
        """Cancel and wait; return whether all threads have ended."""
        self._retire()
        return all(thread.wait(timeout_ms) for thread in self._ending)

    def _retire(self) -> None:
        self._ending = {thread for thread in self._ending if not thread.isFinished()}
        if self._present is not None:
            self._present.cancel()
            self._ending.add(self._present)
            self._present = None

    def _is_present(self, load_id: int) -> bool:
        return self._present is not None and load_id == self._present.load_id

    @Slot(int, object, object)
    def _on_progressed(self, load_id: int, done: int, total: int) -> None:
        if self._is_present(load_id):
            self.progressed.emit(done, total)

    @Slot(int, object)
    def _on_loaded(self, load_id: int, dataset: Dataset) -> None:
        if self._is_present(load_id):
            self._retire()
            self.loaded.emit(dataset)

    @Slot(int)
    def _on_cancelled(self, load_id: int) -> None:
        if self._is_present(load_id):
            self._retire()
            self.cancelled.emit()

    @Slot(int, str)
    def _on_failed(self, load_id: int, message: str) -> None:
        if self._is_present(load_id):
            self._retire()
            self.failed.emit(message)
