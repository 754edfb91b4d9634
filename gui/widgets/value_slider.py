"""A slider over uneven values, with a field for exact ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from gui.widgets.layouts import column, row
from gui.widgets.number_field import NumberField
from gui.widgets.slider import Slider


class ValueSlider(QWidget):
    """Label, field and slider for one number.

    The slider's positions are the indices of `values`, so that equal moves are equal steps on
    whatever scale the values are; the field takes any number from the first to the last value.

    Parameters
    ----------
    unit
        Of the number, as screen readers say it; "" if the title has it.
    beside
        What fills the room between label and field.
    after
        What is at the right of the slider.

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
        unit: str = "",
        beside: QWidget | None = None,
        after: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._unit = unit
        self.value: float = values[0]

        self.label = QLabel(title)
        self.field = NumberField(title, values[0], values[-1], whole)
        self.field.setFixedWidth(68)
        self.field.setObjectName(f"{slider_name}_field")
        self.field.value_changed.connect(self.enter)
        self.slider = Slider(slider_name, values)
        self.slider.setPageStep(max(1, len(values) // 10))
        self.slider.valueChanged.connect(self._on_slid)
        self.label.setBuddy(self.slider)
        for widget in (self.slider, self.field):
            widget.setToolTip(tool_tip)
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(tool_tip)

        parts = [part for part in (self.label, beside, self.field) if part is not None]
        below = self.slider if after is None else row(self.slider, after, wide=self.slider)
        self.setLayout(column(row(*parts, wide=beside or self.label), below, spacing=0))
        self._render()

    def set_value(self, value: float) -> None:
        """Show `value` without signaling."""
        if value != self.value:
            self.value = value
            self._render()

    @Slot(object)
    def enter(self, value: float) -> None:
        """Take `value` as if the user had typed it."""
        self.set_value(value)
        self.value_changed.emit(value)

    def nudge(self, positions: int) -> None:
        """Move the slider by hand, as a key does."""
        self.slider.setValue(self.slider.value() + positions)

    def _render(self) -> None:
        # A value between two positions is shown in full in the field.
        self.slider.blockSignals(True)
        self.slider.go_to(self.value)
        self.slider.blockSignals(False)
        self._show_number()

    def _show_number(self) -> None:
        self.field.set_value(self.value)
        self.slider.say(self.value, f"{self.field.text()} {self._unit}".rstrip())

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.value = self.slider.numbers[position]
        self._show_number()
        self.value_changed.emit(self.value)
