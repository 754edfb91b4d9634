"""What searches found: their trials in four pictures, and what can be done with one."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT, Theme
from core.errors import DigitscopeError
from core.runs.run_library import RunLibrary
from core.runs.search_record import SearchRecord
from core.search.plan import SearchPlan
from core.search.results import results_of, write_trials
from core.wording import counted, numeral
from gui.files.save_dialog import SaveDialog
from gui.search.search_pictures import PICTURES, SearchPictures
from gui.search.search_state import SearchState
from gui.widgets.buttons import button
from gui.widgets.dropdown import Dropdown
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labels import empty_note
from gui.widgets.layouts import column, row
from gui.widgets.literal_text import literal
from gui.widgets.named import named
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.tab_view import TabView
from gui.widgets.theme import SPACE

_EMPTY = (
    "No searches yet. In Search, on the left, say which settings vary, then start: each trial "
    "appears here as it ends."
)
_BEST = 5
_LOOK_MS, _REST = 1_000, 20
"""The library is looked at every second, or seldom enough to take 1/20 of the time at most."""


class SearchView(TabView):
    """One search at a time, chosen in a list; the library is read while this is shown.

    Signals
    -------
    overlays_changed(list[tuple[str, str, RunCurves]])
        Title, color and curves of the chosen trial and, if wanted, of the best.
    use_wanted(RunConfig)
        The user wants to start a run with these settings.
    """

    overlays_changed = Signal(object)
    use_wanted = Signal(object)

    def __init__(self, library: RunLibrary) -> None:
        super().__init__()
        named(self, "search_view", "Searches")
        self._library = library
        self._theme = LIGHT
        self._searches: list[SearchRecord] = []
        self._shown: SearchRecord | None = None
        self._read_id: str | None = None
        self._version: int | None = None
        self._drawn: tuple[str, ...] = ()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self.look)
        self._saving = SaveDialog(self)
        self._saving.done.connect(self._say)
        self._saving.problem.connect(self._say)
        self.state = SearchState(self)
        self.state.chosen_changed.connect(self._show_chosen)
        self.state.brushed.connect(self._show_brushed)
        self._make_head()
        self.pictures = SearchPictures(self.state)
        self._make_foot()
        self.empty = empty_note(_EMPTY)
        self._body = QWidget()
        self._body.setLayout(
            column(self._head, self.pictures, self._foot, spacing=SPACE, high=self.pictures)
        )
        self.setLayout(column(self.empty, self._body, spacing=0))
        self._show_what_there_is()

    def _make_head(self) -> None:
        self.choice = Dropdown("search_combo")
        self.choice.setAccessibleName("Search")
        self.choice.activated.connect(self._on_chosen)
        self.picture = SegmentedChoice("search_picture_combo", PICTURES)
        self.picture.setAccessibleName("Picture")
        self.picture.currentIndexChanged.connect(self._show_picture)
        self.clear_brushes = button(
            "clear_brushes_button", "Clear", "Select all trials again (Esc)"
        )
        self.clear_brushes.clicked.connect(self.state.clear_brushes)
        self._head = QWidget()
        parts = self.choice, self.clear_brushes, self.picture
        self._head.setLayout(row(*parts, wide=self.choice))

    def _make_foot(self) -> None:
        self.line = named(ElidedLabel(), "search_line", "Chosen trial")
        self.use = button(
            "use_settings_button",
            "Use these settings",
            "Start a new run with the settings of this trial. The present one is kept",
        )
        self.use.clicked.connect(self._use)
        self.best = button(
            "best_curves_button", f"Best {_BEST}", "Draw the curves of the best trials, too"
        )
        self.best.setCheckable(True)
        self.best.toggled.connect(self._overlay)
        self.export = button("export_trials_button", "Export…", "Write a table of all trials (CSV)")
        self.export.clicked.connect(self._export)
        self._foot = QWidget()
        buttons = row(self.use, self.best, self.export, spacing=SPACE)
        self._foot.setLayout(row(self.line, buttons, wide=self.line))

    # --- reading ------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read the library, and again whenever it has changed."""
        super().showEvent(event)
        self.look()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look at the library no longer."""
        self._look.stop()
        super().hideEvent(event)

    @Slot()
    def look(self) -> None:
        """Read the library if it has changed."""
        try:
            version = self._library.version()
            if version != self._version:
                begin = time.perf_counter()
                self.read()
                self._version = version
                took = 1_000 * (time.perf_counter() - begin)
                self._look.setInterval(max(_LOOK_MS, round(_REST * took)))
        except DigitscopeError as error:
            self._say(str(error))

    def read(self) -> None:
        """Read all searches and the trials of the one that is shown; may raise DigitscopeError."""
        self._searches = self._library.searches()
        ids = [search.id for search in self._searches]
        before = self._shown.id if self._shown is not None else None
        self.choice.clear()
        for search in self._searches:
            self.choice.addItem(_title(search), search.id)
        self._show_what_there_is()
        if self._searches:
            self._show(self._searches[ids.index(before) if before in ids else 0])

    @Slot(str)
    def follow(self, search: str) -> None:
        """Show the search with this id."""
        if self._shown is None or self._shown.id != search:
            try:
                found = self._library.search(search)
                if found is not None:
                    self._shown = found
                    self.read()
            except DigitscopeError as error:
                self._say(str(error))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        try:
            self._show(self._searches[index])
        except DigitscopeError as error:
            self._say(str(error))

    def _show(self, search: SearchRecord) -> None:
        self._shown = search
        index = self._searches.index(search)
        self.choice.setCurrentIndex(index)
        self.choice.setToolTip(literal(f"{_title(search)}\n{search.message}".strip()))
        plan = SearchPlan.from_values(search.plan)
        results = results_of(plan, self._library.records_of_search(search.id))
        is_shown = self._read_id == search.id
        self._read_id = search.id
        self.state.show(results, search.importance or {}, is_shown)
        if not is_shown:
            self.pictures.offer_pairs(plan)
        self._show_picture()
        self._show_brushed()
        self._show_chosen()

    # --- what is shown ------------------------------------------------------------------------

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.pictures.apply_theme(theme)
        if self._drawn:
            self._overlay()

    def _show_what_there_is(self) -> None:
        self.empty.setVisible(not self._searches)
        self._body.setVisible(bool(self._searches))

    @Slot()
    def _show_picture(self) -> None:
        self.pictures.show_picture(self.picture.currentIndex())

    @Slot()
    def _show_brushed(self) -> None:
        self.clear_brushes.setEnabled(bool(self.state.brushes))
        self._show_line()

    @Slot()
    def _show_chosen(self) -> None:
        self._show_line()
        self._overlay()

    def _show_line(self) -> None:
        """Say which trial is chosen; else how many there are, and which is the best."""
        results, state = self.state.results, self.state
        self.use.setEnabled(state.chosen is not None or (results is not None and state.count > 0))
        self.best.setEnabled(state.count > 0)
        self.export.setEnabled(state.count > 0)
        if results is None or self._shown is None:
            self._say("")
        elif state.chosen is not None:
            self._say(state.text(state.chosen))
        elif state.brushes:
            self._say(
                f"{numeral(int(state.mask.sum()))} of {counted(state.count, 'trial')} selected"
            )
        elif results.best is not None:
            self._say(f"Best: {state.text(results.best)}")
        else:
            self._say(self._shown.message)

    @Slot(str)
    def _say(self, text: str) -> None:
        self.line.show_text(text)

    # --- what the user does -------------------------------------------------------------------

    @property
    def _at(self) -> int | None:
        """The place of the chosen trial, or of the best."""
        results = self.state.results
        if results is None:
            return None
        return self.state.chosen if self.state.chosen is not None else results.best

    @Slot()
    def _use(self) -> None:
        if self.state.results is not None and self._at is not None:
            self.use_wanted.emit(self.state.results.records[self._at].config)

    @Slot()
    def _overlay(self) -> None:
        """Draw the curves of the chosen trial, and of the best if they are wanted."""
        results = self.state.results
        places = [] if self.state.chosen is None else [self.state.chosen]
        if results is not None and self.best.isChecked():
            places += [int(p) for p in results.ranked()[:_BEST] if int(p) not in places]
        records = [] if results is None else [results.records[place] for place in places]
        wanted = (self._theme.name, *(record.id for record in records))
        if wanted == self._drawn or not (records or self._drawn):
            return  # others may have drawn theirs
        self._drawn = wanted if records else ()
        overlays = []
        try:
            for record, color in zip(records, self._theme.overlays, strict=False):
                overlays.append((record.name, color, self._library.curves(record.id)))
        except DigitscopeError as error:
            self._say(str(error))
        self.overlays_changed.emit(overlays)

    @Slot()
    def _export(self) -> None:
        results = self.state.results
        if results is None:
            return
        path = self._saving.ask("Export trials", "trials", {".csv": "Table of the trials"})
        if path is not None:
            write: Callable[..., None] = partial(write_trials, results=results)
            self._saving.write(path, "Trials", write)


def _title(search: SearchRecord) -> str:
    """Return the name of a search, and how far it is."""
    return f"{search.name}: {numeral(search.recorded)} of {counted(search.trials, 'trial')}"
