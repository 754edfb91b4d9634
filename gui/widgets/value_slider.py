"""A slider over uneven values, with a field for exact ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.widgets.number_field import NumberField
from gui.widgets.slider import Slider


class ValueSlider(QWidget):
    """Label, field and slider for one number.

    The slider's positions are the indices of `values`, so that equal moves are equal steps on
    whatever scale the values are; the field takes any number from the first to the last value.

    Parameters
    ----------
    beside
        What fills the room between label and field.

    Signals
    -------
    value_changed(float)
        By the user's hand, not by :meth:`set_value`.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        title: str,
        values: Sequence[float],
        slider_name: str,
        tool_tip: str,
        whole: bool = False,
        beside: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values = list(values)
        self.value: float = self._values[0]

        self.label = QLabel(title)
        self.field = NumberField(title, self._values[0], self._values[-1], whole)
        self.field.setFixedWidth(68)
        self.field.setObjectName(f"{slider_name}_field")
        self.field.value_changed.connect(self._on_typed)
        self.slider = Slider(slider_name, len(self._values) - 1)
        self.slider.setPageStep(max(1, len(self._values) // 10))
        self.slider.valueChanged.connect(self._on_slid)
        self.label.setBuddy(self.slider)
        for widget in (self.slider, self.field):
            widget.setToolTip(tool_tip)
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(tool_tip)

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.label)
        if beside is None:
            row.addStretch(1)
        else:
            row.addWidget(beside, 1)
        row.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.slider)
        self._render()

    def set_value(self, value: float) -> None:
        """Show `value` without signaling."""
        if value != self.value:
            self.value = value
            self._render()

    def nudge(self, positions: int) -> None:
        """Move the slider by hand, as a key does."""
        self.slider.setValue(self.slider.value() + positions)

    def _render(self) -> None:
        # The nearest position; a value between two is shown in full in the field.
        above = min(bisect_left(self._values, self.value), len(self._values) - 1)
        below = max(above - 1, 0)
        nearer_below = self.value - self._values[below] < self._values[above] - self.value
        self.slider.blockSignals(True)
        self.slider.setValue(below if nearer_below else above)
        self.slider.blockSignals(False)
        self.field.set_value(self.value)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.value = self._values[position]
        self.field.set_value(self.value)
        self.value_changed.emit(self.value)

    @Slot(object)
    def _on_typed(self, value: float) -> None:
        self.set_value(value)
        self.value_changed.emit(value)
