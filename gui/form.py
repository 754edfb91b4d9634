"""Rows of settings: a caption, and the control that it names."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

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
        self.addWidget(control, row, 1, 1, 2 if beside is None else 1)
        if beside is not None:
            self.addWidget(beside, row, 2)
