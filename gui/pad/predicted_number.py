"""The predicted digit, large."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent

from gui.widgets.live_text import LiveText
from gui.widgets.theme import DIGIT_SIZE

DIGIT_HEIGHT = 64
"""Less than a line: a digit has no parts below it."""


class PredictedNumber(LiveText):
    """One digit in the middle of its place."""

    def __init__(self) -> None:
        super().__init__("0", DIGIT_SIZE, Qt.AlignmentFlag.AlignHCenter)
        self.setObjectName("predicted_digit")
        self.setAccessibleName("Predicted digit")
        self._height = DIGIT_HEIGHT

    def enlarge(self, factor: float) -> None:
        """Draw the digit at this multiple of its usual size."""
        self._font.setPixelSize(round(factor * DIGIT_SIZE))
        self._height = int(factor * DIGIT_HEIGHT)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as any digit, but less high than a line."""
        return QSize(super().sizeHint().width(), self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the digit."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = QFontMetricsF(self._font)
        left = (self.width() - metrics.horizontalAdvance(self.text())) / 2
        painter.drawText(QPointF(left, (self.height() + metrics.capHeight()) / 2), self.text())
