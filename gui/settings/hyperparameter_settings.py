"""The settings that take effect at the next step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from core.classroom.classroom import SETTINGS
from core.settings.augmentation import Augmentation
from core.settings.config import Hyperparameters, OptimizerName
from core.training.schedules import learning_rate_at
from core.training.snapshot import Snapshot
from core.wording import numeral
from gui.settings.augmentation_settings import AugmentationSettings
from gui.settings.schedule_settings import ScheduleSettings
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.layouts import column
from gui.widgets.live_text import LiveText
from gui.widgets.scales import BATCH_SIZES, DROPOUTS, L2_STRENGTHS, LEARNING_RATES, MOMENTA
from gui.widgets.section import Section
from gui.widgets.theme import HINT_SIZE
from gui.widgets.value_slider import ValueSlider

_OPTIMIZERS: tuple[tuple[OptimizerName, str, str], ...] = (
    ("sgd", "SGD", "Each step follows the negative gradient of its mini-batch"),
    ("momentum", "Momentum", "Steps build up speed, like a ball rolling downhill"),
    ("nesterov", "Nesterov", "Momentum that looks ahead to where it is about to roll"),
    ("adam", "Adam", "Momentum with a separate step size for each weight"),
)
_USUAL_RATES: dict[OptimizerName, float] = {
    "sgd": 0.1,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adam": 0.001,
}
_RATE_NOW = "The learning rate right now, after schedule and warm-up"
_RATE_TEST = (
    "Learning-rate test: trains a copy of the network while the rate rises, to find one at which "
    "it learns well. The run is not changed"
)
_NAMES = (
    ("optimizer", "momentum"),
    ("l2", "dropout"),
    ("augmentation",),
    ("schedule", "warm_up", "epochs", "target_accuracy", "patience"),
)
"""What is in each section."""
_UNUSUAL = 10
"""A learning rate more than this many times the typical one gets a remark."""


class HyperparameterSettings(QWidget):
    """The essential settings, and four sections with the rest.

    Signals
    -------
    hyperparameters_changed(Hyperparameters)
        By the user's hand.
    """

    hyperparameters_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = Hyperparameters()
        self._epochs_done = 0.0
        self._names: Collection[str] = SETTINGS
        self._make_essentials()
        self._make_sections()
        self.setLayout(
            column(self.learning_rate, self._batch_size, column(*self.sections, spacing=4))
        )
        self.show_hyperparameters(self._shown)

    def _make_essentials(self) -> None:
        self.rate_now = LiveText("now 0.0000123", HINT_SIZE, quiet=True)
        self.rate_now.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rate_now.setAccessibleName("Learning rate now")
        self.rate_now.setToolTip(_RATE_NOW)
        self.rate_test = QToolButton()
        self.rate_test.setText("Test rates…")
        self.rate_test.setObjectName("learning_rate_test")
        self.rate_test.setAccessibleName("Test learning rates")
        self.rate_test.setToolTip(_RATE_TEST)
        self.learning_rate = self._slider(
            "learning_rate",
            "Learning rate",
            LEARNING_RATES,
            "How large each step is: too small learns slowly, too large overshoots the minimum",
            beside=self.rate_now,
            after=self.rate_test,
        )
        self._batch_size = self._slider(
            "batch_size",
            "Batch size",
            BATCH_SIZES,
            "Images per step: small batches make quick, noisy steps; the rightmost is the whole "
            "training set",
            whole=True,
            unit="images",
        )
        self._optimizer = Choice("optimizer_combo", _OPTIMIZERS)
        self._optimizer.chosen.connect(self._on_optimizer_chosen)
        self._momentum = self._slider(
            "momentum",
            "Momentum",
            MOMENTA,
            "How much of the previous step's speed is kept; β₁ in Adam",
        )

    def _make_sections(self) -> None:
        self._form = form = Form()
        form.add("Optimizer", self._optimizer, "How the gradient updates the weights")
        optimizer = QWidget()
        optimizer.setLayout(column(form, self._momentum))
        self._augmentation = AugmentationSettings()
        self._augmentation.augmentation_changed.connect(self._on_augmentation_changed)
        self._schedule = ScheduleSettings()
        self._schedule.hyperparameters_changed.connect(self.hyperparameters_changed)
        self.sections = (
            Section(
                "Optimizer",
                "optimizer_section",
                "How the gradient updates the weights",
                optimizer,
            ),
            Section(
                "Regularization",
                "regularization_section",
                "Reduces overfitting: memorizing the training images",
                self._make_regularization(),
            ),
            Section(
                "Data augmentation",
                "augmentation_section",
                "Changes the training images at random, so that no two epochs are the same",
                self._augmentation,
            ),
            Section(
                "Schedule · Stopping",
                "schedule_section",
                "How the learning rate changes during the run, and when training stops",
                self._schedule,
            ),
        )

    def _make_regularization(self) -> QWidget:
        self._l2 = self._slider(
            "l2",
            "L2 strength",
            L2_STRENGTHS,
            "Pulls all weights toward zero, which reduces overfitting; 0 is off",
        )
        self._dropout = self._slider(
            "dropout",
            "Dropout",
            DROPOUTS,
            "Share of the hidden units switched off at random in each step, which reduces "
            "overfitting; 0 is off",
        )
        regularization = QWidget()
        regularization.setLayout(column(self._l2, self._dropout))
        return regularization

    def _slider(
        self,
        field: str,
        title: str,
        values: Sequence[float],
        tool_tip: str,
        whole: bool = False,
        unit: str = "",
        beside: QWidget | None = None,
        after: QWidget | None = None,
    ) -> ValueSlider:
        """Return a slider for the hyperparameter `field`."""
        slider = ValueSlider(title, values, f"{field}_slider", tool_tip, whole, unit, beside, after)

        def on_value_changed(value: float) -> None:
            self._change(**{field: int(value) if whole else value})

        slider.value_changed.connect(on_value_changed)
        return slider

    def limit_to(self, names: Collection[str]) -> None:
        """Show only the settings with these names, and the sections that hold any."""
        self._names = names
        self.learning_rate.setVisible("learning_rate" in names)
        self.rate_test.setVisible("rate_test" in names)
        self._batch_size.setVisible("batch_size" in names)
        self._form.show_row(self._optimizer, "optimizer" in names)
        self._l2.setVisible("l2" in names)
        self._dropout.setVisible("dropout" in names)
        self._schedule.limit_to(names)
        for section, own in zip(self.sections, _NAMES, strict=True):
            section.setVisible(not set(own).isdisjoint(names))
        self.show_hyperparameters(self._shown)

    # --- drawing -------------------------------------------------------------------------

    def show_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Show the settings in force."""
        self._shown = hyperparameters
        self.learning_rate.set_value(hyperparameters.learning_rate)
        self._batch_size.set_value(hyperparameters.batch_size)
        self._optimizer.set_value(hyperparameters.optimizer)
        self._momentum.set_value(hyperparameters.momentum)
        has_momentum = hyperparameters.optimizer != "sgd"
        self._momentum.setVisible(has_momentum and "momentum" in self._names)
        self._l2.set_value(hyperparameters.l2)
        self._dropout.set_value(hyperparameters.dropout)
        self._augmentation.show_augmentation(hyperparameters.augmentation)
        self._schedule.show_hyperparameters(hyperparameters)
        self._show_rate(learning_rate_at(self._epochs_done, hyperparameters))
        summaries = (
            self._optimizer_summary(),
            self._regularization_summary(),
            self._augmentation.summary,
            self._schedule.summary,
        )
        for section, summary in zip(self.sections, summaries, strict=True):
            section.header.show_summary(summary)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the learning rate of the next step."""
        self._epochs_done = snapshot.epoch + snapshot.epoch_progress
        self._show_rate(snapshot.learning_rate)
        self._schedule.show_snapshot(snapshot)

    def _show_rate(self, rate: float) -> None:
        """Show the rate in force; of a constant one that is unusual, what is usual.

        In a place of its own, so that no slider ever moves.
        """
        shown = self._shown
        usual = _USUAL_RATES[shown.optimizer]
        if shown.schedule != "constant" or shown.warm_up:
            self.rate_now.set_text(f"now {numeral(rate, '.3g')}")
            self.rate_now.setToolTip(_RATE_NOW)
        elif shown.learning_rate > _UNUSUAL * usual:
            self.rate_now.set_text(f"usual: {numeral(usual, 'g')}")
            title = self._optimizer.currentText()
            self.rate_now.setToolTip(f"A usual learning rate for {title} is {numeral(usual, 'g')}.")
        else:
            self.rate_now.set_text("")
            self.rate_now.setToolTip("")

    def _optimizer_summary(self) -> str:
        title = self._optimizer.currentText()
        momentum = numeral(self._shown.momentum, "g")
        return title if self._shown.optimizer == "sgd" else f"{title} {momentum}"

    def _regularization_summary(self) -> str:
        parts = []
        if self._shown.l2:
            parts.append(f"L2 {numeral(self._shown.l2, 'g')}")
        if self._shown.dropout:
            parts.append(f"dropout {numeral(self._shown.dropout, 'g')}")
        return ", ".join(parts) or "off"

    # --- what the user does --------------------------------------------------------------

    def _change(self, **changes: Any) -> None:
        self.hyperparameters_changed.emit(replace(self._shown, **changes))

    @Slot(object)
    def _on_optimizer_chosen(self, optimizer: OptimizerName) -> None:
        # An unused setting keeps its default, so that equal runs compare equal.
        momentum = Hyperparameters.momentum if optimizer == "sgd" else self._shown.momentum
        self._change(optimizer=optimizer, momentum=momentum)

    @Slot(object)
    def _on_augmentation_changed(self, augmentation: Augmentation) -> None:
        self._change(augmentation=augmentation)
