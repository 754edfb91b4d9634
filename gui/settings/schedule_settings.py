"""How the learning rate changes during the run, and when training stops."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from core.settings.config import MAX_EPOCHS, Hyperparameters, ScheduleName
from core.training.snapshot import Snapshot
from core.wording import counted, numeral
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.number_field import NumberField, PercentField
from gui.widgets.scales import WARM_UPS
from gui.widgets.value_slider import ValueSlider

EPOCHS_OF_A_SCHEDULE = 20
"""Epochs added when a schedule is chosen for a run without an end."""

_SCHEDULES: tuple[tuple[ScheduleName, str, str], ...] = (
    ("constant", "Constant", "The learning rate stays the same"),
    ("step", "Steps", "Divided by 10 after half of the epochs, and by 100 after three quarters"),
    ("cosine", "Cosine", "Falls to zero, slowly at first and at the end"),
    (
        "one-cycle",
        "One cycle",
        "Rises from 1/25 for the first 30 % of the epochs, then falls to zero",
    ),
)


class ScheduleSettings(QWidget):
    """Schedule, warm-up, and when a run stops.

    Signals
    -------
    hyperparameters_changed(Hyperparameters)
        By the user's hand.
    """

    hyperparameters_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = Hyperparameters()
        self._epochs_done = 0
        self._schedule = Choice("schedule_combo", _SCHEDULES)
        self._schedule.chosen.connect(self._on_schedule_chosen)
        self._warm_up = ValueSlider(
            "Warm-up, epochs",
            WARM_UPS,
            "warm_up_slider",
            "The learning rate rises from zero over this many epochs",
        )
        self._warm_up.value_changed.connect(self._on_warm_up_changed)
        self._epochs = NumberField("The number of epochs", 1, MAX_EPOCHS, True, "no end")
        self._epochs.setObjectName("epochs_field")
        self._epochs.value_changed.connect(self._on_epochs_changed)
        self._target = PercentField("The accuracy", 0.01, 1, empty="accuracy in %")
        self._target.setObjectName("target_accuracy_field")
        self._target.value_changed.connect(self._on_target_changed)
        self._patience = NumberField("The patience", 1, MAX_EPOCHS, True, "epochs without gain")
        self._patience.setObjectName("patience_field")
        self._patience.value_changed.connect(self._on_patience_changed)
        self._past_end = label(
            "The run is past this end. Restart to train from the beginning.", "hint"
        )
        self._past_end.setWordWrap(True)
        # Its place is kept: it appears while the network learns, and must not move what is below.
        policy = self._past_end.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._past_end.setSizePolicy(policy)
        self._lay_out()

    def _lay_out(self) -> None:
        accuracy = (
            "Measured on the validation split, or on the training batches without one; never on "
            "the test set"
        )
        self._course, self._stop = course, stop = Form(), Form()
        course.add("Schedule", self._schedule, "How the learning rate changes from epoch to epoch")
        course.add("Epochs", self._epochs, "Training stops after this many epochs; empty: no limit")
        stop.add(
            "Stop at", self._target, f"Training stops when it reaches this accuracy. {accuracy}"
        )
        stop.add(
            "Patience",
            self._patience,
            f"Training stops when accuracy has not improved for this many epochs. {accuracy}",
        )
        self.setLayout(column(course, self._warm_up, stop, self._past_end))
        self.show_hyperparameters(self._shown)

    def limit_to(self, names: Collection[str]) -> None:
        """Show only the settings with these names."""
        self._course.show_row(self._schedule, "schedule" in names)
        self._course.show_row(self._epochs, "epochs" in names)
        self._warm_up.setVisible("warm_up" in names)
        self._stop.show_row(self._target, "target_accuracy" in names)
        self._stop.show_row(self._patience, "patience" in names)

    @property
    def summary(self) -> str:
        """The schedule, and when the run ends."""
        shown = self._shown
        parts = [self._schedule.currentText().lower()]
        if shown.epochs is not None:
            parts.append(counted(shown.epochs, "epoch"))
        if shown.warm_up:
            parts.append(f"warm-up {numeral(shown.warm_up, 'g')}")
        if shown.target_accuracy is not None:
            parts.append(f"to {numeral(100 * shown.target_accuracy, 'g')} %")
        if shown.patience is not None:
            parts.append(f"patience {numeral(shown.patience)}")
        return ", ".join(parts)

    def show_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Show the settings in force."""
        self._shown = hyperparameters
        self._schedule.set_value(hyperparameters.schedule)
        self._warm_up.set_value(hyperparameters.warm_up)
        self._epochs.set_value(hyperparameters.epochs)
        self._target.set_value(hyperparameters.target_accuracy)
        self._patience.set_value(hyperparameters.patience)
        self._show_whether_past_end()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Note how far the run is."""
        if snapshot.epoch != self._epochs_done:
            self._epochs_done = snapshot.epoch
            self._show_whether_past_end()

    def _show_whether_past_end(self) -> None:
        epochs = self._shown.epochs
        self._past_end.setVisible(epochs is not None and self._epochs_done > epochs)

    def _change(self, **changes: Any) -> None:
        self.hyperparameters_changed.emit(replace(self._shown, **changes))

    @Slot(object)
    def _on_schedule_chosen(self, schedule: ScheduleName) -> None:
        epochs = self._shown.epochs
        if schedule != "constant" and epochs is None:
            epochs = self._epochs_done + EPOCHS_OF_A_SCHEDULE
        self._change(schedule=schedule, epochs=epochs, warm_up=self._fitting_warm_up(epochs))

    @Slot(float)
    def _on_warm_up_changed(self, warm_up: float) -> None:
        epochs = self._shown.epochs
        self._change(warm_up=warm_up if epochs is None else min(warm_up, epochs))

    @Slot(object)
    def _on_epochs_changed(self, epochs: int | None) -> None:
        if epochs is None and self._shown.schedule != "constant":
            self._epochs.set_value(self._shown.epochs)
            self._epochs.refuse(
                "A schedule needs a number of epochs. Enter one, or choose Constant."
            )
        else:
            self._change(epochs=epochs, warm_up=self._fitting_warm_up(epochs))

    def _fitting_warm_up(self, epochs: int | None) -> float:
        """Return the warm-up, cut to `epochs` if it is longer."""
        return self._shown.warm_up if epochs is None else min(self._shown.warm_up, epochs)

    @Slot(object)
    def _on_target_changed(self, target_accuracy: float | None) -> None:
        self._change(target_accuracy=target_accuracy)

    @Slot(object)
    def _on_patience_changed(self, patience: int | None) -> None:
        self._change(patience=patience)
