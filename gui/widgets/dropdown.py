"""A flat combo box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

_MARGIN = 8
_CHEVRON = 4.0
"""Half its width."""
_ARROW_ROOM = 20


class Dropdown(QComboBox):
    """Shows its value and a chevron on a plain ground; the wheel scrolls and never turns it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Where there is little room, a long title does not make the column wider.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls, even after a click on this."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, value, chevron, and a ring if it has the focus."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        color, role = self.palette().color, QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and self.isEnabled()
        painter.setBrush(color(role.Midlight if is_hovered else role.Button))
        painter.setPen(Qt.PenStyle.NoPen)
        if self.hasFocus():
            painter.setPen(QPen(color(role.Highlight), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

        painter.setPen(color(role.ButtonText))
        place = self.rect().adjusted(_MARGIN, 0, -_ARROW_ROOM, 0)
        text = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        pen = QPen(color(role.PlaceholderText), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        tip = QPointF(self.width() - _ARROW_ROOM / 2 - 1, (self.height() + _CHEVRON) / 2)
        for side in (-_CHEVRON, _CHEVRON):
            painter.drawLine(tip, tip + QPointF(side, -_CHEVRON))
