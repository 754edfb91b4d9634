"""Getting data sets without blocking the window, one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.progress import Progress
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.dataset_thread import DatasetThread


class DatasetLoader(QObject):
    """Runs a :class:`gui.training.dataset_thread.DatasetThread`, which a newer one may
    replace.

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
        self._threads = ReplaceableThread[DatasetThread](self)

    def start(self, load: Callable[[Progress], Dataset]) -> None:
        """Call `load` in a thread; an earlier load that still runs is cancelled."""
        self._last_id += 1
        thread = DatasetThread(self._last_id, load)
        thread.progressed.connect(self._on_progressed)
        thread.loaded.connect(self._on_loaded)
        thread.cancelled.connect(self._on_cancelled)
        thread.failed.connect(self._on_failed)
        self._threads.start(thread)

    def cancel(self) -> None:
        """Have the present load end early."""
        if self._threads.present is not None:
            self._threads.present.stop()

    def close(self, timeout_ms: int) -> bool:
        """Cancel and wait; return whether all threads have ended."""
        return self._threads.close(timeout_ms)

    def _is_present(self, load_id: int) -> bool:
        present = self._threads.present
        return present is not None and load_id == present.load_id

    @Slot(int, object, object)
    def _on_progressed(self, load_id: int, done: int, total: int) -> None:
        if self._is_present(load_id):
            self.progressed.emit(done, total)

    @Slot(int, object)
    def _on_loaded(self, load_id: int, dataset: Dataset) -> None:
        if self._is_present(load_id):
            self._threads.retire()
            self.loaded.emit(dataset)

    @Slot(int)
    def _on_cancelled(self, load_id: int) -> None:
        if self._is_present(load_id):
            self._threads.retire()
            self.cancelled.emit()

    @Slot(int, str)
    def _on_failed(self, load_id: int, message: str) -> None:
        if self._is_present(load_id):
            self._threads.retire()
            self.failed.emit(message)
