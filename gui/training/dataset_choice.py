"""Which data set to get, and where from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.published import find_published
from core.datasets.published_sets import MNIST
from core.datasets.strokes import load_strokes
from core.progress import Progress
from core.settings.data_source import DataSource, data_title
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.dataset_thread import DatasetThread

_TITLES: dict[DataSource, str] = {
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
        self._when_loaded: Callable[[Dataset], None] | None = None
        self._folder = folder
        self._chosen: Path | None = None
        self._offers_mnist = False
        self._next: list[Callable[[], None]] = []
        self._last_id = 0
        self._threads = ReplaceableThread[DatasetThread](self)

    @property
    def folder(self) -> Path | None:
        """Where MNIST is looked for first; None for the usual places alone."""
        return self._folder

    def load_first(self) -> None:
        """Load MNIST if this machine has it, else the built-in digits."""
        self._chosen = None
        self._offers_mnist = True
        self._next = [partial(self._load, "strokes")]
        if self._folder is not None:
            self._next.insert(0, self._find)
        self._find()

    def choose(self, name: DataSource, folder: Path | None = None) -> None:
        """Load a data set for a new run; MNIST is downloaded where need be.

        `folder` is where to look for MNIST first, from now on if it is there.
        """
        self._begin_anew(folder)
        if folder is None and self._folder is not None and name != "strokes":
            self._next = [partial(self._load, name)]
        self._load(name)

    def _begin_anew(self, chosen: Path | None) -> None:
        """Give up what was to follow on an earlier load."""
        self._when_loaded = None
        self._chosen = chosen
        self._offers_mnist = False
        self._next = []

    def use(self, dataset: Dataset) -> None:
        """Make a data set that is in memory the present one, for a new run."""
        self._set(dataset)
        self.chosen.emit(dataset)

    def call_with(
        self, name: DataSource, then: Callable[[Dataset], None], lent: Path | None = None
    ) -> None:
        """Call `then` with a data set: at once if it is the present one, otherwise once loaded.

        `lent` is a folder that holds MNIST, for this time only.
        """
        if self.dataset is not None and self.dataset.name == name and self._threads.present is None:
            then(self.dataset)
            return
        if lent is None:
            self.choose(name)
        else:
            self._begin_anew(None)
            self._load(name, lent)
        self._when_loaded = then

    def _find(self) -> None:
        folder = self._folder

        def load(progress: Progress) -> Dataset:
            return find_published(MNIST, folder) or load_strokes(progress)

        self._start("Looking for MNIST, else drawing digits…", load)

    def _load(self, name: DataSource, lent: Path | None = None) -> None:
        folder = lent or self._chosen or self._folder
        self._start(
            _TITLES.get(name, f"Getting {data_title(name)}…"), partial(load_dataset, name, folder)
        )

    def cancel(self) -> None:
        """Give up what is being loaded."""
        if self._threads.present is not None:
            self._threads.present.stop()

    def close(self, timeout_ms: int) -> bool:
        """Cancel and wait; return whether all threads have ended."""
        return self._threads.close(timeout_ms)

    def _start(self, title: str, load: Callable[[Progress], Dataset]) -> None:
        """Call `load` in a thread; an earlier load that still runs is cancelled."""
        self.started.emit(title)
        self._last_id += 1
        thread = DatasetThread(self._last_id, load)
        thread.progressed.connect(self._on_progressed)
        thread.ended.connect(self._on_ended)
        self._threads.start(thread)

    def _is_present(self, load_id: int) -> bool:
        present = self._threads.present
        return present is not None and load_id == present.load_id

    @Slot(int, object, object)
    def _on_progressed(self, load_id: int, done: int, total: int) -> None:
        if self._is_present(load_id):
            self.progressed.emit(done, total)

    @Slot(int, object, str)
    def _on_ended(self, load_id: int, dataset: Dataset | None, message: str) -> None:
        if not self._is_present(load_id):
            return
        self._threads.retire()
        self.ended.emit()
        if dataset is not None:
            self._take(dataset)
        elif message:
            self._fail(message)
        else:
            self.cancelled.emit()

    def _take(self, dataset: Dataset) -> None:
        chosen, self._chosen = self._chosen, None
        if chosen is not None:
            self._folder = chosen
            self.folder_proved.emit(chosen)
        self._set(dataset)
        then, self._when_loaded = self._when_loaded, None
        (then or self.chosen.emit)(dataset)
        if self._offers_mnist and dataset.name == "strokes":
            self.mnist_offered.emit()

    def _fail(self, message: str) -> None:
        self.failed.emit(message)
        if not self._next:
            return
        self._offers_mnist = False  # it would take the place of the message
        if self._folder is not None:
            self.folder_refused.emit(self._folder)
            self._folder = None
        self._next.pop(0)()

    def _set(self, dataset: Dataset) -> None:
        if dataset is not self.dataset:
            self.dataset = dataset
            self.changed.emit(dataset)
