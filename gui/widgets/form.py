"""Layouts of settings: columns, and rows of a caption and its control."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

CAPTION_WIDTH = 68
"""That of the widest caption, so that the controls of all forms begin on one line."""


class Form(QGridLayout):
    """Captions on the left, controls on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(8)
        self.setColumnMinimumWidth(0, CAPTION_WIDTH)
        self.setColumnStretch(1, 1)

    def add(
        self, title: str, control: QWidget, tool_tip: str, beside: QWidget | None = None
    ) -> None:
        """Add a row, with a smaller widget `beside` the control at its right."""
        row = self.rowCount()
        caption = QLabel(title)
        caption.setBuddy(control)
        control.setToolTip(tool_tip)
        control.setAccessibleName(title)
        control.setAccessibleDescription(tool_tip)
        self.addWidget(caption, row, 0)
        if beside is None:
            self.addWidget(control, row, 1)
            return
        # A layout of their own, because a grid keeps the gap before a widget that is hidden.
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(control, 1)
        line.addWidget(beside)
        self.addLayout(line, row, 1)


def stacked(*items: QWidget | QLayout, spacing: int = 8) -> QVBoxLayout:
    """Return a layout of `items`, one below the other, without margins."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout
