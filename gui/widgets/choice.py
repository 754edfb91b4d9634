"""A combo box over a setting's possible values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.widgets.dropdown import Dropdown
from gui.widgets.literal_text import literal


class Choice(Dropdown):
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
        super().__init__(name, parent)
        self._values: list[Any] = []
        for option in options:
            self.set_option(*option)
        self.activated.connect(self._on_activated)

    def set_option(self, value: object, title: str, tool_tip: str) -> None:
        """Add an option, or call one of them otherwise."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(title, value)
        index = self._values.index(value)
        self.setItemText(index, title)
        self.setItemData(index, literal(tool_tip), Qt.ItemDataRole.ToolTipRole)

    def set_options(self, options: Iterable[tuple[Any, str, str]]) -> None:
        """Offer these instead."""
        self.clear()
        self._values.clear()
        for option in options:
            self.set_option(*option)

    def set_value(self, value: object) -> None:
        """Show `value`, which must be one of the options."""
        self.setCurrentIndex(self._values.index(value))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._values[index])
