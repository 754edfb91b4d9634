"""Guided experiments: a text, runs to compare, and a question that they answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from core.colors import LIGHT, Theme
from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson
from core.lessons.lesson_records import records_of
from core.lessons.lesson_run import VariantState
from core.lessons.lessons import Lessons, find_lessons
from gui.lessons.done_lessons import DoneLessons
from gui.lessons.lesson_card import LessonCard
from gui.lessons.lesson_data import overlays_of, why_not
from gui.lessons.lesson_list import LessonList
from gui.lessons.lesson_page import LessonPage
from gui.lessons.lesson_runner import LessonRunner
from gui.lessons.lesson_searches import LessonSearches

_LATER = Qt.ConnectionType.QueuedConnection  # when the answer has its place


class LessonsPanel(QWidget):
    """A list of lessons, of which one can be opened and run at a time.

    Results are kept until the data set changes, so that a lesson that is opened again shows its
    curves.

    Attributes
    ----------
    lesson, page
        The open one, None if there is none, and where it is shown.
    runner, searches
        Run the variants, or the search, of the open lesson.

    Signals
    -------
    lesson_started(Lesson)
        A lesson starts to run: the window's own run must pause.
    overlays_changed(overlays)
        The curves to draw: a list of title, color as #rrggbb, and RunCurves of each variant; at
        most five times a second while a lesson runs, and empty when it starts.
    axis_wanted(axis)
        The x axis that suits the open lesson.
    view_wanted(Lesson)
        The scale and the ranges of this lesson suit the curves; after `axis_wanted`.
    recorded(records)
        The runs of a lesson have ended or were stopped: RunRecord and RunCurves of each.
    settings_wanted(RunConfig)
        The user wants to start a run with these settings.
    tab_wanted(name)
        The tab to look at in that run; after `settings_wanted`.
    cleared
        The lesson's curves are gone; the previous overlays can be drawn again.
    """

    lesson_started = Signal(object)
    overlays_changed = Signal(object)
    axis_wanted = Signal(str)
    view_wanted = Signal(object)
    recorded = Signal(object)
    settings_wanted = Signal(object)
    tab_wanted = Signal(str)
    cleared = Signal()

    def __init__(
        self,
        find: Callable[[], Lessons] = find_lessons,
        parent: QWidget | None = None,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lessons_panel")
        self.setAccessibleName("Lessons")
        self._find = find
        self._theme = LIGHT
        self._dataset: Dataset | None = None
        self._lessons: tuple[Lesson, ...] = ()
        self.lesson: Lesson | None = None
        self._card: LessonCard | None = None
        self._results: dict[Lesson, tuple[VariantState, ...]] = {}
        self._began: float | None = None
        self._predictions: dict[Lesson, int] = {}
        self.runner = LessonRunner(self)
        self.runner.states_changed.connect(self._show_states)
        self.runner.ended.connect(self._on_ended)
        self.runner.failed.connect(self._on_failed)
        self.searches = LessonSearches(self)
        self.searches.changed.connect(self._show_search)
        self.searches.done.connect(self._note_done)
        self.searches.failed.connect(self._on_failed)
        self._done = DoneLessons(settings)
        self.list = LessonList(self._done)
        self.list.opened.connect(self.open_lesson)
        self.list.reload_requested.connect(self.reload)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.list)
        self.page = LessonPage()
        self.page.back.clicked.connect(self.leave_lesson)
        self._pages.addWidget(self.page)
        self._is_read = False

    # --- what the window says --------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.list.apply_theme(theme)
        if self._card is not None:
            self._card.set_colors(theme.overlays, theme)
            if self.lesson in self._results:
                self._send_overlays()

    @Slot(object)
    def set_dataset(self, dataset: Dataset | None) -> None:
        """Run lessons on this data set from now on; results on another are dropped."""
        if dataset is self._dataset:
            return
        self._stop()
        had_results, self._results = bool(self._results), {}
        self.searches.forget()
        self._dataset = dataset
        if self.lesson is not None and self._card is not None:
            self._show_search()
            self._card.show_states([VariantState()] * len(self.lesson.variants))
            self._show_whether_it_can_run()
        if had_results:
            self.cleared.emit()

    def close_threads(self, timeout_ms: int) -> bool:
        """Stop a running lesson and wait; return whether it has ended."""
        return self.runner.close(timeout_ms)

    # --- what the user does ----------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read the lesson files when the panel is first shown."""
        if not self._is_read:
            self.reload()
        super().showEvent(event)

    @Slot()
    def reload(self) -> None:
        """Read the lesson files again."""
        self._is_read = True
        found = self._find()
        self._lessons = found.lessons
        self.list.show_lessons(found)

    @Slot(int)
    def open_lesson(self, index: int) -> None:
        """Show a lesson of the list."""
        self.show_lesson(self._lessons[index])

    def show_lesson(self, lesson: Lesson) -> None:
        """Show a lesson, which need not be in the list."""
        if self.lesson is lesson:  # a double click signals twice
            return
        self._stop()
        self.lesson = lesson
        self._card = card = LessonCard(lesson)
        card.run_requested.connect(self.run)
        card.stop_requested.connect(self._stop)
        card.open_requested.connect(self._open_variant)
        card.answer_button.clicked.connect(self._bring_answer, _LATER)
        card.predicted.connect(self._note_prediction)
        if lesson in self._predictions:
            card.show_prediction(self._predictions[lesson])
        card.set_colors(self._theme.overlays, self._theme)
        self._show_whether_it_can_run()
        self.page.show_card(card)
        self._pages.setCurrentIndex(1)
        if lesson in self._results:
            card.show_states(self._results[lesson])
            self.axis_wanted.emit(lesson.axis)
            self.view_wanted.emit(lesson)
            self._send_overlays()
        self._show_search()

    @Slot(int)
    def _note_prediction(self, index: int) -> None:
        if self.lesson is not None:
            self._predictions[self.lesson] = index

    @Slot()
    def leave_lesson(self) -> None:
        """Go back to the list; stop the lesson, and remove its curves."""
        self._stop()
        had_results = self.lesson in self._results
        self.lesson = self._card = None
        self._pages.setCurrentIndex(0)
        if had_results:
            self.cleared.emit()

    @Slot()
    def run(self) -> None:
        """Run the open lesson from the start."""
        lesson, card, dataset = self.lesson, self._card, self._dataset
        if lesson is None or card is None or dataset is None or not lesson.is_about(dataset.name):
            return
        if lesson.search is not None:
            card.set_hint("")
            self.searches.start(lesson, dataset)
            return
        self._results[lesson] = (VariantState(),) * len(lesson.variants)
        card.show_states(self._results[lesson])
        card.set_running(True)
        card.set_hint("")
        self.lesson_started.emit(lesson)
        self.axis_wanted.emit(lesson.axis)
        self.view_wanted.emit(lesson)
        self._send_overlays()
        self._began = time.time()
        self.runner.start(lesson, dataset)

    @Slot()
    def _stop(self) -> None:
        self.runner.stop()
        self.searches.stop()
        self._record()
        if self._card is not None:
            self._card.set_running(False)

    def _record(self) -> None:
        """Report the runs that are over, once."""
        began, self._began = self._began, None
        if began is not None and self.lesson is not None and self._dataset is not None:
            states, dataset = self._results[self.lesson], self._dataset.name
            self.recorded.emit(records_of(self.lesson, states, dataset, began))

    @Slot(int)
    def _open_variant(self, index: int) -> None:
        lesson, dataset = self.lesson, self._dataset
        if lesson is None or dataset is None:
            return
        self._stop()
        self.settings_wanted.emit(lesson.variants[index].run_config(dataset.name))
        if lesson.tab is not None:
            self.tab_wanted.emit(lesson.tab)

    # --- what the runner says --------------------------------------------------------------

    @Slot(object)
    def _show_states(self, states: Sequence[VariantState]) -> None:
        if self.lesson is not None and self._card is not None:
            self._results[self.lesson] = tuple(states)
            self._card.show_states(states)
            self._send_overlays()

    @Slot()
    def _on_ended(self) -> None:
        self._stop()
        self._note_done()

    @Slot()
    def _show_search(self) -> None:
        """Show how far the search of the open lesson is."""
        lesson, card = self.lesson, self._card
        if lesson is not None and card is not None and lesson.search is not None:
            card.show_search(self.searches.progress.get(lesson), lesson in self.searches.finished)
            card.set_running(self.searches.running is lesson)

    @Slot()
    def _note_done(self) -> None:
        if self.lesson is not None and self._card is not None:
            self._done.add(self.lesson.title)
            if self.lesson in self._lessons:  # or its file has changed since
                self.list.show_done(self.lesson, self._lessons.index(self.lesson))

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._stop()
        if self._card is not None:
            self._card.set_hint(message)

    def _bring_answer(self) -> None:
        if self._card is not None:
            self.page.scroll_to_answer(self._card)

    def _send_overlays(self) -> None:
        lesson = self.lesson
        states = () if lesson is None else self._results.get(lesson, ())
        self.overlays_changed.emit(
            [] if lesson is None else overlays_of(lesson, states, self._theme.overlays)
        )

    def _show_whether_it_can_run(self) -> None:
        if self.lesson is None or self._card is None:
            return
        hint = why_not(self.lesson, self._dataset)
        self._card.set_hint(hint)
        self._card.set_can_run(not hint)
