"""What can be put on a side of the comparison: moments of the run, other runs, and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import DigitscopeError
from core.printable_text import printable
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.saving.run_file import load_run
from core.training.saved_run import SavedRun
from gui.film.shown_moment import ShownMoment
from gui.training.session import Session


class Kind(Enum):
    """Where a network comes from."""

    THIS_RUN = auto()
    SHOWN = auto()
    BEST = auto()
    READY_MADE = auto()
    KEPT = auto()
    FILE = auto()


@dataclass(frozen=True)
class Source:
    """One place to take a network from; `key` is the id of a kept run, or the path of a file."""

    kind: Kind
    key: str = ""

    @property
    def is_this_run(self) -> bool:
        """Whether it is a moment of the present run, whichever that is."""
        return self.kind in (Kind.THIS_RUN, Kind.SHOWN, Kind.BEST)


THIS_RUN, SHOWN = Source(Kind.THIS_RUN), Source(Kind.SHOWN)
BEST, READY_MADE = Source(Kind.BEST), Source(Kind.READY_MADE)
_TITLES = {
    THIS_RUN: ("This run", "Any moment of this run; the slider's right end follows it"),
    SHOWN: ("This run, as shown", "The moment that the time slider under the curves shows"),
    BEST: ("This run's best", "The network that was best on the validation split"),
    READY_MADE: ("Ready-made network", "The network that comes with the app"),
}

Load = Callable[[], SavedRun]


class NetworkSources(QObject):
    """Knows all sources, by their titles, and how to read those that are kept or in files.

    Signals
    -------
    changed
        There are others.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        shown: ShownMoment,
        library: RunLibrary,
        shipped: SavedRun | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.shown = shown
        self.shipped = shipped
        self.session = session
        self._library = library
        self._kept: dict[Source, str] = {}
        self._files: dict[Source, str] = {}
        self._has_best = False
        session.reopening.changed.connect(self._list_kept)
        shown.moments_changed.connect(self._look_for_best)
        self._list_kept()

    @property
    def all(self) -> list[Source]:
        """All sources, in the order to offer them in."""
        best = [BEST] if self._has_best else []
        ready_made = [] if self.shipped is None else [READY_MADE]
        return [THIS_RUN, SHOWN, *best, *self._kept, *self._files, *ready_made]

    def title(self, source: Source) -> str:
        """Return what a source is called."""
        if source in _TITLES:
            return _TITLES[source][0]
        return self._kept.get(source) or self._files.get(source) or "Another run"

    def tool_tip(self, source: Source) -> str:
        """Return what there is to know of a source before it is chosen."""
        if source in _TITLES:
            return _TITLES[source][1]
        if source.kind is Kind.FILE:
            return printable(source.key)
        return "A run that another one has replaced; it is kept until Digitscope closes"

    def add_file(self, path: Path, title: str = "") -> Source:
        """Offer the run in a file from now on, under its name; return it."""
        source = Source(Kind.FILE, str(path))
        self._files[source] = title or printable(path.name)
        self.changed.emit()
        return source

    def has(self, record: RunRecord) -> bool:
        """Return whether the network of a recorded run is within reach, not only its record."""
        return record.path is not None or self._of_record(record).kind is not Kind.FILE

    def of_record(self, record: RunRecord) -> Source:
        """Return the source of a recorded run; its file is offered from now on."""
        source = self._of_record(record)
        if source.kind is Kind.FILE:
            self.add_file(Path(source.key), record.name)
        return source

    def _of_record(self, record: RunRecord) -> Source:
        present = self.session.run
        if present is not None and present.id == record.id:
            return THIS_RUN
        kept = Source(Kind.KEPT, record.id)
        return kept if kept in self._kept else Source(Kind.FILE, str(record.path))

    def loader(self, source: Source) -> Load | None:
        """Return how to read a run that is kept or in a file; None if it is kept no more."""
        if source.kind is Kind.FILE:
            return lambda: load_run(Path(source.key))
        kept = self.session.reopening.replaced.find(source.key)
        return None if kept is None else kept.load

    @Slot()
    def _list_kept(self) -> None:
        runs = self.session.reopening.replaced.runs
        self._kept = {Source(Kind.KEPT, run.id): self._name_of(run.id) for run in runs}
        self.changed.emit()

    def _name_of(self, run: str) -> str:
        try:
            record = self._library.record(run)
        except DigitscopeError:
            record = None
        return "A replaced run" if record is None else record.name

    @Slot()
    def _look_for_best(self) -> None:
        has_best = self.shown.best is not None
        if has_best != self._has_best:
            self._has_best = has_best
            self.changed.emit()
