"""Small building blocks that every panel uses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.theme import tabular


def label(text: str, role: str | None = None) -> QLabel:
    """Return a label in one of the style sheet's roles (title, hint, quiet, figure, digit)."""
    result = QLabel(text)
    if role is not None:
        result.setProperty("role", role)
    return result


def number_label(widest: str, role: str | None = None) -> QLabel:
    """Return a right-aligned label as wide as the widest text that it will show.

    What stands beside it does not move when the number changes.
    """
    result = label("", role)
    result.ensurePolished()  # the style sheet decides the size of the type
    result.setFont(tabular(result.font()))
    result.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    result.setMinimumWidth(result.fontMetrics().horizontalAdvance(widest))
    return result


def hairline(parent: QWidget | None = None) -> QFrame:
    """Return a horizontal line that separates two groups."""
    line = QFrame(parent)
    line.setProperty("role", "hairline")
    line.setFixedHeight(1)
    return line
