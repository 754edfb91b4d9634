"""A check box whose frame can be seen in both themes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
"""Corners, in shares of the box."""


class CheckBox(QCheckBox):
    """A frame, filled and ticked when it is checked."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick and text, and a ring if it has the focus."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = QStyle.SubElement.SE_CheckBoxIndicator
        indicator = QRectF(self.style().subElementRect(place, option, self))
        box = indicator.adjusted(1, 1, -1, -1)
        color, role = self.palette().color, QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(role.Highlight), 2) if self.hasFocus() else color(role.Mid))
        painter.setBrush(color(role.WindowText if self.isChecked() else role.Base))
        painter.drawRoundedRect(box, 3, 3)
        if self.isChecked():
            painter.setPen(QPen(color(role.Window), 1.75))
            size = box.width()
            painter.drawPolyline(
                QPolygonF([box.topLeft() + QPointF(x * size, y * size) for x, y in _TICK])
            )
        painter.setPen(color(role.WindowText))
        text = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())
