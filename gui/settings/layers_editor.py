"""The hidden layers: size and activation of each, add and remove."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.network.layers import parameter_count
from core.settings.config import MAX_HIDDEN_LAYERS, ActivationName, NetworkConfig
from core.wording import counted
from gui.settings.network_sketch import NetworkSketch
from gui.widgets.button import Button
from gui.widgets.choice import Choice
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.network_options import ACTIVATION_OPTIONS
from gui.widgets.scales import LAYER_SIZES
from gui.widgets.section import Section
from gui.widgets.value_slider import ValueSlider

_ON_CHANGE = (
    (True, "Keep learned weights", "The network is resized, and training continues"),
    (False, "Start over", "A new run begins with random weights"),
)


_CAPTION, _FIELD = 52, 56
_WIDEST = "10 outputs, 120,000,000 parameters"
"""So wide is the column at least, so that it never has to grow with the network."""


class LayersEditor(QWidget):
    """A slider and an activation for each hidden layer, from the input to the output.

    Attributes
    ----------
    buttons
        To add and remove a layer. They belong above the layers, where they stay under the mouse.
    section
        What lies one click further.

    Signals
    -------
    network_changed(NetworkConfig), keeping_chosen(bool)
        By the user's hand.
    """

    network_changed = Signal(object)
    keeping_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = NetworkConfig(hidden=())
        self._sliders: list[ValueSlider] = []
        self._activations: list[Choice] = []
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(4)
        self._add = self._button("Add", "add_layer_button", "Add a hidden layer before the output")
        self._add.clicked.connect(self.add_layer)
        self._remove = self._button(
            "Remove", "remove_layer_button", "Remove the hidden layer before the output"
        )
        self._remove.clicked.connect(self.remove_layer)
        self._sketch = NetworkSketch()
        self._input, self._output = label("", "hint"), label("", "hint")
        self._output.setMinimumWidth(self._output.fontMetrics().horizontalAdvance(_WIDEST))
        self._output.setToolTip("Outputs, and the number of weights and biases")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._sketch, 0, 0, 3, 1)
        grid.addWidget(self._input, 0, 1)
        grid.addLayout(self._rows, 1, 1)
        grid.addWidget(self._output, 2, 1)
        self.section = self._make_section()

    def _button(self, text: str, name: str, tool_tip: str) -> QPushButton:
        button = Button(text)
        button.setObjectName(name)
        button.setAccessibleName(f"{text} layer")
        button.setToolTip(tool_tip)
        self.buttons.addWidget(button)
        return button

    def _make_section(self) -> Section:
        """Return what lies one click further."""
        self._on_change = Choice("on_change_combo", _ON_CHANGE)
        self._on_change.chosen.connect(self.keeping_chosen)
        self._on_change.activated.connect(self._show_keeping)
        self._on_change.setAccessibleName("When layers change")
        self._on_change.setToolTip("What happens to the network when its layers change")
        body = QWidget()
        body.setLayout(column(self._on_change))
        tool_tip = "What happens to the network when its layers change"
        section = Section("When layers change", "on_change_section", tool_tip, body)
        section.header.show_summary(self._on_change.currentText().lower())
        return section

    @Slot()
    def _show_keeping(self) -> None:
        self.section.header.show_summary(self._on_change.currentText().lower())

    def show_network(self, network: NetworkConfig) -> None:
        """Show the hidden layers of `network`."""
        self._shown = network
        hidden = network.hidden
        while len(self._sliders) > len(hidden):
            self._drop_row()
        while len(self._sliders) < len(hidden):
            self._append_row()
        for slider, units in zip(self._sliders, hidden, strict=True):
            slider.set_value(units)
        for choice, activation in zip(self._activations, network.layer_activations, strict=True):
            choice.set_value(activation)
        self._add.setEnabled(len(hidden) < MAX_HIDDEN_LAYERS)
        self._remove.setEnabled(bool(hidden))
        first, *_, last = network.sizes
        self._input.setText(counted(first, "pixel"))
        parameters = counted(parameter_count(network.sizes), "parameter")
        self._output.setText(f"{counted(last, 'output')} · {parameters}")
        self._sketch.show_layers([self._input, *self._sliders, self._output], network.sizes)

    @Slot()
    def add_layer(self) -> None:
        """Add a layer before the output, half the size of the last one."""
        hidden = self._shown.hidden
        if len(hidden) < MAX_HIDDEN_LAYERS:
            units = max(hidden[-1] // 2, 10) if hidden else 64
            self.network_changed.emit(self._shown.with_hidden((*hidden, units)))

    @Slot()
    def remove_layer(self) -> None:
        """Remove the layer before the output."""
        if self._shown.hidden:
            self.network_changed.emit(self._shown.with_hidden(self._shown.hidden[:-1]))

    def _append_row(self) -> None:
        index = len(self._sliders)
        activation = Choice(f"activation_combo_{index}", ACTIVATION_OPTIONS)
        activation.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        activation.setToolTip("Activation function of this layer's units")
        activation.setAccessibleName(f"Activation of layer {index + 1}")
        activation.chosen.connect(self._on_activation_chosen)
        slider = ValueSlider(
            f"Layer {index + 1}",
            LAYER_SIZES,
            f"layer_size_slider_{index}",
            "Number of units in this hidden layer",
            whole=True,
            unit="units",
            beside=activation,
        )
        slider.label.setFixedWidth(_CAPTION)
        slider.field.setFixedWidth(_FIELD)
        slider.value_changed.connect(self._on_size_changed)
        self._sliders.append(slider)
        self._activations.append(activation)
        self._rows.addWidget(slider)

    def _drop_row(self) -> None:
        self._activations.pop()
        slider = self._sliders.pop()
        self._rows.removeWidget(slider)
        slider.setParent(None)
        slider.deleteLater()

    @Slot(float)
    def _on_size_changed(self, _units: float) -> None:
        hidden = tuple(int(slider.value) for slider in self._sliders)
        self.network_changed.emit(self._shown.with_hidden(hidden))

    @Slot(object)
    def _on_activation_chosen(self, _activation: ActivationName) -> None:
        chosen = tuple(choice.currentData() for choice in self._activations)
        self.network_changed.emit(replace(self._shown, activations=chosen))
