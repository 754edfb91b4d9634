"""Connects the panel of searches with their process, the session and the list of searches."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from core.datasets.dataset import Dataset
from core.errors import DigitscopeError
from core.runs.run_library import RunLibrary
from core.search.plan import SearchPlan
from core.search.search_files import is_running
from core.settings.config import RunConfig
from core.settings.data_source import DataSource
from gui.lessons.lessons_panel import LessonsPanel
from gui.search.search_panel import SearchPanel
from gui.search.search_process import SearchProcess
from gui.training.session import Session
from gui.window.tabs import Tabs

if TYPE_CHECKING:
    from gui.search.search_view import SearchView


class SearchController(QObject):
    """Starts, continues and stops searches as the panel says, and shows in it how they are.

    Attributes
    ----------
    panel, process
        On the left, and the process of the search.
    """

    def __init__(
        self,
        session: Session,
        library: RunLibrary,
        lessons: LessonsPanel,
        tabs: Tabs,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.panel = panel = SearchPanel(session.config)
        self.process = process = SearchProcess(parent=self)
        self._session = session
        self._library, self._tabs, self._window = library, tabs, window
        self._view: SearchView | None = None
        self._followed = ""
        session.config_changed.connect(self._show_config)
        session.data.changed.connect(self._show_dataset)
        panel.start_wanted.connect(self._start)
        panel.continue_wanted.connect(self._resume)
        panel.cancel_wanted.connect(process.cancel)
        process.began.connect(self._on_began)
        process.progressed.connect(panel.show_progress)
        process.progressed.connect(lessons.searches.show_progress)
        process.ended.connect(self._on_ended)
        self._lessons = lessons
        lessons.searches.wanted.connect(self._start_lesson)
        lessons.searches.cancel_wanted.connect(process.cancel)
        lessons.searches.done.connect(self._show_trials)
        process.ended.connect(lessons.searches.end)
        self._show_config(session.config)
        self._show_stopped()

    def follow_in(self, view: SearchView) -> None:
        """Let a view show the search that is running, and its trials as they end."""
        self._view = view
        self.process.progressed.connect(self._show_in_view)
        if self.process.search:
            view.follow(self.process.search)

    @Slot()
    def _show_in_view(self) -> None:
        if self._view is not None and self.process.search != self._followed:
            self._followed = self.process.search
            self._view.follow(self._followed)

    @Slot(object)
    def _show_config(self, config: RunConfig) -> None:
        self.panel.show_config(config)

    @Slot(object)
    def _show_dataset(self, dataset: Dataset) -> None:
        self.panel.show_images(len(dataset.train_labels))

    def _show_stopped(self) -> None:
        """Offer the searches that nothing works on and that are not finished."""
        try:
            searches = self._library.searches()
        except DigitscopeError:
            return  # the list of runs says so
        self.panel.show_stopped(
            [each for each in searches if each.state != "finished" and not is_running(each.id)]
        )

    @Slot(object, object)
    def _start(self, plan: SearchPlan, options: Sequence[str]) -> None:
        self._followed = ""
        self._point_to_data(plan.config.dataset)
        self.process.start(plan, options)

    @Slot(object, str)
    def _start_lesson(self, plan: SearchPlan, name: str) -> None:
        """Start the search of a lesson, and show what it tries; not beside another search."""
        if self.process.is_running:
            self._lessons.searches.end("Another search is running. Cancel it in Search first.")
            return
        self.panel.form.show_plan(plan)
        self._start(plan, [f"--name={name}", *self.panel.form.options()])

    @Slot()
    def _show_trials(self) -> None:
        self._tabs.open("search")

    @Slot(str, object)
    def _resume(self, search: str, options: Sequence[str]) -> None:
        self._followed = ""
        with suppress(DigitscopeError):  # of which the search itself tells
            record = next(each for each in self._library.searches() if each.id == search)
            self._point_to_data(SearchPlan.from_values(record.plan).config.dataset)
        self.process.resume(search, options)

    def _point_to_data(self, source: DataSource) -> None:
        self.process.data_folder = self._session.data.folder_of(source)

    @Slot()
    def _on_began(self) -> None:
        self._session.pause()  # the search needs all cores
        self.panel.show_running(True)
        self._tabs.open("search")

    @Slot(str)
    def _on_ended(self, message: str) -> None:
        self.panel.show_running(False, message)
        self._show_stopped()

    def may_close(self) -> bool:
        """Ask whether a running search may be stopped; return the answer."""
        if not self.process.is_running:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Digitscope",
            "A search is running. Stop it? Its finished trials are kept, and Continue in the "
            "panel Search resumes it from there.",
            buttons.Yes | buttons.Cancel,
            buttons.Yes,
        )
        return answer == buttons.Yes

    def close(self, timeout_ms: int) -> bool:
        """Stop the search and wait; return whether it has ended."""
        return self.process.close(timeout_ms)
