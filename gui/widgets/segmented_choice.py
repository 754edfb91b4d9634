"""A choice whose few options lie side by side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gui.widgets.choice import Choice

_PADDING = 8
"""On either side of an option's title."""
_MARGIN = 2


class SegmentedChoice(Choice):
    """To the keyboard, to assistive technology and to code a combo box; a click chooses at once."""

    def __init__(
        self,
        name: str,
        options: Iterable[tuple[Any, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, options, parent)
        self.setSizePolicy(self.sizePolicy().Policy.Fixed, self.sizePolicy().Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough for all titles."""
        return QSize(self._edges()[-1] + _MARGIN, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """No title is cut."""
        return self.sizeHint()

    def showPopup(self) -> None:
        """Do nothing: all options are shown already."""

    def _edges(self) -> list[int]:
        """Return where the segments begin and end, (options + 1,)."""
        advance = self.fontMetrics().horizontalAdvance
        widths = (advance(self.itemText(i)) + 2 * _PADDING for i in range(self.count()))
        return list(accumulate(widths, initial=_MARGIN))

    def _segments(self) -> list[QRectF]:
        height = self.height() - 2 * _MARGIN
        return [QRectF(a, _MARGIN, b - a, height) for a, b in pairwise(self._edges())]

    def _index_at(self, x: float) -> int | None:
        found = (i for i, place in enumerate(self._segments()) if place.left() <= x < place.right())
        return next(found, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the option under the mouse."""
        index = self._index_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.setCurrentIndex(index)
            self.activated.emit(index)

    def event(self, event: QEvent) -> bool:
        """Show the tool tip of the option under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos().x())
            if index is not None:
                tip = self.itemData(index, Qt.ItemDataRole.ToolTipRole)
                QToolTip.showText(event.globalPos(), tip, self)
                return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the options, and the chosen one as a raised key."""
        color, role = self.palette().color, QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(role.Highlight), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(color(role.Button))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        for index, place in enumerate(self._segments()):
            is_chosen = index == self.currentIndex()
            if is_chosen:
                painter.setPen(QPen(color(role.Mid), 1))
                painter.setBrush(color(role.Base))
                painter.drawRoundedRect(place.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
            painter.setPen(color(role.ButtonText if is_chosen else role.PlaceholderText))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.itemText(index))
