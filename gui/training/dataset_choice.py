"""Which data set to get, and where from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset, DatasetName
from core.datasets.loading import load_dataset
from core.datasets.mnist import find_mnist
from core.datasets.strokes import load_strokes
from core.progress import Progress
from gui.training.dataset_loader import DatasetLoader

_TITLES: dict[DatasetName, str] = {
    "mnist": "Getting MNIST…",
    "strokes": "Drawing digits…",
    "mnist+strokes": "Getting MNIST and drawing digits…",
}


class DatasetChoice(QObject):
    """Finds, downloads or draws the data set that was chosen last.

    Parameters
    ----------
    folder
        Where to look for MNIST first; None for the usual places alone.

    Signals
    -------
    started(title)
        A data set is being found, downloaded or drawn.
    progressed(done, total)
        Of that one.
    loaded(Dataset), cancelled, failed(message)
        How it ended.
    mnist_offered
        The first load found no MNIST on this machine; `loaded` came just before.
    """

    started = Signal(str)
    progressed = Signal(object, object)
    loaded = Signal(object)
    cancelled = Signal()
    failed = Signal(str)
    mnist_offered = Signal()

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._is_first = False
        self._loader = DatasetLoader(self)
        self._loader.progressed.connect(self.progressed)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.cancelled.connect(self.cancelled)
        self._loader.failed.connect(self._on_failed)

    def load_first(self) -> None:
        """Load MNIST if this machine has it, else the built-in digits."""
        folder = self._folder

        def load(progress: Progress) -> Dataset:
            return find_mnist(folder) or load_strokes(progress)

        self._is_first = True
        self._start("Looking for MNIST, else drawing digits…", load)

    def choose(self, name: DatasetName, folder: Path | None = None) -> None:
        """Load a data set; MNIST is downloaded where need be.

        `folder` is where to look for MNIST first, from now on.
        """
        if folder is not None:
            self._folder = folder
        first = self._folder

        def load(progress: Progress) -> Dataset:
            return load_dataset(name, first, progress)

        self._is_first = False
        self._start(_TITLES[name], load)

    def cancel(self) -> None:
        """Give up what is being loaded."""
        self._loader.cancel()

    def close(self, timeout_ms: int) -> bool:
        """Cancel and wait; return whether all threads have ended."""
        return self._loader.close(timeout_ms)

    def _start(self, title: str, load: Callable[[Progress], Dataset]) -> None:
        self.started.emit(title)
        self._loader.start(load)

    @Slot(object)
    def _on_loaded(self, dataset: Dataset) -> None:
        self.loaded.emit(dataset)
        if self._is_first and dataset.name == "strokes":
            self.mnist_offered.emit()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self.failed.emit(message)
        if self._is_first:
            self.choose("strokes")
