"""Lines of text that are elided where they are too long, and in full in the tool tip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.flow_layout import LINE
from gui.widgets.theme import HINT_SIZE, tabular


class ElidedLines(QWidget):
    """A fixed number of lines, as wide as there is room, so that nothing beside them moves."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self._height = count * LINE
        font = tabular(self.font())
        font.setPixelSize(HINT_SIZE)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as all lines."""
        return QSize(0, self._height)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these lines."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.setToolTip("\n".join(lines))
            self.setAccessibleDescription(" ".join(lines))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        for index, line in enumerate(self._lines):
            place = QRect(0, index * LINE, self.width(), LINE)
            elided = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)
