"""Words of the user and of files, for where Qt would take what looks like HTML for it."""

from __future__ import annotations

from PySide6.QtGui import Qt

from core.printable_text import printable


def literal(text: str) -> str:
    """Return what a tool tip or a message box shows as the lines of `text`, letter by letter."""
    lines = "\n".join(map(printable, text.split("\n")))
    if not Qt.mightBeRichText(lines):
        return lines
    return Qt.convertFromPlainText(lines, Qt.WhiteSpaceMode.WhiteSpaceNormal)
