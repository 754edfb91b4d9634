"""A line of text that ends in … where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.widgets.literal_text import literal


class ElidedLabel(QLabel):
    """A label as wide as its place; all of it is in the tool tip, and read by screen readers.

    Parameters
    ----------
    role
        In the style sheet.
    """

    def __init__(self, role: str | None = "hint") -> None:
        super().__init__()
        self._all = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show a text."""
        self._all = text
        self.setToolTip(literal(text))
        self.setAccessibleDescription(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        elide = self.fontMetrics().elidedText
        self.setText(elide(self._all, Qt.TextElideMode.ElideRight, self.width()))
