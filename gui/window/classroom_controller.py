"""What is handed out: classrooms are entered and left, and lessons from files are opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from core.classroom.classroom import CONTROLS, SETTINGS, TABS, TRAINING, Classroom
from core.classroom.classroom_text import classroom_text
from core.datasets.dataset import Dataset
from core.files.atomic_file import write_atomically
from core.lessons.lesson import Lesson
from core.settings.data_source import OwnData
from gui.files.opening import Opening
from gui.files.save_dialog import SaveDialog
from gui.lessons.lessons_panel import LessonsPanel
from gui.pad.pad_panel import PadPanel
from gui.settings.settings_panel import SettingsPanel
from gui.training.session import Session
from gui.widgets.actions import Actions
from gui.widgets.messages import Messages
from gui.window.classroom_actions import hide_empty_menus, limit_actions
from gui.window.tabs import Tabs
from gui.window.transport_bar import TransportBar
from gui.window.window_layout import PARTS, WindowLayout

_TOPIC = "classroom"


class ClassroomController(QObject):
    """Enters a classroom once its data is loaded; leaving it brings back the user's arrangement.

    Nothing that is remembered until the next start is changed by a classroom.

    Parameters
    ----------
    session
        Begins a run with the settings of a classroom.
    layout, settings_panel, transport, tabs, pad_panel, lessons, actions
        What a classroom leaves out, each in part.
    opening
        Where classrooms and lessons come from.

    Attributes
    ----------
    classroom
        The one that was entered; None outside.
    """

    def __init__(
        self,
        session: Session,
        layout: WindowLayout,
        settings_panel: SettingsPanel,
        transport: TransportBar,
        tabs: Tabs,
        pad_panel: PadPanel,
        lessons: LessonsPanel,
        actions: Actions,
        opening: Opening,
        messages: Messages,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self.classroom: Classroom | None = None
        self._session, self._layout, self._settings_panel = session, layout, settings_panel
        self._transport, self._tabs, self._pad_panel = transport, tabs, pad_panel
        self._lessons, self._actions, self._window = lessons, actions, window
        self._tab_before = 0
        self._saving = SaveDialog(window)
        self._saving.done.connect(partial(messages.done, topic=_TOPIC))
        self._saving.problem.connect(partial(messages.fault, topic=_TOPIC))
        opening.classroom_opened.connect(self.enter)
        opening.lesson_opened.connect(self.open_lesson)
        actions.leave_classroom.triggered.connect(self.leave)
        actions.save_classroom.triggered.connect(self.save)

    @Slot(object)
    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson that need not be in the list."""
        if self.classroom is not None:
            self.leave()  # which may not show this
        self._layout.show_lessons()
        self._lessons.show_lesson(lesson)

    @Slot(object)
    def enter(self, classroom: Classroom) -> None:
        """Show what a classroom shows, and begin with its settings, once its data is loaded."""
        then = partial(self._begin, classroom)
        self._session.data.call_with(classroom.config.dataset, then, classroom.data_dir)

    def _begin(self, classroom: Classroom, _dataset: Dataset) -> None:
        self._session.pause()
        self._session.use_config(classroom.config)  # at once, because its data set is loaded
        if self.classroom is None:
            self._tab_before = self._tabs.currentIndex()
        self.classroom = classroom
        self._lessons.leave_lesson()
        self._layout.bar.greet(classroom.title, classroom.text)
        self._limit()
        if classroom.lesson is not None:
            self._layout.show_lessons()
            self._lessons.show_lesson(classroom.lesson)

    @Slot()
    def leave(self) -> None:
        """Show everything; the run and the lesson stay."""
        if self.classroom is not None:
            self.classroom = None
            self._limit()
            self._tabs.setCurrentIndex(self._tab_before)

    def _limit(self) -> None:
        """Show what the classroom shows, or everything without one."""
        classroom, actions = self.classroom, self._actions
        controls = CONTROLS.keys() if classroom is None else classroom.controls
        tabs = TABS if classroom is None else classroom.tabs
        settings = SETTINGS if classroom is None else classroom.settings
        parts = PARTS if classroom is None else _parts_of(classroom)
        actions.leave_view.trigger()
        if classroom is not None:
            self._layout.limit_to(parts)  # first of all: it keeps what the user had arranged
        self._settings_panel.limit_to(settings)
        self._transport.limit_to(controls)
        self._tabs.limit_to(tabs, settings)
        self._pad_panel.start_fresh.setVisible("restart" in controls)
        self._lessons.page.back.setVisible("lessons" in controls)
        limit_actions(actions, controls, tabs, parts)
        actions.leave_classroom.setVisible(classroom is not None)
        hide_empty_menus(self._window.menuBar())
        if classroom is None:
            self._layout.show_all_parts()

    @Slot()
    def save(self) -> None:
        """Ask for a file, and write a classroom with the present settings and lesson."""
        if isinstance(self._session.config.dataset, OwnData):
            self._saving.problem.emit(
                "A classroom cannot bring data of your own, which are on this computer only. "
                "Choose MNIST, strokes or another ready set, and save it then."
            )
            return
        path = self._saving.ask("Save as classroom", "classroom", {".toml": "Classrooms"})
        if path is not None:
            text = classroom_text(self._session.config, self._lessons.lesson).encode()

            def write(path: Path) -> None:
                write_atomically(path, lambda stream: stream.write(text))

            self._saving.write(path, "Classroom", write)


def _parts_of(classroom: Classroom) -> set[str]:
    """Return what of the window a classroom shows."""
    parts = {"lessons", "search", "curves", "pad"}.intersection(classroom.controls)
    if classroom.lesson is not None:
        parts.add("lessons")
    if classroom.settings:
        parts.add("settings")
    if not classroom.controls.isdisjoint(TRAINING):
        parts.add("transport")
    if classroom.tabs:
        parts.add("tabs")
    return parts
