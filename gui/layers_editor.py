"""The hidden layers: a slider each, add and remove."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.config import MAX_HIDDEN_LAYERS
from core.network import parameter_count
from gui.labels import label
from gui.scales import LAYER_SIZES
from gui.value_slider import ValueSlider


class LayersEditor(QWidget):
    """One :class:`ValueSlider` a hidden layer, from the input to the output.

    Signals
    -------
    hidden_changed(tuple[int, ...])
        By the user's hand.
    """

    hidden_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sliders: list[ValueSlider] = []
        self._summary = label("", "hint")
        self._summary.setWordWrap(True)
        self._summary.setToolTip("Units of each layer, and how many weights and biases that makes")
        self._add = QPushButton("Add layer")
        self._add.setObjectName("add_layer_button")
        self._add.setToolTip("Put another hidden layer before the output")
        self._add.clicked.connect(self.add_layer)
        self._remove = QPushButton("Remove layer")
        self._remove.setObjectName("remove_layer_button")
        self._remove.setToolTip("Take away the hidden layer next to the output")
        self._remove.clicked.connect(self.remove_layer)

        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._rows)
        layout.addLayout(buttons)
        layout.addWidget(self._summary)

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of each hidden layer, as shown."""
        return tuple(int(slider.value) for slider in self._sliders)

    def show_sizes(self, sizes: tuple[int, ...]) -> None:
        """Show a network of these layer sizes, input and output included."""
        hidden = sizes[1:-1]
        while len(self._sliders) > len(hidden):
            self._drop_row()
        while len(self._sliders) < len(hidden):
            self._append_row()
        for slider, units in zip(self._sliders, hidden, strict=True):
            slider.set_value(units)
        self._add.setEnabled(len(hidden) < MAX_HIDDEN_LAYERS)
        self._remove.setEnabled(bool(hidden))
        shape = "-\N{ZERO WIDTH SPACE}".join(map(str, sizes))  # a line may end after a hyphen
        self._summary.setText(f"{shape}: {parameter_count(sizes):,} parameters")

    @Slot()
    def add_layer(self) -> None:
        """Put a layer of half the size of the last one before the output."""
        hidden = self.hidden
        if len(hidden) < MAX_HIDDEN_LAYERS:
            units = max(hidden[-1] // 2, 10) if hidden else 64
            self.hidden_changed.emit((*hidden, units))

    @Slot()
    def remove_layer(self) -> None:
        """Take the layer before the output away."""
        if self._sliders:
            self.hidden_changed.emit(self.hidden[:-1])

    def _append_row(self) -> None:
        index = len(self._sliders)
        slider = ValueSlider(
            f"Hidden layer {index + 1}",
            LAYER_SIZES,
            f"layer_size_slider_{index}",
            "How many units this layer has",
            whole=True,
        )
        slider.value_changed.connect(self._on_value_changed)
        self._sliders.append(slider)
        self._rows.addWidget(slider)

    def _drop_row(self) -> None:
        slider = self._sliders.pop()
        self._rows.removeWidget(slider)
        slider.setParent(None)
        slider.deleteLater()

    @Slot(float)
    def _on_value_changed(self, _units: float) -> None:
        self.hidden_changed.emit(self.hidden)
