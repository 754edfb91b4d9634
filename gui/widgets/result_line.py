"""A line on what was done, which may offer to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel

from core.printable_text import printable
from gui.widgets.literal_text import literal

UNDO = '<a href="undo">Undo</a>'


class ResultLine(QLabel):
    """Shows a text letter by letter, and behind it a link."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "hint")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)

    def say(self, text: str, details: Sequence[str] = (), link: str = "") -> None:
        """Show a text, with a tool tip that has the details."""
        self.setText(escape(printable(text)) + link)
        self.setToolTip(literal("\n".join(details)))

    def changeEvent(self, event: QEvent) -> None:
        """Read the text anew in other colors: a link keeps those in which it was read."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            text = self.text()
            self.setText("")
            self.setText(text)
