"""The layout of settings: rows of a caption and its control."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.widgets.layouts import row

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
        self._rows: dict[QWidget, tuple[QWidget, ...]] = {}

    def add(
        self, title: str, control: QWidget, tool_tip: str, beside: QWidget | None = None
    ) -> None:
        """Add a row, with a smaller widget `beside` the control at its right."""
        place = self.rowCount()
        caption = QLabel(title)
        caption.setBuddy(control)
        control.setToolTip(tool_tip)
        control.setAccessibleName(title)
        control.setAccessibleDescription(tool_tip)
        self.addWidget(caption, place, 0)
        self._rows[control] = (caption, control) if beside is None else (caption, control, beside)
        if beside is None:
            self.addWidget(control, place, 1)
            return
        # A layout of their own, because a grid keeps the gap before a widget that is hidden.
        self.addLayout(row(control, beside, wide=control), place, 1)

    def show_row(self, control: QWidget, is_shown: bool) -> None:
        """Show or hide a control with its caption and what is beside it."""
        for part in self._rows[control]:
            part.setVisible(is_shown)
