"""A part of a panel that folds away, and says in a few words what is in it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from core.wording import capitalized
from gui.widgets.theme import HINT_SIZE

_HEIGHT = 24
_ARROW = 4.0
"""Half the length of the arrow's long side."""
_INDENT = 16
_GAP = 8


class SectionHeader(QAbstractButton):
    """An arrow, a title, and a summary on the right while the section is closed."""

    def __init__(self, title: str, tool_tip: str) -> None:
        super().__init__()
        self._tool_tip = tool_tip
        self.summary = ""
        self.setText(title)
        self.setToolTip(tool_tip)
        self.setCheckable(True)
        # A click leaves the focus where it was, so the focus frame is for those who use keys.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough for the title alone; a summary takes what is left."""
        return QSize(_INDENT + self.fontMetrics().horizontalAdvance(self.text()) + 2, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same: the title is never cut."""
        return self.sizeHint()

    def show_summary(self, summary: str) -> None:
        """Say what differs from the default; "" if nothing does."""
        if summary != self.summary:
            self.summary = summary
            self.setToolTip(f"{self._tool_tip}\nNow: {summary}" if summary else self._tool_tip)
            self.setAccessibleDescription(summary)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Toggle by Return, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw arrow, title and summary."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self.palette().color
        role = QPalette.ColorRole
        if self.hasFocus():
            painter.setPen(QPen(color(role.Highlight), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        quiet = color(role.PlaceholderText)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(role.WindowText) if self.underMouse() else quiet)
        painter.drawPolygon(self._arrow())

        row = self.rect().adjusted(_INDENT, 0, 0, 0)
        painter.setPen(color(role.WindowText))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self.text())
        if not self.isChecked():
            row.adjust(self.fontMetrics().horizontalAdvance(self.text()) + _GAP, 0, 0, 0)
            font = self.font()
            font.setPixelSize(HINT_SIZE)
            painter.setFont(font)
            painter.setPen(quiet)
            text = QFontMetrics(font).elidedText(
                capitalized(self.summary), Qt.TextElideMode.ElideRight, row.width()
            )
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(row, right, text)

    def _arrow(self) -> QPolygonF:
        """Return a triangle that points right, or down where the section is open."""
        middle = QPointF(_ARROW + 1, self.height() / 2)
        corners = [(-_ARROW, -_ARROW / 2), (_ARROW, -_ARROW / 2), (0.0, _ARROW / 2)]
        if not self.isChecked():
            corners = [(y, x) for x, y in corners]
        return QPolygonF([middle + QPointF(x, y) for x, y in corners])


class Section(QWidget):
    """A header that opens and closes what is under it; closed at first.

    Parameters
    ----------
    title
        In the header.
    name
        objectName of the header; also by which the layout remembers whether it is open.
    tool_tip
        What it is about, in plain words.
    body
        What folds away.
    """

    def __init__(self, title: str, name: str, tool_tip: str, body: QWidget) -> None:
        super().__init__()
        self.name = name
        self.header = SectionHeader(title, tool_tip)
        self.header.setObjectName(name)
        self._body = body
        body.setContentsMargins(0, 0, 0, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        layout.addWidget(body)
        # A column that fits the closed section fits the open one.
        self.setMinimumWidth(max(body.minimumSizeHint().width(), self.header.sizeHint().width()))
        body.hide()
        self.header.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """Whether its content is shown."""
        return self.header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide its content."""
        self.header.setChecked(is_open)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
