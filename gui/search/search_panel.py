"""The panel of searches: what to try, a line on what that means, Start, and the progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QProgressBar, QScrollArea, QWidget

from core.errors import ConfigError
from core.runs.search_record import SearchRecord
from core.search.estimate import estimated_seconds
from core.search.plan import SearchPlan
from core.search.search_files import missing_extras
from core.search.search_progress import SearchProgress
from core.settings.config import RunConfig
from core.wording import counted, numeral, percent
from gui.search.search_form import SearchForm
from gui.widgets.buttons import button
from gui.widgets.labels import hairline, label
from gui.widgets.layouts import column, row
from gui.widgets.named import named

_MARGIN = 12


class SearchPanel(QWidget):
    """A form that scrolls, and under it what never does.

    Signals
    -------
    start_wanted(SearchPlan, options)
        Begin this search, with these options of ``main.py search``.
    continue_wanted(id, options)
        Continue a search that was stopped.
    cancel_wanted()
        Stop the search.
    """

    start_wanted = Signal(object, object)
    continue_wanted = Signal(str, object)
    cancel_wanted = Signal()

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        named(self, "search_panel", "Search")
        self._config = config
        self._images = 0
        self._plan: SearchPlan | None = None
        self._stopped: list[SearchRecord] = []
        self._is_running = False
        self._newest: SearchProgress | None = None
        self.form = SearchForm()
        self.form.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.form.changed.connect(self._update)
        self._area = named(QScrollArea(), "search_scroll", "What the search tries")
        self._area.setWidget(self.form)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self._area.verticalScrollBar()
        # The place of the scroll bar is kept: no control moves when it appears.
        bar.rangeChanged.connect(self._keep_width)
        self.summary = named(label("", "hint"), "search_summary")
        self.summary.setWordWrap(True)
        self.progress = QProgressBar(textVisible=False)
        named(self.progress, "search_progress", "Progress of the search")
        self.status = named(label("", "hint"), "search_status")
        self.status.setWordWrap(True)
        self._make_buttons()
        foot = QWidget()
        layout = column(self.summary, self.progress, self.status, self._buttons)
        layout.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        foot.setLayout(layout)
        self.setLayout(column(self._area, hairline(), foot, spacing=0, high=self._area))
        self.progress.hide()
        self.status.hide()
        self._keep_width()
        self._update()

    def _make_buttons(self) -> None:
        self.start = button("start_search_button", "Start search", "Begin this search")
        self.start.clicked.connect(self._on_start)
        self.resume = button(
            "continue_search_button", "Continue", "Continue a search that was stopped"
        )
        self.resume.clicked.connect(self._on_continue)
        self.cancel = button(
            "cancel_search_button", "Cancel", "Stop the search; it can be continued later"
        )
        self.cancel.clicked.connect(self.cancel_wanted)
        self._buttons = row(self.start, self.resume, self.cancel)
        self._buttons.addStretch(1)

    @Slot()
    def _keep_width(self) -> None:
        bar = self._area.verticalScrollBar()
        self._area.setViewportMargins(0, 0, 0 if bar.maximum() else bar.sizeHint().width(), 0)

    # --- what the window says -----------------------------------------------------------------

    def show_config(self, config: RunConfig) -> None:
        """Take the settings that do not vary."""
        if config != self._config:
            self._config = config
            self._update()

    def show_images(self, images: int) -> None:
        """Take how many images the training set has."""
        self._images = images
        self._update()

    def show_stopped(self, searches: Sequence[SearchRecord]) -> None:
        """Let these searches be continued, the newest first."""
        self._stopped = list(searches)
        self._show_buttons()

    def show_running(self, is_running: bool, message: str = "") -> None:
        """Show that a search has begun or ended, and why."""
        self._is_running = is_running
        self.progress.setRange(0, 0 if is_running else 1)
        self.progress.setVisible(is_running)
        if is_running:
            self._newest = None
            self._say("The search begins…")
        else:
            self._say(message or _ending(self._newest))
        self._show_buttons()

    def show_progress(self, progress: SearchProgress) -> None:
        """Show how far the search is."""
        self._newest = progress
        self.progress.setRange(0, max(progress.total, 1))
        self.progress.setValue(progress.done)
        self._say(progress_text(progress))

    def _say(self, text: str) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))

    # --- what it will do ----------------------------------------------------------------------

    @Slot()
    def _update(self) -> None:
        """Say what the search will do, or what is wrong."""
        self._plan = None
        if missing := missing_extras(on_cluster=bool(self.form.cluster.text().strip())):
            self.summary.setText(missing)
        elif not self._images:
            self.summary.setText("A data set is being loaded.")
        else:
            try:
                self._plan = self.form.plan(self._config, self._images)
            except ConfigError as error:
                self.summary.setText(str(error))
            else:
                self.summary.setText(self._description(self._plan))
        self._show_buttons()

    def _description(self, plan: SearchPlan) -> str:
        seconds = estimated_seconds(plan, self._images, self.form.processes)
        runs = f", {plan.runs_per_trial} runs each" if plan.runs_per_trial > 1 else ""
        text = f"{counted(plan.combinations, 'trial')} of {counted(plan.epochs, 'epoch')}{runs}"
        if not self.form.cluster.text().strip():
            at_most = "at most " if plan.stops_early and plan.epochs > 1 else ""
            cores = counted(self.form.processes, "core")
            text += f", {at_most}about {duration(seconds)} on {cores}"
        if not self._config.validation:
            text += (
                f". {numeral(plan.config.validation)} training images are held out for validation"
            )
        return f"{text}."

    def _show_buttons(self) -> None:
        self.start.setEnabled(self._plan is not None and not self._is_running)
        self.cancel.setEnabled(self._is_running)
        self.resume.setEnabled(bool(self._stopped) and not self._is_running)

    # --- what the user does -------------------------------------------------------------------

    @Slot()
    def _on_start(self) -> None:
        if self._plan is not None and not self._is_running:
            self.start_wanted.emit(self._plan, self.form.options())

    @Slot()
    def _on_continue(self) -> None:
        """Continue the search that was stopped; if there are several, ask which."""
        if len(self._stopped) == 1:
            self.continue_wanted.emit(self._stopped[0].id, self.form.options())
            return
        menu = QMenu(self)
        menu.setObjectName("continue_search_menu")
        for record in self._stopped:
            action = menu.addAction(f"{record.name}: {record.recorded} of {record.trials}")
            action.setData(record.id)
        menu.triggered.connect(self._on_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.resume.mapToGlobal(self.resume.rect().bottomLeft()))

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        self.continue_wanted.emit(str(action.data()), self.form.options())


def _ending(progress: SearchProgress | None) -> str:
    """Return how a search has ended that did not fail."""
    if progress is None:
        return "Stopped."
    if progress.done < progress.total:
        done = f"{numeral(progress.done)} of {counted(progress.total, 'trial')}"
        return f"Stopped after {done}. Continue resumes it."
    return f"Finished: {progress_text(replace(progress, message=''))}."


def progress_text(progress: SearchProgress) -> str:
    """Return how far a search is, in one line."""
    parts = [f"{numeral(progress.done)} of {counted(progress.total, 'trial')}"]
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.best is not None:
        parts.append(f"best {percent(progress.best)} (trial {progress.best_trial})")
    text = ", ".join(parts)
    return f"{text}. {progress.message}." if progress.message else text


def duration(seconds: float) -> str:
    """Return a rough time, as "40 s", "3 min" or "2 h 10 min"."""
    if seconds < 90:
        rounded = max(round(seconds), 1)
        return f"{rounded if rounded < 20 else round(rounded, -1)} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{numeral(minutes // 60)} h {minutes % 60 // 10 * 10} min"
