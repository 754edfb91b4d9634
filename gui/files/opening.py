"""Files that the user opens, from wherever: each is taken for what it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.classroom.handed_file import open_handed_file
from core.datasets.own.recognition import is_data
from core.errors import DigitscopeError
from core.importing.network_file import SUFFIXES
from core.importing.never_opened import NEVER_OPENED
from core.lessons.lesson import Lesson
from core.settings.config import RunConfig
from gui.files.run_files import SUFFIX, RunFiles
from gui.widgets.actions import Actions

_TEXT_SUFFIX = ".toml"
_NETWORK_SUFFIXES = {*SUFFIXES, *NEVER_OPENED} - {SUFFIX}
"""Of networks of other programs; of some it is only said why they are never opened."""

_FILTER = f"Runs, classrooms, lessons and settings (*{SUFFIX} *{_TEXT_SUFFIX})"


def dropped_file(data: QMimeData) -> Path | None:
    """Return the file that is dropped and can be opened; None unless it is exactly one."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and (_is_file(paths[0]) or is_data(paths[0])) else None


def _is_file(path: Path) -> bool:
    return path.suffix.lower() in {SUFFIX, _TEXT_SUFFIX, *_NETWORK_SUFFIXES}


class Opening(QObject):
    """Opens runs, and hands on what is in a text file once all of it is checked.

    Signals
    -------
    settings_opened(RunConfig), lesson_opened(Lesson), classroom_opened(Classroom)
        What was in the file. Before a classroom, an unsaved run is asked about.
    network_found(Path), data_found(Path)
        It is the file of a network of another program, or data of the user's own, or claims to be.
    problem(message)
        The file could not be read, or something in it is wrong; nothing was changed.
    """

    settings_opened = Signal(object)
    lesson_opened = Signal(object)
    classroom_opened = Signal(object)
    network_found = Signal(object)
    data_found = Signal(object)
    problem = Signal(str)

    def __init__(self, files: RunFiles, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._files = files
        self._window = window
        actions.open.triggered.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Ask for a file, and open it."""
        begin = str(self._files.path or Path.home())
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open", begin, _FILTER)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Open a saved run, settings, a lesson, a classroom, a network, or data of one's own."""
        if is_data(path):
            self.data_found.emit(path)
            return
        if path.suffix.lower() in _NETWORK_SUFFIXES:
            self.network_found.emit(path)
            return
        if path.suffix.lower() != _TEXT_SUFFIX:
            self._files.open_file(path)
            return
        try:
            found = open_handed_file(path)
        except DigitscopeError as error:
            self.problem.emit(str(error))
            return
        if isinstance(found, RunConfig):
            self.settings_opened.emit(found)
        elif isinstance(found, Lesson):
            self.lesson_opened.emit(found)
        elif self._files.may_be_lost(partial(self.classroom_opened.emit, found)):
            self.classroom_opened.emit(found)
