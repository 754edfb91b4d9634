"""The settings that begin a new run."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from core.classroom.classroom import SETTINGS
from core.printable_text import printable
from core.settings.config import (
    MAX_SEED,
    InitializationName,
    NetworkConfig,
    OutputName,
    RunConfig,
)
from core.settings.data_source import DataSource, OwnData, data_title
from core.settings.presets import PRESETS, Preset
from core.wording import numeral
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.layouts import column
from gui.widgets.literal_text import literal
from gui.widgets.network_options import OUTPUT_OPTIONS
from gui.widgets.number_field import NumberField
from gui.widgets.scales import VALIDATION_SIZES
from gui.widgets.section import Section
from gui.widgets.value_slider import ValueSlider

_DATASETS: tuple[tuple[DataSource, str, str], ...] = (
    ("strokes", "Strokes (built in)", "Digits drawn by a generator; no download needed"),
    ("mnist", "MNIST", "Digits written by people; downloaded once unless they are already here"),
    ("mnist+strokes", "MNIST and strokes", "Both mixed: covers the most styles of handwriting"),
    (
        "fashion-mnist",
        "Fashion-MNIST",
        "Ten kinds of clothes; downloaded once unless they are here",
    ),
    (
        "kuzushiji-mnist",
        "Kuzushiji-MNIST",
        "Ten old Japanese characters; downloaded once unless they are here",
    ),
)
_CUSTOM = (None, "Custom", "Your own settings")
_INITIALIZATIONS: tuple[tuple[InitializationName, str, str], ...] = (
    ("he", "He", "N(0, 2 / inputs): keeps the signal's size from layer to layer with ReLU"),
    ("glorot", "Glorot", "N(0, 2 / (inputs + outputs)): the same for tanh"),
    (
        "constant",
        "N(0, 1) · s",
        "The same spread in every layer; if it is too small, the signal vanishes",
    ),
    ("zeros", "Zeros", "Fails: all units of a layer stay identical, so the network cannot learn"),
)
_LARGEST_SCALE = 100.0
_NAMES = ("preset",), ("output", "initialization"), ("validation", "seed")
"""What is in each section."""
_PRESET_TIP = "Networks and settings known to work, or to fail"


class NewRunSettings(QWidget):
    """Data, and three sections with the rest.

    Signals
    -------
    dataset_chosen(DataSource), preset_chosen(Preset), network_changed(NetworkConfig),
    validation_changed(int), seed_changed(int)
        By the user's hand.
    """

    dataset_chosen = Signal(object)
    preset_chosen = Signal(object)
    network_changed = Signal(object)
    validation_changed = Signal(int)
    seed_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = RunConfig()
        self._names: Collection[str] = SETTINGS
        self._dataset = Choice("dataset_combo", _DATASETS)
        self._dataset.chosen.connect(self.dataset_chosen)
        presets = [(preset, preset.title, preset.remark) for preset in PRESETS]
        self._preset = Choice("preset_combo", [*presets, _CUSTOM])
        self._preset.chosen.connect(self._on_preset_chosen)
        presets_body = QWidget()
        presets_body.setLayout(column(self._preset))
        self._preset.setAccessibleName("Preset")
        self._preset.setToolTip(_PRESET_TIP)
        self.sections = (
            Section("Preset", "preset_section", _PRESET_TIP, presets_body),
            Section(
                "Output and weights",
                "weights_section",
                "What the output layer computes, and how the weights are initialized",
                self._weights_body(),
            ),
            Section(
                "Validation and seed",
                "validation_section",
                "How many images are held out, and the seed for random numbers",
                self._validation_body(),
            ),
        )
        self._form = form = Form()
        form.add("Data", self._dataset, "The data set to train on")
        self.setLayout(column(form, column(*self.sections, spacing=4)))
        self.show_config(self._shown)

    def _weights_body(self) -> QWidget:
        self._output = Choice("output_combo", OUTPUT_OPTIONS)
        self._output.chosen.connect(self._on_output_chosen)
        self._initialization = Choice("initialization_combo", _INITIALIZATIONS)
        self._initialization.chosen.connect(self._on_initialization_chosen)
        self._scale = NumberField("The scale of the weights", 0, _LARGEST_SCALE)
        self._scale.setObjectName("initial_scale_field")
        self._scale.setToolTip("s, the standard deviation of the initial weights")
        self._scale.setAccessibleName("Scale of the weights")
        self._scale.setFixedWidth(68)
        self._scale.value_changed.connect(self._on_scale_changed)
        body = QWidget()
        self._weights_form = form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        form.add("Output", self._output, "What the output layer computes")
        form.add("Weights", self._initialization, "How the weights are initialized", self._scale)
        body.setLayout(form)
        return body

    def _validation_body(self) -> QWidget:
        self._validation = ValueSlider(
            "Validation images",
            VALIDATION_SIZES,
            "validation_slider",
            "Training images held out for choosing settings and for stopping early; 0 is none",
            whole=True,
        )
        self._validation.value_changed.connect(self._on_validation_changed)
        self._seed = NumberField("The seed", 0, MAX_SEED, whole=True)
        self._seed.setObjectName("seed_field")
        self._seed.value_changed.connect(self.seed_changed)
        new_seed = QToolButton()
        new_seed.setText("New")
        new_seed.setObjectName("new_seed_button")
        new_seed.setToolTip(
            "Draw another seed: other initial weights and another order of the images"
        )
        new_seed.clicked.connect(self.draw_seed)
        body = QWidget()
        self._seed_form = form = Form()
        form.add(
            "Seed", self._seed, "Decides the initial weights and the order of the images", new_seed
        )
        body.setLayout(column(self._validation, form))
        return body

    def limit_to(self, names: Collection[str]) -> None:
        """Show only the settings with these names, and the sections that hold any."""
        self._names = names
        self._form.show_row(self._dataset, "dataset" in names)
        self._weights_form.show_row(self._output, "output" in names)
        self._weights_form.show_row(self._initialization, "initialization" in names)
        self._validation.setVisible("validation" in names)
        self._seed_form.show_row(self._seed, "seed" in names)
        for section, own in zip(self.sections, _NAMES, strict=True):
            section.setVisible(not set(own).isdisjoint(names))
        self.show_config(self._shown)

    # --- drawing -------------------------------------------------------------------------

    def show_config(self, config: RunConfig) -> None:
        """Show the settings in force."""
        self._shown = config
        network = config.network
        if isinstance(config.dataset, OwnData):
            title, path = data_title(config.dataset), str(config.dataset)
            self._dataset.set_option(config.dataset, printable(title), literal(printable(path)))
        self._dataset.set_value(config.dataset)
        self._preset.set_value(_preset_of(config))
        self._output.set_value(network.output)
        self._initialization.set_value(network.initialization)
        self._scale.set_value(network.initial_scale)
        has_scale = network.initialization == "constant"
        self._scale.setVisible(has_scale and "initialization" in self._names)
        self._validation.set_value(config.validation)
        self._seed.set_value(config.seed)
        preset, weights, validation = self.sections
        preset.header.show_summary(self._preset.currentText())
        weights.header.show_summary(self._weights_summary())
        validation.header.show_summary(self._validation_summary())

    def set_loading(self, loading: bool) -> None:
        """Disable the choice of data set while one is being loaded."""
        self._dataset.setEnabled(not loading)

    def _weights_summary(self) -> str:
        network = self._shown.network
        weights = self._initialization.currentText()
        if network.initialization == "constant":
            weights = f"N(0, 1) · {numeral(network.initial_scale, 'g')}"
        return f"{self._output.currentText().lower()}, {weights}"

    def _validation_summary(self) -> str:
        held_out = numeral(self._shown.validation) if self._shown.validation else "none"
        return f"{held_out}, seed {numeral(self._shown.seed)}"

    # --- what the user does --------------------------------------------------------------

    @Slot(object)
    def _on_preset_chosen(self, preset: Preset | None) -> None:
        if preset is None:
            self.show_config(self._shown)
        else:
            self.preset_chosen.emit(preset)

    @Slot(object)
    def _on_output_chosen(self, output: OutputName) -> None:
        self._change_network(output=output)

    @Slot(object)
    def _on_initialization_chosen(self, initialization: InitializationName) -> None:
        # An unused setting keeps its default, so that equal networks compare equal.
        self._change_network(
            initialization=initialization, initial_scale=NetworkConfig.initial_scale
        )

    @Slot(object)
    def _on_scale_changed(self, scale: float) -> None:
        self._change_network(initial_scale=scale)

    @Slot(float)
    def _on_validation_changed(self, images: float) -> None:
        self.validation_changed.emit(int(images))

    @Slot()
    def draw_seed(self) -> None:
        """Choose another seed."""
        self.seed_changed.emit(random.randrange(1_000_000))

    def _change_network(self, **changes: Any) -> None:
        self.network_changed.emit(replace(self._shown.network, **changes))


def _preset_of(config: RunConfig) -> Preset | None:
    network = replace(config.network, classes=NetworkConfig.classes)  # those are of the data
    for preset in PRESETS:
        same_network = preset.network == network
        if same_network and preset.hyperparameters == config.hyperparameters:
            return preset
    return None
