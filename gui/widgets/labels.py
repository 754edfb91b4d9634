"""Small building blocks that every panel uses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

_BESIDE = 48
"""Pixels, to the left and to the right of a note, so that its lines are short."""


def label(text: str, role: str | None = None) -> QLabel:
    """Return a label in one of the style sheet's roles (title, hint, quiet).

    It shows its text letter by letter, even if that looks like HTML.
    """
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role is not None:
        result.setProperty("role", role)
    return result


def empty_note(text: str) -> QLabel:
    """Return what a view says while it has nothing to show, in the middle of its place."""
    result = label(text, "quiet")
    result.setAlignment(Qt.AlignmentFlag.AlignCenter)
    result.setWordWrap(True)
    result.setContentsMargins(_BESIDE, 0, _BESIDE, 0)
    result.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return result


def hairline(parent: QWidget | None = None) -> QFrame:
    """Return a horizontal line that separates two groups."""
    line = QFrame(parent)
    line.setProperty("role", "hairline")
    line.setFixedHeight(1)
    return line
