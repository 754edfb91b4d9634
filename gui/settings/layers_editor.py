"""The hidden layers: size and activation of each, add and remove."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.network.activations import ACTIVATIONS
from core.network.layers import parameter_count
from core.settings.config import MAX_HIDDEN_LAYERS, ActivationName, NetworkConfig
from core.wording import capitalized, numeral
from gui.widgets.choice import Choice
from gui.widgets.form import CAPTION_WIDTH, stacked
from gui.widgets.labels import label
from gui.widgets.scales import LAYER_SIZES
from gui.widgets.value_slider import ValueSlider

_ACTIVATIONS = tuple((name, capitalized(f.title), f.description) for name, f in ACTIVATIONS.items())

_ON_CHANGE = (
    (True, "Keep learned weights", "The network is resized, and training continues"),
    (False, "Start over", "A new run begins with random weights"),
)


class LayersEditor(QWidget):
    """A slider and an activation for each hidden layer, from the input to the output.

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
        self._summary = label("", "hint")
        self._summary.setWordWrap(True)
        self._summary.setToolTip("Units in each layer, and the number of weights and biases")
        self._add = QPushButton("Add layer")
        self._add.setObjectName("add_layer_button")
        self._add.setToolTip("Add a hidden layer before the output")
        self._add.clicked.connect(self.add_layer)
        self._remove = QPushButton("Remove layer")
        self._remove.setObjectName("remove_layer_button")
        self._remove.setToolTip("Remove the hidden layer before the output")
        self._remove.clicked.connect(self.remove_layer)

        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        on_change = Choice("on_change_combo", _ON_CHANGE)
        on_change.chosen.connect(self.keeping_chosen)
        on_change.setAccessibleName("When layers change")
        on_change.setToolTip("What happens to the network when its layers change")
        self.setLayout(stacked(on_change, self._rows, buttons, self._summary))

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
        shape = "-\N{ZERO WIDTH SPACE}".join(map(str, network.sizes))  # may end a line after a "-"
        self._summary.setText(f"{shape}: {numeral(parameter_count(network.sizes))} parameters")

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
        activation = Choice(f"activation_combo_{index}", _ACTIVATIONS)
        activation.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        activation.setToolTip("Activation function of this layer's units")
        activation.setAccessibleName(f"Activation of hidden layer {index + 1}")
        activation.chosen.connect(self._on_activation_chosen)
        slider = ValueSlider(
            f"Layer {index + 1}",
            LAYER_SIZES,
            f"layer_size_slider_{index}",
            "Number of units in this hidden layer",
            whole=True,
            beside=activation,
        )
        slider.label.setFixedWidth(CAPTION_WIDTH)
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
