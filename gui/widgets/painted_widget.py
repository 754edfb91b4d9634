"""A widget that draws itself, and knows what the mouse is on."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QPointF, QRect
from PySide6.QtGui import QAccessible, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from core.colors import LIGHT, Theme
from gui.widgets.painted_interface import show_as

Item = TypeVar("Item")


class PaintedWidget(QWidget, Generic[Item]):
    """Base of widgets that draw items, such as tiles or cells, in the colors of the theme.

    A subclass says what is where: :meth:`item_at`, and :meth:`tip_at` for tool tips.

    Attributes
    ----------
    hovered
        The item under the mouse, or None; follows the mouse if it is tracked.
    accessible_role
        What it is to a screen reader, which also reads its accessible description.
    """

    accessible_role = QAccessible.Role.Chart

    def __init__(self) -> None:
        super().__init__()
        self.hovered: Item | None = None
        self._theme = LIGHT
        show_as(self, self.accessible_role)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def item_at(self, position: QPointF) -> Item | None:
        """Return the item at a position, or None."""
        return None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Return the tool tip at a position, and where it applies; None for the widget's own."""
        return None

    def hover(self, item: Item | None) -> None:
        """Mark an item as being under the mouse."""
        if item != self.hovered:
            self.hovered = item
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the item under the mouse."""
        self.hover(self.item_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self.hover(None)

    def event(self, event: QEvent) -> bool:
        """Show the tool tip of the place under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self.tip_at(QPointF(event.pos()))
            if tip is not None:
                QToolTip.showText(event.globalPos(), tip[0], self, tip[1])
                return True
        return super().event(event)
