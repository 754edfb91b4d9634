"""The left column: what the network learns from, what it is, and how it learns."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.config import MAX_SEED, Hyperparameters, NetworkConfig, RunConfig
from core.datasets.dataset import DatasetName
from core.presets import PRESETS, Preset
from gui.labels import hairline, label
from gui.layers_editor import LayersEditor
from gui.scales import BATCH_SIZES, L2_STRENGTHS, LEARNING_RATES
from gui.value_slider import ValueSlider
from gui.wheel_guard import WheelGuard

_DATASETS: tuple[tuple[DatasetName, str, str], ...] = (
    ("strokes", "Strokes (built in)", "Digits drawn by a generator; needs no download"),
    ("mnist", "MNIST", "70,000 digits written by people; downloaded once if it is not here"),
)
_INITIAL_WEIGHTS: tuple[tuple[str, NetworkConfig], ...] = (
    ("He: N(0, 2 / inputs)", NetworkConfig(initialization="he")),
    ("N(0, 1) · 0.01", NetworkConfig(initialization="constant", initial_scale=0.01)),
)
_CUSTOM = "Custom"


class SettingsPanel(QScrollArea):
    """All settings, in two groups: those that steer the run, and those that begin a new one.

    Signals
    -------
    dataset_chosen(DatasetName), preset_chosen(Preset), network_changed(NetworkConfig),
    hyperparameters_changed(Hyperparameters), seed_changed(int)
        By the user's hand.
    """

    dataset_chosen = Signal(str)
    preset_chosen = Signal(object)
    network_changed = Signal(object)
    hyperparameters_changed = Signal(object)
    seed_changed = Signal(int)

    def __init__(self, config: RunConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = config
        self._make_live_controls()
        self._make_restart_controls()
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        self._add_live_group(layout)
        layout.addWidget(hairline())
        self._add_restart_group(layout)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_config(config)
        # Wide enough for the scroll bar that appears with many layers.
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(content.minimumSizeHint().width() + bar)

    def _make_live_controls(self) -> None:
        self.learning_rate = ValueSlider(
            "Learning rate",
            LEARNING_RATES,
            "learning_rate_slider",
            "How far each step goes down the slope: too small learns slowly, too large jumps over "
            "the minimum",
        )
        self.batch_size = ValueSlider(
            "Batch size",
            BATCH_SIZES,
            "batch_size_slider",
            "How many images each step looks at: few make noisy, quick steps; the rightmost is the "
            "whole training set",
            whole=True,
        )
        self.l2 = ValueSlider(
            "L2 strength",
            L2_STRENGTHS,
            "l2_slider",
            "Pulls all weights towards zero, against learning by heart; 0 is off",
        )
        for slider in (self.learning_rate, self.batch_size, self.l2):
            slider.value_changed.connect(self._on_live_value_changed)

    def _make_restart_controls(self) -> None:
        self.dataset = QComboBox()
        self.dataset.setObjectName("dataset_combo")
        for name, title, tool_tip in _DATASETS:
            self.dataset.addItem(title, name)
            self.dataset.setItemData(
                self.dataset.count() - 1, tool_tip, Qt.ItemDataRole.ToolTipRole
            )
        self.dataset.activated.connect(self._on_dataset_activated)

        self.preset = QComboBox()
        self.preset.setObjectName("preset_combo")
        for preset in PRESETS:
            self.preset.addItem(preset.title, preset)
            self.preset.setItemData(
                self.preset.count() - 1, preset.remark, Qt.ItemDataRole.ToolTipRole
            )
        self.preset.addItem(_CUSTOM)
        self.preset.activated.connect(self._on_preset_activated)

        self.initialization = QComboBox()
        self.initialization.setObjectName("initialization_combo")
        for title, network in _INITIAL_WEIGHTS:
            self.initialization.addItem(title, network)
        self.initialization.activated.connect(self._on_initialization_activated)

        WheelGuard(self).protect(self.dataset, self.preset, self.initialization)

        self.layers = LayersEditor()
        self.layers.hidden_changed.connect(self._on_hidden_changed)

        self.seed = QLineEdit()
        self.seed.setObjectName("seed_field")
        self.seed.editingFinished.connect(self._on_seed_edited)
        self.new_seed = QToolButton()
        self.new_seed.setText("New")
        self.new_seed.setObjectName("new_seed_button")
        self.new_seed.setToolTip("Draw another seed: other initial weights, another order")
        self.new_seed.clicked.connect(self.draw_seed)

    def _add_live_group(self, layout: QVBoxLayout) -> None:
        layout.addLayout(_heading("Steer", "at the next step"))
        for slider in (self.learning_rate, self.batch_size, self.l2):
            layout.addWidget(slider)

    def _add_restart_group(self, layout: QVBoxLayout) -> None:
        layout.addLayout(_heading("Build", "starts a new run"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self.seed)
        seed.addWidget(self.new_seed)
        for row, (title, widget, tool_tip) in enumerate(
            (
                ("Data", self.dataset, "What the network learns to read"),
                ("Preset", self.preset, "Networks and settings that are known to work, or to fail"),
                ("Weights", self.initialization, "How large the weights are before training"),
            )
        ):
            _add_row(grid, row, title, widget, tool_tip)
            grid.addWidget(widget, row, 1)
        _add_row(grid, 3, "Seed", self.seed, "Decides the initial weights and the images' order")
        grid.addLayout(seed, 3, 1)
        layout.addLayout(grid)
        layout.addWidget(self.layers)

    # --- drawing -------------------------------------------------------------------------

    @Slot(object)
    def show_config(self, config: RunConfig) -> None:
        """Show the settings that are in force."""
        self._config = config
        self.learning_rate.set_value(config.hyperparameters.learning_rate)
        self.batch_size.set_value(config.hyperparameters.batch_size)
        self.l2.set_value(config.hyperparameters.l2)
        self.dataset.setCurrentIndex(self.dataset.findData(config.dataset))
        self.preset.setCurrentIndex(_preset_index(config))
        self.initialization.setCurrentIndex(_initialization_index(config.network))
        self.layers.show_sizes(config.network.sizes)
        self.seed.setText(str(config.seed))

    def set_loading(self, loading: bool) -> None:
        """Let no other data set be chosen while one is being loaded."""
        self.dataset.setEnabled(not loading)

    # --- what the user does --------------------------------------------------------------

    @Slot(float)
    def _on_live_value_changed(self, _value: float) -> None:
        self.hyperparameters_changed.emit(
            Hyperparameters(
                learning_rate=self.learning_rate.value,
                batch_size=int(self.batch_size.value),
                l2=self.l2.value,
            )
        )

    @Slot(int)
    def _on_dataset_activated(self, index: int) -> None:
        self.dataset_chosen.emit(self.dataset.itemData(index))

    @Slot(int)
    def _on_preset_activated(self, index: int) -> None:
        preset = self.preset.itemData(index)
        if isinstance(preset, Preset):
            self.preset_chosen.emit(preset)
        else:
            self.show_config(self._config)

    @Slot(int)
    def _on_initialization_activated(self, index: int) -> None:
        chosen = self.initialization.itemData(index)
        self.network_changed.emit(replace(chosen, hidden=self._config.network.hidden))

    @Slot(object)
    def _on_hidden_changed(self, hidden: tuple[int, ...]) -> None:
        self.network_changed.emit(replace(self._config.network, hidden=hidden))

    @Slot()
    def _on_seed_edited(self) -> None:
        text = self.seed.text().strip()
        if text.isdecimal() and int(text) <= MAX_SEED:
            self.seed_changed.emit(int(text))
        else:
            self.seed.setText(str(self._config.seed))

    @Slot()
    def draw_seed(self) -> None:
        """Choose another seed."""
        self.seed_changed.emit(random.randrange(1_000_000))


def _heading(title: str, hint: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label(title, "title"))
    row.addWidget(label(hint, "hint"), alignment=Qt.AlignmentFlag.AlignBottom)
    row.addStretch(1)
    return row


def _add_row(grid: QGridLayout, row: int, title: str, widget: QWidget, tool_tip: str) -> None:
    caption = QLabel(title)
    caption.setBuddy(widget)
    grid.addWidget(caption, row, 0)
    widget.setToolTip(tool_tip)
    widget.setAccessibleName(title)


def _preset_index(config: RunConfig) -> int:
    for index, preset in enumerate(PRESETS):
        same_network = preset.network == config.network
        if same_network and preset.hyperparameters == config.hyperparameters:
            return index
    return len(PRESETS)


def _initialization_index(network: NetworkConfig) -> int:
    for index, (_, choice) in enumerate(_INITIAL_WEIGHTS):
        if choice == replace(network, hidden=choice.hidden):
            return index
    return -1
