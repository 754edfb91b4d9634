"""The page of an open lesson: a way back to the list, and the lesson's card below it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QToolButton, QWidget

from gui.lessons.lesson_card import LessonCard
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.theme import SPACE

_BELOW_HEADING = 80
"""Pixels of the answer that are scrolled into view with its heading."""


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
        self._foot = QStackedLayout()
        self.setLayout(column(line, self._area, self._foot, spacing=2 * SPACE, high=self._area))

    def show_card(self, card: LessonCard) -> None:
        """Show a card and its foot; those before are deleted."""
        self._area.setWidget(card)
        if (before := self._foot.currentWidget()) is not None:
            before.setParent(None)
        self._foot.addWidget(card.foot)

    def scroll_to_answer(self, card: LessonCard) -> None:
        """Bring the answer into view."""
        self._area.ensureWidgetVisible(card.answer_heading, 0, _BELOW_HEADING)
