"""A slider over uneven values, with a field for exact ones."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSlider, QToolTip, QWidget

from gui.wheel_guard import WheelGuard


class ValueSlider(QWidget):
    """Label, field and slider for one number.

    The slider's positions are the indices of `values`, so that equal moves are equal steps on
    whatever scale the values are; the field takes any number from the first to the last value.

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values = list(values)
        self._whole = whole
        self._title = title
        self.value: float = self._values[0]

        self.label = QLabel(title)
        self.field = QLineEdit()
        self.field.setFixedWidth(76)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setObjectName(f"{slider_name}_field")
        self.field.editingFinished.connect(self._on_edited)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(slider_name)
        self.slider.setRange(0, len(self._values) - 1)
        self.slider.setPageStep(max(1, len(self._values) // 10))
        self.slider.valueChanged.connect(self._on_slid)
        self.label.setBuddy(self.slider)
        WheelGuard(self).protect(self.slider)
        for widget in (self.slider, self.field):
            widget.setToolTip(tool_tip)
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(tool_tip)

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addWidget(self.label, 0, 0)
        layout.addWidget(self.field, 0, 1)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self._render()

    def set_value(self, value: float) -> None:
        """Show `value` without signalling."""
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
        self.field.setText(self._text(self.value))

    def _text(self, value: float) -> str:
        return f"{int(value):,}" if self._whole else f"{value:g}"

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.value = self._values[position]
        self.field.setText(self._text(self.value))
        self.value_changed.emit(self.value)

    @Slot()
    def _on_edited(self) -> None:
        low, high = self._values[0], self._values[-1]
        try:
            value = float(self.field.text().replace(",", ""))
        except ValueError:
            value = math.nan
        if self._whole and not value.is_integer():
            value = math.nan
        if not low <= value <= high:
            kind = "a whole number" if self._whole else "a number"
            position = self.field.mapToGlobal(self.field.rect().bottomLeft())
            QToolTip.showText(
                position,
                f"{self._title} must be {kind} from {self._text(low)} to {self._text(high)}.",
                self.field,
            )
            self.field.setText(self._text(self.value))
        elif value != self.value:
            self.set_value(value)
            self.value_changed.emit(value)
