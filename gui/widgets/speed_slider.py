"""How fast training goes: from one step a second, to watch it, to as fast as it can."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from core.wording import counted
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.scales import SPEEDS
from gui.widgets.slider import Slider

_WIDTH = 104
_FULL = 10_000
"""Stands for full speed where a number has to be finite: in what screen readers get."""


class SpeedSlider(QWidget):
    """A slider with its value above it.

    Signals
    -------
    speed_changed(float)
        Steps a second at most; infinite for full speed.
    """

    speed_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = label("", "hint")
        self._slider = Slider("speed_slider", [*SPEEDS[:-1], _FULL])
        self._slider.setAccessibleName("Speed")
        self._slider.setToolTip("How fast to train: from one step a second to full speed")
        self._slider.setPageStep(1)
        self._slider.setFixedWidth(_WIDTH)
        self._slider.valueChanged.connect(self._on_slid)
        self.setLayout(column(self._text, self._slider, spacing=4))
        self._slider.setValue(len(SPEEDS) - 1)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        speed = SPEEDS[position]
        text = "Full speed" if math.isinf(speed) else f"{counted(int(speed), 'step')}/s"
        self._text.setText(text)
        self._slider.say(self._slider.number, text)
        self._slider.setAccessibleDescription(text)
        self.speed_changed.emit(speed)
