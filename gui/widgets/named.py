"""What a widget is called: for the code, for screen readers, and in its tool tip."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

_Widget = TypeVar("_Widget", bound=QWidget)


def named(widget: _Widget, name: str, accessible_name: str = "", tool_tip: str = "") -> _Widget:
    """Set a widget's objectName, accessible name and tool tip; return the widget."""
    widget.setObjectName(name)
    widget.setAccessibleName(accessible_name)
    widget.setToolTip(tool_tip)
    return widget
