"""The tabs' titles, with a line and a gap between groups."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QTabBar, QWidget

from gui.widgets.theme import SPACE


class GroupedTabBar(QTabBar):
    """Some tabs begin a group; each can be double-clicked, and none is cut.

    Parameters
    ----------
    firsts
        Indices of the tabs that begin a group, but for the very first.
    """

    def __init__(self, firsts: Collection[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._firsts = firsts

    def tabSizeHint(self, index: int) -> QSize:
        """Leave a gap around the line, half of it on either side."""
        size = super().tabSizeHint(index)
        beside = (index in self._firsts) + (index + 1 in self._firsts)
        return QSize(size.width() + beside * SPACE, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tabs, and a line before each group."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        for index in self._firsts:
            left = self.tabRect(index).left()
            painter.drawLine(left, 2 * SPACE, left, self.height() - 2 * SPACE)
