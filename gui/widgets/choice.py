"""A combo box over a setting's possible values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from gui.widgets.wheel_guard import WheelGuard


class Choice(QComboBox):
    """Shows one of several values.

    Parameters
    ----------
    name
        objectName.
    options
        The value, its title, and a tool tip on it, for each in turn.

    Signals
    -------
    chosen(value)
        By the user's hand, not by :meth:`set_value`.
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        options: Iterable[tuple[Any, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._values: list[Any] = []
        for index, (value, title, tool_tip) in enumerate(options):
            self._values.append(value)
            self.addItem(title, value)
            self.setItemData(index, tool_tip, Qt.ItemDataRole.ToolTipRole)
        # Where there is little room, a long title does not make the column wider.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._on_activated)
        WheelGuard(self).protect(self)

    def set_option(self, value: object, title: str, tool_tip: str) -> None:
        """Call one of the options otherwise."""
        index = self._values.index(value)
        self.setItemText(index, title)
        self.setItemData(index, tool_tip, Qt.ItemDataRole.ToolTipRole)

    def set_value(self, value: object) -> None:
        """Show `value`, which must be one of the options."""
        self.setCurrentIndex(self._values.index(value))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._values[index])
