"""Buttons with a text."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from gui.widgets.named import named


def button(name: str, text: str, tool_tip: str) -> QPushButton:
    """Return a button with this objectName; its text is its accessible name, too."""
    return named(QPushButton(text), name, text, tool_tip)
