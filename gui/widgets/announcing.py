"""What screen readers say without being asked."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_SETTLED_MS = 800


def announce(widget: QWidget, text: str, is_urgent: bool = False) -> None:
    """Have a screen reader say a text: at once, or when it has said what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if is_urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


class SettledText(QObject):
    """A text that changes often; it is said once it has stayed the same for a moment."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._text = self._said = ""
        self._settling = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settling.timeout.connect(self._say)

    def set_text(self, text: str) -> None:
        """Say this soon, unless another text follows; "" is not said."""
        if text != self._text:
            self._text = text
            self._settling.start()

    @Slot()
    def _say(self) -> None:
        if self._text and self._text != self._said:
            announce(self._widget, self._text)
        self._said = self._text
