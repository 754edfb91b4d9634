"""What a search tries, as controls: the settings that vary, how, and for how long."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.errors import ConfigError
from core.search.plan import (
    MAX_RUNS_PER_TRIAL,
    MAX_TRIALS,
    SearchPlan,
    default_validation,
)
from core.search.varied import Varied
from core.search.varied_settings import SETTINGS
from core.settings.config import MAX_EPOCHS, MAX_THREADS, RunConfig
from core.threads.workers import usable_cores
from gui.search.varied_row import VariedRow, default_of
from gui.widgets.buttons import button
from gui.widgets.check_box import CheckBox
from gui.widgets.form import Form
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.number_field import NumberField
from gui.widgets.section import Section
from gui.widgets.segmented_choice import SegmentedChoice

_SAMPLERS = (
    ("grid", "Grid", "Every combination of the values"),
    ("random", "Random", "Combinations drawn at random: best for many settings"),
    ("guided", "Guided", "Each trial where earlier ones were good"),
)
_FIRST = ("learning_rate", "batch_size")


class SearchForm(QWidget):
    """Controls for all of a :class:`core.search.plan.SearchPlan` except the fixed settings.

    Signals
    -------
    changed()
        Something was changed; :meth:`plan` may return another plan.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[VariedRow] = []
        self.add_button = button("add_varied_button", "Add", "Vary another setting, too")
        self.add_button.clicked.connect(self._add_another)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(12)
        heading = label("What varies", "title")
        fixed = label("All other settings are as in Settings now.", "hint")
        fixed.setWordWrap(True)
        head = row(heading, self.add_button, wide=heading)
        layout = column(head, self._rows, fixed, self._make_how(), self._make_place(), spacing=12)
        layout.addStretch(1)
        self.setLayout(layout)
        for name in _FIRST:
            self._add(default_of(next(s for s in SETTINGS if s.name == name)))

    def _make_how(self) -> QWidget:
        self.sampler = SegmentedChoice("sampler_combo", _SAMPLERS)
        self.sampler.set_value("random")
        self.sampler.chosen.connect(self._on_sampler_chosen)
        self.trials = _count("The number of trials", "trials_field", MAX_TRIALS, 32)
        self.epochs = _count("The number of epochs", "search_epochs_field", MAX_EPOCHS, 1)
        self.runs = _count("The number of runs", "runs_per_trial_field", MAX_RUNS_PER_TRIAL, 1)
        for field in (self.trials, self.epochs, self.runs):
            field.value_changed.connect(self._on_changed)
        self.stops_early = CheckBox("Stop poor trials early")
        named(
            self.stops_early,
            "stop_early_check",
            "Stop poor trials early",
            "After 1, 3, 9, … epochs, about one trial in three continues (successive halving)",
        )
        self.stops_early.clicked.connect(self._on_changed)
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        form.add("How", self.sampler, "How combinations are chosen")
        form.add("Trials", self.trials, "How many combinations are tried; a grid may have fewer")
        form.add("Epochs", self.epochs, "Of each run")
        form.add(
            "Runs",
            self.runs,
            "Trainings of each combination, each with another seed; the mean counts",
        )
        body = QWidget()
        body.setLayout(column(form, self.stops_early))
        return body

    def _make_place(self) -> QWidget:
        self.jobs = NumberField(
            "The number of processes", 1, MAX_THREADS, whole=True, empty="one for each core"
        )
        self.jobs.setObjectName("search_jobs_field")
        self.jobs.value_changed.connect(self._on_changed)
        self.cluster = QLineEdit()
        self.cluster.setObjectName("cluster_field")
        self.cluster.setPlaceholderText("tcp://host:8786")
        self.cluster.textEdited.connect(self._on_changed)
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        form.add("Processes", self.jobs, "On this machine")
        form.add("Cluster", self.cluster, "Address of a Dask scheduler; empty: this machine")
        self._place_body = QWidget()
        self._place_body.setLayout(form)
        self.place = Section(
            "Where it runs", "search_place_section", "This machine, or a cluster", self._place_body
        )
        return self.place

    # --- what varies --------------------------------------------------------------------------

    def _add(self, varied: Varied) -> VariedRow:
        made = VariedRow(varied)
        made.set_grid(self.sampler.currentData() == "grid")
        made.changed.connect(self._on_changed)
        made.removed.connect(self._on_removed)
        self.rows.append(made)
        self._rows.addWidget(made)
        return made

    @Slot()
    def _add_another(self) -> None:
        """Vary the first setting that does not vary yet."""
        names = {row.choice.currentData().name for row in self.rows}
        free = next((setting for setting in SETTINGS if setting.name not in names), None)
        if free is not None:
            self._add(default_of(free)).choice.setFocus()
            self.changed.emit()

    @Slot()
    def _on_removed(self) -> None:
        removed = self.sender()
        if isinstance(removed, VariedRow):
            self._remove(removed)
            self.add_button.setFocus()
            self.changed.emit()

    def _remove(self, removed: VariedRow) -> None:
        self.rows.remove(removed)
        self._rows.removeWidget(removed)
        removed.hide()
        removed.deleteLater()

    @Slot(object)
    def _on_sampler_chosen(self, sampler: str) -> None:
        for each in self.rows:
            each.set_grid(sampler == "grid")
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    # --- the plan -----------------------------------------------------------------------------

    def show_plan(self, plan: SearchPlan) -> None:
        """Show what a plan tries; its fixed settings are not shown here."""
        for each in tuple(self.rows):
            self._remove(each)
        self.sampler.set_value(plan.sampler)
        self.trials.set_value(plan.trials)
        self.epochs.set_value(plan.epochs)
        self.runs.set_value(plan.runs_per_trial)
        self.stops_early.setChecked(plan.stops_early)
        for varied in plan.varied:
            self._add(varied)
        self.changed.emit()

    def plan(self, config: RunConfig, images: int) -> SearchPlan:
        """Return the plan; what is wrong with a row is said there, too.

        Parameters
        ----------
        config
            The settings that do not vary. If they have no validation split, the plan has one.
        images
            Of the training set.

        Raises
        ------
        ConfigError
            If something is not possible.
        """
        if not config.validation:
            config = replace(config, validation=default_validation(images))
        problem: ConfigError | None = None
        found = []
        for each in self.rows:
            each.show_error("")
            try:
                varied = each.varied()
                self._plan_of(config, (varied,))
                found.append(varied)
            except ConfigError as error:
                each.show_error(str(error))
                problem = error
        if problem is not None:
            raise problem
        return self._plan_of(config, tuple(found))

    def _plan_of(self, config: RunConfig, varied: tuple[Varied, ...]) -> SearchPlan:
        return SearchPlan(
            config,
            varied,
            sampler=self.sampler.currentData(),
            trials=int(self.trials.value or 1),
            epochs=int(self.epochs.value or 1),
            stops_early=self.stops_early.isChecked(),
            runs_per_trial=int(self.runs.value or 1),
        )

    @property
    def processes(self) -> int:
        """How many runs are trained at a time on this machine."""
        return int(self.jobs.value or usable_cores())

    def options(self) -> list[str]:
        """Return the options of ``main.py search`` that say where it runs."""
        address = self.cluster.text().strip()
        if address:
            return ["--cluster", address]
        return ["--jobs", str(int(self.jobs.value))] if self.jobs.value else []


def _count(title: str, name: str, most: int, value: int) -> NumberField:
    field = NumberField(title, 1, most, whole=True)
    field.setObjectName(name)
    field.set_value(value)
    return field
