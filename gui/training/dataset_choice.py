"""Which data set to get, and where from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.mnist import find_mnist
from core.datasets.strokes import load_strokes
from core.progress import Progress
from core.settings.config import DatasetName
from gui.training.dataset_loader import DatasetLoader

_TITLES: dict[DatasetName, str] = {
    "mnist": "Getting MNIST…",
    "strokes": "Drawing digits…",
    "mnist+strokes": "Getting MNIST and drawing digits…",
}


class DatasetChoice(QObject):
    """Holds the present data set; finds, downloads or generates the one that was chosen last.

    A folder counts only once MNIST was found in it. One that counted and does not hold it any more
    is complained of once, and passed over from then on.

    Parameters
    ----------
    folder
        Where to look for MNIST first; None for the usual places alone.

    Attributes
    ----------
    dataset
        The present one; None before the first.

    Signals
    -------
    started(title)
        A data set is being found, downloaded or generated.
    progressed(done, total)
        Of that one.
    ended
        It is no longer; how it ended is said next.
    changed(Dataset)
        Another data set is the present one.
    chosen(Dataset)
        A new run should begin with the present data set.
    cancelled, failed(message)
        The data set of before stays. After a failure, another load may start at once.
    mnist_offered
        The first load found no MNIST on this machine.
    folder_proved(Path), folder_refused(Path)
        The folder that was chosen holds MNIST; that in which MNIST was looked for first does not.
    """

    started = Signal(str)
    progressed = Signal(object, object)
    ended = Signal()
    changed = Signal(object)
    chosen = Signal(object)
    cancelled = Signal()
    failed = Signal(str)
    mnist_offered = Signal()
    folder_proved = Signal(object)
    folder_refused = Signal(object)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dataset: Dataset | None = None
        self._is_loading = False
        self._when_loaded: Callable[[Dataset], None] | None = None
        self._folder = folder
        self._chosen: Path | None = None
        self._offers_mnist = False
        self._next: list[Callable[[], None]] = []
        self._loader = DatasetLoader(self)
        self._loader.progressed.connect(self.progressed)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.cancelled.connect(self._on_cancelled)
        self._loader.failed.connect(self._on_failed)

    def load_first(self) -> None:
        """Load MNIST if this machine has it, else the built-in digits."""
        self._chosen = None
        self._offers_mnist = True
        self._next = [partial(self._load, "strokes")]
        if self._folder is not None:
            self._next.insert(0, self._find)
        self._find()

    def choose(self, name: DatasetName, folder: Path | None = None) -> None:
        """Load a data set for a new run; MNIST is downloaded where need be.

        `folder` is where to look for MNIST first, from now on if it is there.
        """
        self._when_loaded = None
        self._chosen = folder
        self._offers_mnist = False
        self._next = []
        if folder is None and self._folder is not None and name != "strokes":
            self._next = [partial(self._load, name)]
        self._load(name)

    def use(self, dataset: Dataset) -> None:
        """Make a data set that is in memory the present one, for a new run."""
        self._set(dataset)
        self.chosen.emit(dataset)

    def call_with(self, name: DatasetName, then: Callable[[Dataset], None]) -> None:
        """Call `then` with a data set: at once if it is the present one, otherwise once loaded."""
        if self.dataset is not None and self.dataset.name == name and not self._is_loading:
            then(self.dataset)
        else:
            self.choose(name)
            self._when_loaded = then

    def _find(self) -> None:
        folder = self._folder

        def load(progress: Progress) -> Dataset:
            return find_mnist(folder) or load_strokes(progress)

        self._start("Looking for MNIST, else drawing digits…", load)

    def _load(self, name: DatasetName) -> None:
        folder = self._chosen or self._folder

        def load(progress: Progress) -> Dataset:
            return load_dataset(name, folder, progress)

        self._start(_TITLES[name], load)

    def cancel(self) -> None:
        """Give up what is being loaded."""
        self._loader.cancel()

    def close(self, timeout_ms: int) -> bool:
        """Cancel and wait; return whether all threads have ended."""
        return self._loader.close(timeout_ms)

    def _start(self, title: str, load: Callable[[Progress], Dataset]) -> None:
        self._is_loading = True
        self.started.emit(title)
        self._loader.start(load)

    @Slot(object)
    def _on_loaded(self, dataset: Dataset) -> None:
        chosen, self._chosen = self._chosen, None
        if chosen is not None:
            self._folder = chosen
            self.folder_proved.emit(chosen)
        self._end()
        self._set(dataset)
        then, self._when_loaded = self._when_loaded, None
        (then or self.chosen.emit)(dataset)
        if self._offers_mnist and dataset.name == "strokes":
            self.mnist_offered.emit()

    @Slot()
    def _on_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._end()
        self.failed.emit(message)
        if not self._next:
            return
        self._offers_mnist = False  # it would take the place of the message
        if self._folder is not None:
            self.folder_refused.emit(self._folder)
            self._folder = None
        self._next.pop(0)()

    def _end(self) -> None:
        self._is_loading = False
        self.ended.emit()

    def _set(self, dataset: Dataset) -> None:
        if dataset is not self.dataset:
            self.dataset = dataset
            self.changed.emit(dataset)
