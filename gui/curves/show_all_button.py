"""Shows all of the curves again, and says how to enlarge a part of them."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget

_TIP = (
    "Show the whole run, and follow it.\n"
    "Drag over a part to enlarge it, or use\nCtrl and the wheel. Double-click: show all.\n"
    "Keys: ↑ ↓ enlarge, Ctrl+← → move, Home all."
)


class ShowAllButton(QToolButton):
    """The button; its owner acts on `clicked`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Show all")
        self.setObjectName("show_all_button")
        self.setAccessibleName("Show all of the curves")
        self.setToolTip(_TIP)
