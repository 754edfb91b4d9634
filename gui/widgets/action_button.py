"""A button that shows an action as a symbol and a word."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction, QPalette

from gui.widgets.button import Button
from gui.widgets.symbols import SIZE, symbol_icon


class ActionButton(Button):
    """Has the text, the tool tip and the state of an action, and the symbol that its data names."""

    def __init__(self, action: QAction, name: str, is_primary: bool = False) -> None:
        super().__init__(is_primary=is_primary)
        self._action = action
        self._symbol = ""
        self.setObjectName(name)
        self.setIconSize(SIZE)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        action = self._action
        self.setText(action.text())
        self.setAccessibleName(action.text())
        if action.data() and action.data() != self._symbol:
            self._symbol = action.data()
            self._draw_symbol()
        self.setEnabled(action.isEnabled())
        self.setToolTip(f"{action.toolTip()} ({action.shortcut().toString()})")

    def changeEvent(self, event: QEvent) -> None:
        """Draw the symbol again where the theme has changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._symbol:
            self._draw_symbol()

    def _draw_symbol(self) -> None:
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        text = role.HighlightedText if self.is_primary else role.ButtonText
        colors = (self.palette().color(state, text) for state in (group.Active, group.Disabled))
        self.setIcon(symbol_icon(self._symbol, *colors))
