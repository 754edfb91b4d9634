"""The page of an open lesson: a way back to the list, and the lesson's card below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QToolButton, QWidget

from gui.lessons.lesson_card import LessonCard
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.theme import SPACE

_MARGIN = 8
"""Pixels to scroll into view below the answer's button; below its heading, ten times as many."""


class LessonPage(QWidget):
    """Shows one card at a time, scrolled if it is high.

    Attributes
    ----------
    back
        The button that leaves the lesson.
    """

    def __init__(self) -> None:
        super().__init__()
        back_tip = "Leave this lesson and stop its runs"
        self.back = named(QToolButton(), "lesson_back_button", "Back to all lessons", back_tip)
        self.back.setText("‹ All lessons")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area = named(QScrollArea(), "lesson_scroll", "The lesson")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it would take that of a click inside
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = row(self.back)
        line.addStretch(1)
        self.setLayout(column(line, self._area, spacing=2 * SPACE, high=self._area))

    def show_card(self, card: LessonCard) -> None:
        """Show a card; the one before is deleted."""
        self._area.setWidget(card)

    def scroll_to_button(self, card: LessonCard) -> None:
        """Bring the button that asks for the answer into view."""
        self._area.ensureWidgetVisible(card.answer_button, 0, _MARGIN)

    def scroll_to_answer(self, card: LessonCard) -> None:
        """Bring the answer into view."""
        self._area.ensureWidgetVisible(card.answer_heading, 0, 10 * _MARGIN)
