"""Messages inside the window: what happened, why, and buttons for what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from core.printable_text import printable


class Banner(QFrame):
    """One message at a time; a newer one replaces it. Never interrupts, and goes when dismissed."""

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
        """Show `text` with a button for each (title, what it does), and one that dismisses.

        A message `about_run` goes by itself when that run goes on or another begins.
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
        """Take away what was said of a run that has gone on or is no more."""
        if self._is_about_run:
            self.hide()
