"""The strip above all views of a classroom: what it is about, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.widgets.button import Button
from gui.widgets.labels import hairline, label
from gui.widgets.named import named
from gui.widgets.theme import SPACE


class ClassroomBar(QWidget):
    """Title and text, and a button that triggers the action that leaves the classroom."""

    def __init__(self, leave: QAction) -> None:
        super().__init__()
        named(self, "classroom_bar", "Classroom")
        self.title = label("", "title")
        self.title.setObjectName("classroom_title")
        self.text = label("")
        self.text.setObjectName("classroom_text")
        self.text.setWordWrap(True)
        button = named(
            Button(leave.text()), "leave_classroom_button", leave.text(), leave.toolTip()
        )
        button.clicked.connect(leave.trigger)
        layout = QGridLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 0)
        layout.setHorizontalSpacing(4 * SPACE)
        layout.setVerticalSpacing(0)
        layout.addWidget(self.title, 0, 0)
        layout.addWidget(self.text, 1, 0)
        layout.addWidget(button, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        layout.setColumnStretch(0, 1)
        layout.setRowMinimumHeight(2, 2 * SPACE)
        layout.addWidget(hairline(), 3, 0, 1, 2)
        self._is_low = False
        self.hide()

    def greet(self, title: str, text: str) -> None:
        """Show what the classroom is about."""
        self.title.setText(title)
        self.text.setText(text)
        self.title.setToolTip(text)
        self.fit(self._is_low)

    def fit(self, is_low: bool) -> None:
        """Leave the text to the tool tip of the title in a window that is low."""
        self._is_low = is_low
        self.text.setVisible(bool(self.text.text()) and not is_low)
