"""The searches of lessons: asks the window for them, and keeps how far they are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson
from core.search.search_progress import SearchProgress


class LessonSearches(QObject):
    """At most one search at a time, which another part of the window carries out.

    Attributes
    ----------
    running
        The lesson whose search is running; None: none.
    progress
        How far each search is, of those that have begun.
    finished
        The lessons whose search has ended with its last trial.

    Signals
    -------
    wanted(SearchPlan, name)
        Begin this search; :meth:`end` says that it could not begin.
    cancel_wanted()
        Stop it.
    changed()
        One of the attributes is another.
    done()
        The search is finished.
    failed(message)
        It has ended with this error.
    """

    wanted = Signal(object, str)
    cancel_wanted = Signal()
    changed = Signal()
    done = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: Lesson | None = None
        self.progress: dict[Lesson, SearchProgress] = {}
        self.finished: set[Lesson] = set()

    def start(self, lesson: Lesson, dataset: Dataset) -> None:
        """Begin the search of a lesson on a data set."""
        assert lesson.search is not None
        plan = lesson.search.plan(dataset.name, len(dataset.train_labels))
        self.running = lesson
        self.finished.discard(lesson)
        self.progress[lesson] = SearchProgress(0, plan.combinations, 0, None, None, None, "")
        self.changed.emit()
        self.wanted.emit(plan, lesson.title)

    def stop(self) -> None:
        """Stop the search; its progress stays."""
        if self.running is not None:
            self.running = None
            self.cancel_wanted.emit()
            self.changed.emit()

    def forget(self) -> None:
        """Drop what was found, as on another data set."""
        self.progress.clear()
        self.finished.clear()

    @Slot(object)
    def show_progress(self, progress: SearchProgress) -> None:
        """Take how far the search is that runs; it may be another's."""
        if self.running is not None:
            self.progress[self.running] = progress
            self.changed.emit()

    @Slot(str)
    def end(self, message: str) -> None:
        """Note that the search has ended, with an error unless `message` is empty."""
        lesson, self.running = self.running, None
        if lesson is None:
            return
        progress = self.progress[lesson] = replace(self.progress[lesson], message="")
        is_whole = not message and progress.done >= progress.total
        if is_whole:
            self.finished.add(lesson)
        elif not progress.done:
            del self.progress[lesson]
        self.changed.emit()
        if is_whole:
            self.done.emit()
        elif message:
            self.failed.emit(message)
