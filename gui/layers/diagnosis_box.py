"""The problems detected in the layers."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from core.colors import LIGHT, Theme
from core.inspection.diagnosis import Diagnosis
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import SPACE

SIGN = 16
"""Side of the warning sign."""
FRAME = 2 * SPACE + 2
"""What the box is higher than its text."""


class DiagnosisBox(QFrame):
    """The diagnoses, one below the other, each with a warning sign; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "remarks_box", "Problems detected in the layers")
        self.setProperty("role", "banner")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        self._grid.setSpacing(SPACE)
        self._grid.setColumnStretch(1, 1)
        self._theme = LIGHT
        self._lines: list[tuple[WarningSign, QLabel]] = []
        self.diagnoses: tuple[Diagnosis, ...] = ()
        self.hide()

    def show_diagnoses(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        """Show these diagnoses instead of those before."""
        if diagnoses == self.diagnoses:
            return
        self.diagnoses = diagnoses
        while len(self._lines) < len(diagnoses):
            self._add_line()
        for index, (sign, text) in enumerate(self._lines):
            is_used = index < len(diagnoses)
            if is_used:
                diagnosis = diagnoses[index]
                sentences = escape(f"{diagnosis.text} {diagnosis.advice}")
                text.setText(f"<b>{escape(diagnosis.title)}:</b> {sentences}")
                text.setAccessibleName(str(diagnosis))
            sign.setVisible(is_used)
            text.setVisible(is_used)
        self.setAccessibleDescription(" ".join(map(str, diagnoses)))
        self.setVisible(bool(diagnoses))

    def _add_line(self) -> None:
        sign, text = WarningSign(), QLabel()
        sign.apply_theme(self._theme)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._lines)
        self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, row, 1)
        self._lines.append((sign, text))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        for sign, _text in self._lines:
            sign.apply_theme(theme)


class WarningSign(PaintedWidget[None]):
    """A triangle with an exclamation mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(SIGN, SIGN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sign."""
        paint_warning_sign(QPainter(self), QRectF(self.rect()), self._theme)


def paint_warning_sign(painter: QPainter, place: QRectF, theme: Theme) -> None:
    """Draw a warning triangle that fills a square place."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.topLeft())
    painter.scale(place.width() / 16, place.height() / 16)
    painter.setPen(QPen(QColor(theme.warning), 2, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QColor(theme.warning))
    painter.drawPolygon(QPolygonF([QPointF(8, 3), QPointF(14, 13.5), QPointF(2, 13.5)]))
    painter.setPen(QPen(QColor(theme.warning_surface), 1.8, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(8, 6.2), QPointF(8, 9.4))
    painter.drawPoint(QPointF(8, 12.2))
    painter.restore()
