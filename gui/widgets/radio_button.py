"""A round button without text, whose frame can be seen in both themes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QRadioButton, QStyle, QStyleOptionButton


class RadioButton(QRadioButton):
    """A ring, with a dot when it is checked, and thicker if it has the focus."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ring and dot."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = QStyle.SubElement.SE_RadioButtonIndicator
        ring = QRectF(self.style().subElementRect(place, option, self)).adjusted(1, 1, -1, -1)
        color, role = self.palette().color, QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(role.Highlight), 2) if self.hasFocus() else color(role.Mid))
        painter.setBrush(color(role.Base))
        painter.drawEllipse(ring)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(QPalette.ColorGroup.Active, role.WindowText))
            inset = ring.width() / 4
            painter.drawEllipse(ring.adjusted(inset, inset, -inset, -inset))
