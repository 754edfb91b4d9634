"""What is inside the window: it scrolls where a zoom leaves no room for its least size."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.window.window_layout import LEAST

_MENU_BAR = 30
"""Its height at most, in logical pixels."""


class ZoomedArea(QScrollArea):
    """Holds the layout of the window, which fills it and is made in its viewport."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("zoomed_area")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)

    def setWidget(self, layout: QWidget) -> None:
        """Show the layout, in its least size at least."""
        layout.setMinimumSize(LEAST.width(), LEAST.height() - _MENU_BAR)
        super().setWidget(layout)
