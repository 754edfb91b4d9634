"""Messages inside the window: what happened, why, and buttons for what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from core.printable_text import printable


class Banner(QFrame):
    """Shows one message at a time, until it is replaced or dismissed; never interrupts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("role", "banner")
        self.message = QLabel()
        # Names of files and words from files are in it, which may look like HTML.
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 8, 8)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.message, 1)
        self._buttons: list[QPushButton] = []
        self._is_about_run = False
        self.hide()

    def show_message(
        self,
        text: str,
        choices: Sequence[tuple[str, Callable[[], object]]] = (),
        about_run: bool = False,
    ) -> None:
        """Show `text` with a button for each (title, action), and one that dismisses it.

        A message `about_run` disappears when that run continues or another starts.
        """
        self._is_about_run = about_run
        text = printable(text)
        self.message.setText(text)
        self.message.setAccessibleName(text)
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for title, action in (*choices, ("Dismiss", None)):
            button = QPushButton(title)
            button.clicked.connect(self.hide)
            if action is not None:
                # clicked brings an argument that the action has no use for.
                button.clicked.connect(lambda _checked, action=action: action())
            self._layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
            self._buttons.append(button)
        self.show()

    @Slot()
    def forget_run(self) -> None:
        """Remove a message about a run that has continued or ended."""
        if self._is_about_run:
            self.hide()
