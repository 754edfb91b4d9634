"""All recorded runs, for comparison with each other and with the current run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSplitter

from core.colors import LIGHT, Theme
from core.errors import DigitscopeError
from core.runs.run_curves import RunCurves
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from core.saving.replaced_runs import KeptRun
from core.settings.settings_text import settings_text
from core.wording import numeral
from gui.runs.compare_button import CompareButton, WhyNot
from gui.runs.run_columns import Listed, how_many
from gui.runs.runs_deletion import RunsDeletion
from gui.runs.runs_message import RunsMessage
from gui.runs.runs_model import RunsModel
from gui.runs.runs_table import RunsTable
from gui.runs.settings_difference import ComparedRun, SettingsDifference
from gui.widgets.labels import empty_note, label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.tab_view import TabView

_EMPTY = "No runs yet. Press Space to train: every run is listed here, with its curve."
_FILTER_WIDTH = 200
_LARGEST_SHARE = 0.45
_LOOK_MS = 1_000
"""How often the library is looked at for what a search has recorded, while the list is shown."""


def _nothing(_runs: Sequence[RunRecord]) -> str:
    return ""


class RunsView(TabView):
    """Lists the runs of a library, overlays the ticked ones, and compares their settings.

    The library is read when this is first shown.

    Signals
    -------
    overlays_changed(list[tuple[str, str, RunCurves]])
        Title, color and curves of each ticked run, in the order of ticking; at most 8.
    open_wanted(Path), reopen_wanted(id)
        The user wants to continue the run in this file, or that was replaced.
    compare_wanted(list[RunRecord])
        The networks of these two runs should be compared.
    settings_copied
        The settings of a run were copied to the clipboard.
    """

    overlays_changed = Signal(object)
    open_wanted = Signal(object)
    reopen_wanted = Signal(str)
    compare_wanted = Signal(object)
    settings_copied = Signal()

    def __init__(self, library: RunLibrary, why_not_compare: WhyNot = _nothing) -> None:
        super().__init__()
        self.setObjectName("runs_view")
        self._library = library
        self._theme = LIGHT
        self._curves: dict[str, RunCurves] = {}
        self._is_loaded = False
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._update)
        self.model = RunsModel(library, self)
        self.model.ticks_changed.connect(self._show_ticks)
        self.message = RunsMessage()
        self.model.problem.connect(self.message.say)
        self.table = RunsTable(self.model)
        self.deletion = RunsDeletion(self.model, self)
        self.deletion.said.connect(self.message.say)
        self.message.linkActivated.connect(self.deletion.undo)
        self.deletion.changed.connect(self._on_deleted)
        self.table.deletion_wanted.connect(self.deletion.delete)
        self.table.open_wanted.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(self._show_whether_it_opens)
        self.open = QPushButton("Open")
        self.open.setObjectName("runs_open_button")
        self.open.clicked.connect(self._open_selected)
        self.table.copy_wanted.connect(self.copy_settings)
        self.compare = CompareButton(self.model, why_not_compare)
        self.compare.compare_wanted.connect(self._compare_networks)
        self.difference = SettingsDifference()
        self._make_filter()
        self.count = label("", "hint")
        self.empty = empty_note(_EMPTY)
        self._lay_out()
        self._show_count()
        self._show_whether_it_opens()

    def _make_filter(self) -> None:
        self.filter = named(
            QLineEdit(),
            "runs_filter",
            "Filter the runs",
            "Shows only runs that contain all these words",
        )
        self.filter.setPlaceholderText("Filter: adam 128 mnist")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(_FILTER_WIDTH)
        self.filter.textChanged.connect(self._filter)

    def _lay_out(self) -> None:
        parts = self.filter, self.open, self.compare, self.message, self.count
        top = row(*parts, spacing=12, wide=self.message)
        self._parts = named(QSplitter(Qt.Orientation.Vertical), "runs_splitter")
        self._parts.addWidget(self.table)
        self._parts.addWidget(self.difference)
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(1)
        self._parts.setStretchFactor(0, 1)
        self.setLayout(column(top, self.empty, self._parts, high=self._parts))

    # --- what is shown ----------------------------------------------------------------------

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.table.apply_theme(theme)
        self.difference.apply_theme(theme)
        if self.model.ticked:
            self._show_ticks()

    @Slot(object)
    def show_present(self, record: RunRecord) -> None:
        """Update the current run."""
        self.model.show_present(record)
        self._show_count()
        self._compare()
        self._show_whether_it_opens()

    @Slot(object)
    def add(self, record: RunRecord) -> None:
        """List a run that has just been recorded and is not the current one."""
        self.model.add(record)
        self._show_count()

    @Slot()
    def end_present(self) -> None:
        """Note that the current run has ended, and is now like any other."""
        self.model.end_present()
        self._compare()
        self._show_whether_it_opens()

    @Slot(object)
    def show_kept(self, runs: Sequence[KeptRun]) -> None:
        """Let these runs, which were replaced, be opened."""
        self.model.kept = frozenset(run.id for run in runs)
        self._show_whether_it_opens()

    @Slot()
    def _show_whether_it_opens(self) -> None:
        runs = self.table.selected()
        why_not = self.model.why_not_open(runs)
        self.open.setEnabled(not why_not)
        self.open.setToolTip(why_not or "Continue the selected run. The present one is kept")
        self.compare.offer(runs)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the library when first shown, and when another window has written to it."""
        try:
            if not self._is_loaded or self._library.has_changed_elsewhere():
                self.model.load()
                self._is_loaded = True
        except DigitscopeError as error:
            self.message.say(str(error))
        self._show_count()
        super().showEvent(event)
        self._share_height()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look at the library no longer."""
        self._look.stop()
        super().hideEvent(event)

    @Slot()
    def _update(self) -> None:
        """List what another process, such as a search, has recorded."""
        try:
            if not self.model.is_reading and self._library.has_changed_elsewhere():
                self.model.update()
                self._show_count()
        except DigitscopeError as error:
            self.message.say(str(error))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.table.filter.set_text(text)
        self._show_count()

    def _show_count(self) -> None:
        rows, shown = self.model.rowCount(), self.table.filter.rowCount()
        runs = self.model.rows.runs_in_all
        what = how_many(runs, rows - runs)
        self.count.setText(what if shown == rows else f"{numeral(shown)} of {what}")
        self.empty.setVisible(not rows)
        for part in (self._parts, self.filter, self.open, self.compare, self.count):
            part.setVisible(bool(rows))

    # --- the ticked runs --------------------------------------------------------------------

    @Slot()
    def _show_ticks(self) -> None:
        """Signal the curves of the ticked runs, and compare their settings."""
        self._curves = {run: self._curves[run] for run in self.model.ticked if run in self._curves}
        overlays = []
        for record in self.model.ticked_records:
            try:
                curves = self._curves.get(record.id) or self._library.curves(record.id)
            except DigitscopeError as error:
                self.message.say(str(error))
                continue
            self._curves[record.id] = curves
            overlays.append((record.name, self._color(record), curves))
        self.overlays_changed.emit(overlays)
        self._compare()
        self._show_whether_it_opens()

    def _color(self, record: RunRecord) -> str:
        return self._theme.overlays[self.model.ticked[record.id]]

    def _compare(self) -> None:
        runs: list[ComparedRun] = [
            (record.name, self._color(record), record.config)
            for record in self.model.ticked_records
        ]
        present = self.model.present_record
        if runs and present is not None:
            runs.insert(0, (present.name, self._theme.test, present.config))
        before = self.difference.wanted_height
        self.difference.show_runs(runs)
        if self.difference.wanted_height != before:
            self._share_height()

    def _share_height(self) -> None:
        """Give the comparison the height that it needs, but less than the list."""
        height = self._parts.height()
        wanted = min(self.difference.wanted_height, int(_LARGEST_SHARE * height))
        self._parts.setSizes([height - wanted, wanted])

    # --- what the user does -----------------------------------------------------------------

    @Slot()
    def _on_deleted(self) -> None:
        self._show_count()
        self._compare()

    @Slot(object)
    def copy_settings(self, record: RunRecord) -> None:
        """Copy a run's settings to the clipboard, as text that can be pasted as a new run."""
        QGuiApplication.clipboard().setText(settings_text(record.config))
        self.message.say(f"Settings of {record.name} copied to the clipboard.")
        self.settings_copied.emit()

    @Slot(object)
    def _compare_networks(self, runs: Sequence[RunRecord]) -> None:
        self.compare_wanted.emit(runs)
        self.tab_wanted.emit("compare")

    @Slot()
    def _open_selected(self) -> None:
        self._open(self.table.selected()[0])

    @Slot(object)
    def _open(self, record: Listed) -> None:
        if isinstance(record, SearchRecord):
            return
        path = record.path
        if record.id in self.model.kept:
            self.reopen_wanted.emit(record.id)
        elif path is not None and Path(path).exists():
            self.open_wanted.emit(path)
        else:
            self.message.say(f"'{path}' was not found: it may have been moved, renamed or deleted.")
