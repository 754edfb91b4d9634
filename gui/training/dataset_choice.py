"""Which data set to get, and where from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.datasets.loading import load_dataset
from core.datasets.published import AnotherSetError, find_published
from core.datasets.published_sets import MNIST, PUBLISHED_SETS
from core.datasets.strokes import load_strokes
from core.progress import Progress
from core.settings.data_source import DataSource, ReadySet, data_title
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.dataset_thread import DatasetThread

_TITLES: dict[DataSource, str] = {
    "strokes": "Drawing digits…",
    "mnist+strokes": "Getting MNIST and drawing digits…",
}


class DatasetChoice(QObject):
    """Holds the present data set; finds, downloads or generates the one that was chosen last.

    A folder counts only once a data set was found in it. One that counted and holds none any more
    is complained of once, and passed over from then on.

    Parameters
    ----------
    folders
        Where to look first, for each data set that was found in a folder that the user chose.

    Attributes
    ----------
    dataset
        The present one; None before the first.
    wanted_last
        What was loaded last, or could not be.

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
    folder_proved(name, Path), folder_refused(Path)
        The folder that was chosen holds this data set; that in which one was looked for first
        holds none.
    """

    started = Signal(str)
    progressed = Signal(object, object)
    ended = Signal()
    changed = Signal(object)
    chosen = Signal(object)
    cancelled = Signal()
    failed = Signal(str)
    mnist_offered = Signal()
    folder_proved = Signal(str, object)
    folder_refused = Signal(object)

    def __init__(self, folders: Mapping[str, Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dataset: Dataset | None = None
        self._when_loaded: Callable[[Dataset], None] | None = None
        self._folders = dict(folders)
        self._looked_in: Path | None = None
        self._chosen: Path | None = None
        self._wanted: DataSource = "mnist"
        self._offers_mnist = False
        self._next: list[Callable[[], None]] = []
        self._last_id = 0
        self.wanted_last: DataSource = "mnist"
        self._threads = ReplaceableThread[DatasetThread](self)

    def folder_of(self, name: DataSource) -> Path | None:
        """Return where a data set is looked for first; None for the usual places alone."""
        if (key := _published_in(name)) is None:
            return None
        others = self._folders.values()  # torchvision keeps all of them in one
        return self._folders.get(key) or next(iter(others), None)

    def load_first(self) -> None:
        """Load MNIST if this machine has it, else the built-in digits."""
        self._chosen = None
        self._offers_mnist = True
        self._next = [partial(self._load, "strokes")]
        if self.folder_of("mnist") is not None:
            self._next.insert(0, self._find)
        self._find()

    def choose(self, name: DataSource, folder: Path | None = None) -> None:
        """Load a data set for a new run; it is downloaded where need be.

        `folder` is where to look for it first, from now on if it is there.
        """
        self._begin_anew(folder)
        if _published_in(name) is not None:
            self._wanted = name
        if folder is None and self.folder_of(name) is not None:
            self._next = [partial(self._load, name)]
        self._load(name)

    def choose_folder(self, folder: Path) -> None:
        """Load what a folder holds: the data set that was wanted last, or another one."""
        self.choose(self._wanted, folder)

    def _begin_anew(self, chosen: Path | None) -> None:
        """Give up what was to follow on an earlier load."""
        self._when_loaded = None
        self._chosen = chosen
        self._offers_mnist = False
        self._next = []

    def use(self, dataset: Dataset) -> None:
        """Make a data set that is in memory the present one, for a new run."""
        self._begin_anew(None)
        if self._threads.present is not None:
            self._threads.retire()
            self.ended.emit()
        self._set(dataset)
        self.chosen.emit(dataset)

    def call_with(
        self, name: DataSource, then: Callable[[Dataset], None], lent: Path | None = None
    ) -> None:
        """Call `then` with a data set: at once if it is the present one, otherwise once loaded.

        `lent` is a folder that holds the data set, for this time only.
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
        folder = self._looked_in = self.folder_of("mnist")

        def load(progress: Progress) -> Dataset:
            return _find_mnist(folder) or load_strokes(progress)

        self._start("Preparing training data…", load)

    def _load(self, name: DataSource, lent: Path | None = None) -> None:
        self.wanted_last = name
        title = _TITLES.get(name, f"Getting {data_title(name)}…")
        self._looked_in = None
        if lent is not None:
            self._start(title, partial(load_dataset, name, lent))
        elif self._chosen is not None:
            self._start(title, partial(_load_from, self._chosen, name))
        else:
            self._looked_in = self.folder_of(name)
            self._start(title, partial(_load_preferring, self._looked_in, name))

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
            name = _published_in(dataset.name)
            assert name is not None  # only for such a set is a folder chosen
            self._folders[name] = chosen
            self.folder_proved.emit(name, chosen)
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
        if (refused := self._looked_in) is not None:
            self._folders = {name: at for name, at in self._folders.items() if at != refused}
            self.folder_refused.emit(refused)
        self._next.pop(0)()

    def _set(self, dataset: Dataset) -> None:
        if dataset is not self.dataset:
            self.dataset = dataset
            self.changed.emit(dataset)


def _published_in(name: DataSource) -> ReadySet | None:
    """Return which published set a data set consists of or contains; None if none."""
    published = MNIST if name == "mnist+strokes" else PUBLISHED_SETS.get(name)
    return published.name if published is not None else None


def _find_mnist(folder: Path | None) -> Dataset | None:
    try:
        return find_published(MNIST, folder)
    except AnotherSetError:  # a folder that was chosen for the other one
        return find_published(MNIST)


def _load_from(folder: Path, name: DataSource, progress: Progress) -> Dataset:
    """Load the data set `name` from a folder, or the one that is there instead."""
    try:
        return load_dataset(name, folder, progress)
    except AnotherSetError as error:
        return load_dataset(error.found.name, folder, progress)


def _load_preferring(folder: Path | None, name: DataSource, progress: Progress) -> Dataset:
    """Load a data set from a folder, or from elsewhere if the folder holds only another one."""
    try:
        return load_dataset(name, folder, progress)
    except AnotherSetError:
        return load_dataset(name, None, progress)
