"""Sentences, as many as there is room for, and all of them in the tool tip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.flow_layout import LINE
from gui.widgets.painted_interface import show_as
from gui.widgets.theme import HINT_SIZE, SPACE, tabular


class ElidedLines(QWidget):
    """Sentences on one or two lines, as many as fit; the tool tip has all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        show_as(self, QAccessible.Role.StaticText)
        self._sentences: tuple[str, ...] = ()
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(0, 2 * LINE)

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(0, LINE)

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Show these, several on a line; the last ones are left out where there is no room."""
        if tuple(sentences) != self._sentences:
            self._sentences = tuple(sentences)
            self.setToolTip("\n".join(sentences))
            self.setAccessibleDescription(". ".join(sentences))
            self.update()

    def _lines(self) -> list[str]:
        """Fill one line after the other with whole sentences."""
        advance, width = QFontMetrics(self._font).horizontalAdvance, self.width() - 2 * SPACE
        lines = list(self._sentences[:1])
        for sentence in self._sentences[1:]:
            longer = f"{lines[-1]} · {sentence}"
            if advance(longer) <= width:
                lines[-1] = longer
            elif advance(sentence) <= width and (len(lines) + 1) * LINE <= self.height():
                lines.append(sentence)
            else:
                break
        return lines

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, at the bottom."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        lines = self._lines()
        top = self.height() - len(lines) * LINE
        for index, line in enumerate(lines):
            place = QRect(2 * SPACE, top + index * LINE, self.width() - 2 * SPACE, LINE)
            elide = painter.fontMetrics().elidedText
            text = elide(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
