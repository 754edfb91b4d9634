"""Small building blocks that every panel uses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget


def label(text: str, role: str | None = None) -> QLabel:
    """Return a label in one of the style sheet's roles (title, hint, quiet).

    It shows its text letter by letter, even if that looks like HTML.
    """
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role is not None:
        result.setProperty("role", role)
    return result


def hairline(parent: QWidget | None = None) -> QFrame:
    """Return a horizontal line that separates two groups."""
    line = QFrame(parent)
    line.setProperty("role", "hairline")
    line.setFixedHeight(1)
    return line
