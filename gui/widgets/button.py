"""A button; the primary one is Play."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QWidget

_INSET = 3


class Button(QPushButton):
    """If it is primary, it has the accent's color, and the ring of its focus stands out inside.

    A click leaves the focus where it is, so that Space still plays.

    Attributes
    ----------
    is_primary
        Only one in the window is, so that it is what the eye finds first.
    """

    def __init__(self, text: str = "", is_primary: bool = False, parent: QWidget | None = None):
        super().__init__(text, parent)
        self.is_primary = is_primary
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if is_primary:
            self.setProperty("role", "primary")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, and the ring over it."""
        super().paintEvent(event)
        if self.is_primary and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.HighlightedText), 2))
            inside = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
            painter.drawRoundedRect(inside, 4, 4)
