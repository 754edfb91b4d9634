"""Messages inside the window: what happened, why, and buttons for what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.widgets.announcing import announce
from gui.widgets.floating import FloatingCards
from gui.widgets.message_card import Choices, MessageCard, Rank


class Messages(QObject):
    """Shows messages of three ranks above the window's content; never interrupts.

    A message has a topic, by which it goes when it is no longer true, and by which the next one
    about the same replaces it. Escape dismisses the newest, unless the focused control or a
    shortcut takes that key.

    Parameters
    ----------
    window
        Which they belong to.
    cards
        Places them.
    """

    def __init__(self, window: QWidget, cards: FloatingCards) -> None:
        super().__init__(window)
        self._window = window
        self._floating = cards
        self._shown: dict[str, MessageCard] = {}
        window.installEventFilter(self)

    @property
    def shown(self) -> list[MessageCard]:
        """The messages that are shown, the newest first."""
        return list(reversed(self._shown.values()))

    @Slot(str)
    def done(self, text: str, choices: Choices = (), topic: str = "") -> None:
        """Say what was done; fades after a few seconds."""
        self._show(Rank.DONE, text, choices, topic)

    @Slot(str)
    def offer(
        self,
        text: str,
        choices: Choices = (),
        topic: str = "",
        refused: Callable[[], object] | None = None,
    ) -> None:
        """Say what can be done; `refused` is called if the user dismisses it."""
        card = self._show(Rank.OFFER, text, choices, topic)
        if refused is not None:
            card.refused.connect(refused)

    @Slot(str)
    def fault(self, text: str, choices: Choices = (), topic: str = "") -> None:
        """Say what is wrong, and what to do."""
        self._show(Rank.FAULT, text, choices, topic)

    def dismiss(self, topic: str) -> None:
        """Remove the message on this topic, if there is one."""
        card = self._shown.pop(topic, None)
        if card is None:
            return
        card.stop()
        card.return_focus()
        card.setObjectName("")
        self._floating.hide(card)
        card.deleteLater()

    @Slot()
    def clear(self) -> None:
        """Remove all messages."""
        for topic in list(self._shown):
            self.dismiss(topic)

    def _show(self, rank: Rank, text: str, choices: Choices, topic: str) -> MessageCard:
        topic = topic or text
        self.dismiss(topic)
        card = self._shown[topic] = MessageCard(rank, text, choices)
        card.dismissed.connect(lambda: self.dismiss(topic))
        self._floating.show(card)
        while self._floating.is_too_high() and self._drop_one():
            self._floating.place_all()
        self._put_after_focus(card)
        announce(card, card.text, is_urgent=card.rank is Rank.FAULT)
        return card

    def _put_after_focus(self, card: MessageCard) -> None:
        """Let the Tab key lead from where the focus is to the buttons of `card`."""
        before = QApplication.focusWidget()
        if before is None or before.window() is not self._window:
            return
        for button in card.buttons:
            QWidget.setTabOrder(before, button)
            before = button

    def _drop_one(self) -> bool:
        """Dismiss the oldest message of the lowest rank, but not the newest of all."""
        order = list(Rank)
        topics = sorted(list(self._shown)[:-1], key=lambda t: order.index(self._shown[t].rank))
        if topics:
            self.dismiss(topics[0])
        return bool(topics)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Dismiss the newest message with Escape, where nothing else has a use for that key."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._shown
        ):
            self.shown[0].refuse()
            return True
        return False
