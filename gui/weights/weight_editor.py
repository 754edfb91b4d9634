"""A field for one of a unit's numbers: its bias, a weight before it or a weight behind it."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from core.arrays import PIXELS
from core.inspection.network_edits import Edit
from core.network.network import Network
from core.settings.config import MAX_UNITS
from core.wording import numeral
from gui.widgets.choice import Choice
from gui.widgets.labels import label
from gui.widgets.layouts import row
from gui.widgets.named import named
from gui.widgets.number_field import NumberField

Kind = Literal["bias", "from", "to"]

_KINDS: list[tuple[Kind, str, str]] = [
    ("bias", "Bias", "Added to the weighted sum of the inputs"),
    ("from", "Weight from", "Multiplies this input; inputs count from 0"),
    ("to", "Weight to", "Multiplies this unit's output on its way to a unit of the next layer"),
]
_OTHER_UNIT = "The input, or the unit of the next layer, from 0"
_LARGEST = 1_000.0


class WeightEditor(QWidget):
    """Chooses a number of the unit that is looked into, shows it, and takes another.

    Signals
    -------
    edit_wanted(Edit)
        The user has entered a value.
    choice_changed()
        Another number is chosen.
    """

    edit_wanted = Signal(object)
    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._network: Network | None = None
        self._layer, self._unit = 1, 0
        self._is_silent = False
        self._kind: Kind = "bias"
        self._choice = Choice("weight_kind", _KINDS)
        self._choice.setMinimumContentsLength(9)
        self._number = NumberField("The other unit", 0, max(MAX_UNITS, PIXELS) - 1, whole=True)
        self._number.setFixedWidth(48)
        self._value = NumberField("The value", -_LARGEST, _LARGEST)
        self._value.setFixedWidth(100)
        self._value.installEventFilter(self)
        for control, name, accessible_name, tool_tip in (
            (self._choice, "weight_kind", "Which number", "Which of the unit's numbers to edit"),
            (self._number, "weight_number", "Other unit", _OTHER_UNIT),
            (self._value, "weight_value", "Value", "Type another value and press Return"),
        ):
            named(control, name, accessible_name, tool_tip)
        layout = row(self._choice, self._number, label("=", "quiet"), self._value, spacing=4)
        layout.addStretch(1)
        self.setLayout(layout)
        self._choice.chosen.connect(self._on_kind)
        self._number.value_changed.connect(self._on_number)
        self._value.value_changed.connect(self._on_value)

    @property
    def chosen(self) -> tuple[Kind, int]:
        """What is chosen, and the other unit's number, which a bias does without."""
        return self._kind, int(self._number.value or 0)

    def show_unit(self, network: Network, layer: int, unit: int, is_silent: bool) -> None:
        """Show a number of a unit; for another unit than before, begin with its bias."""
        if (layer, unit) != (self._layer, self._unit):
            self._choose("bias", 0)
        self._network, self._layer, self._unit = network, layer, unit
        self._is_silent = is_silent
        self._show()

    def choose(self, kind: Kind, number: int) -> None:
        """Choose a number, with the cursor in its field."""
        self._value.clearFocus()  # so that what was typed goes to the number before
        self._choose(kind, number)
        self._show()
        self._value.setFocus(Qt.FocusReason.OtherFocusReason)
        self._value.selectAll()
        self.choice_changed.emit()

    def _choose(self, kind: Kind, number: int) -> None:
        self._kind = kind
        self._choice.set_value(kind)
        self._number.set_value(number)

    def _show(self) -> None:
        """Show the number's value, unless another is being typed."""
        if self._network is None:
            return
        if self._kind == "to" and self._layer == len(self._network.layers):
            self._choose("bias", 0)
        if self._kind != "bias" and self.chosen[1] >= self._count():
            self._number.set_value(0)
        self._number.setVisible(self._kind != "bias")
        value = self._present()
        # A silent unit stays silent, and a network that has diverged has no numbers.
        is_open = math.isfinite(value) and not (self._kind == "to" and self._is_silent)
        self._value.setEnabled(is_open)
        if not self._value.isModified():
            self._value.set_value(float(f"{value:.4g}") if math.isfinite(value) else 0.0)

    def _count(self) -> int:
        assert self._network is not None
        return self._network.sizes[self._layer + (1 if self._kind == "to" else -1)]

    def _edit(self, value: float) -> Edit:
        kind, number = self.chosen
        if kind == "to":
            return Edit(self._layer + 1, number, self._unit, value)
        return Edit(self._layer, self._unit, None if kind == "bias" else number, value)

    def _present(self) -> float:
        assert self._network is not None
        place = self._edit(0.0)
        layer = self._network.layers[place.layer - 1]
        if place.source is None:
            return float(layer.b[place.unit])
        return float(layer.W[place.source, place.unit])

    # --- what the user does -----------------------------------------------------------------

    @Slot(object)
    def _on_kind(self, kind: Kind) -> None:
        assert self._network is not None
        if kind == "to" and self._layer == len(self._network.layers):
            self._choice.set_value(self._kind)
            self._number.refuse("Outputs have no outgoing weights.")
            return
        self._choose(kind, 0)
        self._show()
        self.choice_changed.emit()

    @Slot(object)
    def _on_number(self, number: int) -> None:
        if number >= self._count():
            self._number.set_value(0)
            self._number.refuse(f"They are numbered 0 to {numeral(self._count() - 1)}.")
        self._show()
        self.choice_changed.emit()

    @Slot(object)
    def _on_value(self, value: float) -> None:
        self.edit_wanted.emit(self._edit(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave Ctrl+Z to the tab where nothing was typed that the field could take back."""
        is_key = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if is_key and isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            if self._value.isUndoAvailable():
                return False
            event.ignore()  # so that the tab gets it
            return True
        return super().eventFilter(watched, event)
