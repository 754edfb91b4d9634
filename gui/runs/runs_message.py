"""The line above the list of runs that says what was done, or what went wrong."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from core.printable_text import printable
from gui.widgets.literal_text import literal
from gui.widgets.named import named

_UNDO = ' <a href="undo">Undo</a>'


class RunsMessage(QLabel):
    """Says one thing at a time; a link takes a deletion back.

    Its signal `linkActivated` says that the user wants that.
    """

    def __init__(self) -> None:
        super().__init__()
        named(self, "runs_message", "Message about the runs")
        self.setProperty("role", "hint")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @Slot(str)
    @Slot(str, bool)
    def say(self, text: str, can_undo: bool = False) -> None:
        """Show this text, letter by letter, and whether it can be undone."""
        self.setText(escape(printable(text)) + (_UNDO if can_undo else ""))
        self.setToolTip(literal(text))
        focus = Qt.FocusPolicy.TabFocus if can_undo else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
