"""What screen readers say of a slider: its number, not the position of its handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from PySide6.QtGui import QAccessible, QAccessibleValueInterface

from gui.widgets.painted_interface import PaintedInterface, register

if TYPE_CHECKING:
    from gui.widgets.slider import Slider


def announce(slider: Slider) -> None:
    """Let screen readers know the number of `slider` from now on."""
    register(SliderInterface(slider))


class SliderInterface(PaintedInterface):
    """Says the number with its unit, as it is shown."""

    def __init__(self, slider: Slider) -> None:
        super().__init__(slider, QAccessible.Role.Slider)
        self._slider = ref(slider)
        self._value = _Value(slider)

    def text(self, kind: QAccessible.Text) -> str:
        """Return the words for the value; otherwise what any widget has."""
        slider = self._slider()
        if kind == QAccessible.Text.Value and slider is not None:
            return slider.words
        return super().text(kind)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """Return what reads and sets the number; otherwise what any widget has."""
        if kind == QAccessible.InterfaceType.ValueInterface:
            return self._value
        return super().interface_cast(kind)


class _Value(QAccessibleValueInterface):
    """The number on its own scale, which is not the one of the positions."""

    def __init__(self, slider: Slider) -> None:
        super().__init__()
        self._slider = ref(slider)

    def currentValue(self) -> float:
        """Return the number that is shown."""
        slider = self._slider()
        return 0.0 if slider is None else slider.number

    def minimumValue(self) -> float:
        """Return the number at the left end."""
        slider = self._slider()
        return 0.0 if slider is None else slider.numbers[0]

    def maximumValue(self) -> float:
        """Return the number at the right end."""
        slider = self._slider()
        return 0.0 if slider is None else slider.numbers[-1]

    def minimumStepSize(self) -> float:
        """Return 0: the steps differ."""
        return 0.0

    def setCurrentValue(self, value: Any) -> None:
        """Move the handle to the nearest number, as if by hand."""
        slider = self._slider()
        if slider is not None:
            slider.go_to(float(value))
