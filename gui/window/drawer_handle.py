"""The strip at the left edge of a narrow window that opens and closes the drawer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QPolygon
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.theme import SPACE

_ARROW = SPACE


class DrawerHandle(QAbstractButton):
    """A button as high as the window, with its words from below to above.

    Parameters
    ----------
    shown
        The checkable action that it triggers.
    words
        What is in the drawer.
    """

    def __init__(self, shown: QAction, words: str) -> None:
        super().__init__()
        self.setObjectName("drawer_handle")
        self.say(words)
        self.setToolTip(f"{shown.toolTip()} ({shown.shortcut().toString()})")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.clicked.connect(shown.trigger)
        shown.toggled.connect(self.setChecked)

    def say(self, words: str) -> None:
        """Show other words."""
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as a line of text is high."""
        line = self.fontMetrics()
        return QSize(line.height() + SPACE, line.horizontalAdvance(self.text()) + 8 * SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, an arrow toward where the drawer goes, and an edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, role = self.palette().color, QPalette.ColorRole
        painter.setPen(color(role.Midlight))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        is_lively = self.underMouse() or self.hasFocus()
        if is_lively:
            painter.setPen(color(role.PlaceholderText))
            painter.drawRect(self.rect().adjusted(0, 0, -2, -1))
            paint_focus_ring(painter, self)
        painter.setPen(color(role.WindowText if is_lively else role.PlaceholderText))
        painter.save()
        painter.translate(0, self.height())
        painter.rotate(-90)
        place = QRect(0, 0, self.height(), self.width() - 1)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.restore()
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        ahead = -1 if self.isChecked() else 1
        x, y = self.width() // 2, 4 * SPACE
        back = x - 2 * ahead
        corners = (QPoint(back, y - _ARROW), QPoint(back, y + _ARROW), QPoint(x + 3 * ahead, y))
        painter.drawPolygon(QPolygon(corners))
