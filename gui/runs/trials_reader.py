"""Reads the runs of a search a part at a time, so that the window stays quick."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord

PART = 250
"""Runs that are read in one go, which takes about a hundredth of a second."""


class TrialsReader(QObject):
    """Reads searches one after the other, between the other events of the window.

    Signals
    -------
    read(records)
        The runs of a search, all at once.
    """

    read = Signal(object)

    def __init__(self, library: RunLibrary, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._parts: dict[str, Iterator[list[RunRecord]]] = {}
        self._found: dict[str, list[RunRecord]] = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_reading(self) -> bool:
        """Whether there is more to read."""
        return bool(self._parts)

    def start(self, search: str) -> None:
        """Read a search; one of few runs is read at once.

        Raises
        ------
        RunLibraryError
            If it cannot be read.
        """
        parts = self._library.parts_of_search(search, PART)
        self._found[search] = next(parts, [])
        self._parts[search] = parts
        if len(self._found[search]) < PART:
            self._read_part(search)
        if self._parts:
            self._timer.start()

    def stop(self, search: str) -> None:
        """Read a search no longer."""
        self._parts.pop(search, None)
        self._found.pop(search, None)

    @Slot()
    def _go_on(self) -> None:
        search = next(iter(self._parts), None)
        if search is None:
            self._timer.stop()
        else:
            self._read_part(search)

    def _read_part(self, search: str) -> None:
        part = next(self._parts[search], None)
        if part is not None:
            self._found[search] += part
            return
        found = self._found[search]
        self.stop(search)
        self.read.emit(found)
