"""Sentences, one a line, that are elided where they are too long, and in full in the tool tip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.flow_layout import LINE
from gui.widgets.theme import HINT_SIZE, tabular


class ElidedLines(QWidget):
    """Room for up to three lines, or two where it is low, so that nothing beside them moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[str, ...] = ()
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(0, 3 * LINE)

    def minimumSizeHint(self) -> QSize:
        """Two lines."""
        return QSize(0, 2 * LINE)

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Show these; where there are too few lines, the last ones share a line."""
        if tuple(sentences) != self._sentences:
            self._sentences = tuple(sentences)
            self.setToolTip("\n".join(sentences))
            self.setAccessibleDescription(". ".join(sentences))
            self.update()

    def _lines(self) -> list[str]:
        alone = max(self.height() // LINE, 1) - 1
        last = " · ".join(self._sentences[alone:])
        return [*self._sentences[:alone], *([last] if last else [])]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, in the middle of the height."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        lines = self._lines()
        top = (self.height() - len(lines) * LINE) // 2
        for index, line in enumerate(lines):
            place = QRect(0, top + index * LINE, self.width(), LINE)
            elide = painter.fontMetrics().elidedText
            text = elide(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
