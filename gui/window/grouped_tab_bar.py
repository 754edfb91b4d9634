"""The tabs' titles, with a line and a gap between groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from gui.widgets.theme import SPACE

_PADDING = 9
"""Beside a title, at least, as the style sheet and the style have it."""
DENSE = "dense"
"""Property of a tab bar whose titles are close together; the style sheet knows it."""


class GroupedTabBar(QTabBar):
    """Some tabs begin a group; each can be double-clicked, and none is cut.

    Parameters
    ----------
    firsts
        Indices of the tabs that begin a group, but for the very first.
    """

    def __init__(self, firsts: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._firsts = firsts

    def tabSizeHint(self, index: int) -> QSize:
        """Leave a gap around the line, half of it on either side."""
        size = super().tabSizeHint(index)
        firsts = self._shown_firsts()
        after = next((i for i in range(index + 1, self.count()) if self.isTabVisible(i)), None)
        beside = (index in firsts) + (after in firsts)
        return QSize(size.width() + beside * SPACE, size.height())

    def fit(self, width: int) -> None:
        """Set the titles closer together where they need more than `width`."""
        shown = [index for index in range(self.count()) if self.isTabVisible(index)]
        advance = self.fontMetrics().horizontalAdvance
        needed = sum(advance(self.tabText(index)) + 2 * _PADDING for index in shown)
        needed += 2 * SPACE * len(self._shown_firsts())
        is_dense = needed > width
        if is_dense != bool(self.property(DENSE)):
            self.setProperty(DENSE, is_dense)
            self.style().unpolish(self)
            self.style().polish(self)
            # Not always noticed by Qt: the titles would stay as far apart as they were.
            QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))

    def _shown_firsts(self) -> list[int]:
        """Return the first tab of each group that is shown, but for that of the first of them."""
        bounds = [0, *self._firsts, self.count()]
        groups = [filter(self.isTabVisible, range(*ends)) for ends in pairwise(bounds)]
        firsts = [next(group, None) for group in groups]
        return [first for first in firsts if first is not None][1:]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tabs, and a line before each group."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        for index in self._shown_firsts():
            left = self.tabRect(index).left()
            painter.drawLine(left, 2 * SPACE, left, self.height() - 2 * SPACE)
