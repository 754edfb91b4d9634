"""A row of small controls, each with its caption before it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.labels import label
from gui.widgets.layouts import row


def selector_row(controls: Iterable[tuple[str, QWidget, str]]) -> QHBoxLayout:
    """Return a row of controls, given as caption, control, and tool tip.

    Without a caption, a control belongs to the one before it. A caption is also the accessible name
    of a control that has none.
    """
    layout = row(spacing=4)
    for caption, control, tool_tip in controls:
        if caption:
            if layout.count():
                layout.addSpacing(8)
            name = label(caption, "hint")
            name.setBuddy(control)  # by which screen readers on Linux name a combo box
            layout.addWidget(name)
        control.setAccessibleName(control.accessibleName() or caption)
        control.setToolTip(tool_tip)
        layout.addWidget(control)
    return layout
