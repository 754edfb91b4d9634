"""Chooses the x axis of the curves."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.curves.run_axis import AXES
from gui.widgets.segmented_choice import SegmentedChoice


class AxisChoice(SegmentedChoice):
    """Steps, epochs or time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        options = [(axis, kind.option, kind.tool_tip) for axis, kind in AXES.items()]
        super().__init__("axis_combo", options, parent)
        self.setAccessibleName("X axis of the curves")
        self.setToolTip("The x axis of both plots: steps, epochs or seconds of training")
