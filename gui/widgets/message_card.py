"""One message with its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QPropertyAnimation, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGraphicsOpacityEffect,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QWidget,
)
from shiboken6 import isValid

from core.printable_text import printable
from gui.widgets.floating import CARD_WIDTH, Floating
from gui.widgets.theme import SHADOW, SPACE

SHOWN_MS = 4_000
"""How long what was done is shown; longer while the mouse or the focus is on it."""

_FADE_MS = 250
_PADDING = 2 * SPACE
_GAP = 2 * SPACE
_DOWN, _ACROSS = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight

Choices = Sequence[tuple[str, Callable[[], object]]]
"""The title and the action of each button."""


class Rank(Enum):
    """How much a message matters."""

    DONE = "done"
    """Something was done; it goes by itself."""

    OFFER = "offer"
    """Something can be done."""

    FAULT = "fault"
    """Something is wrong."""


class MessageCard(Floating):
    """Shows a message until it is dismissed; one about what was done fades by itself.

    Parameters
    ----------
    choices
        Besides the button that dismisses it. Each dismisses it, too.

    Attributes
    ----------
    text
        As it is shown.
    buttons
        From left to right, the one that dismisses it last.

    Signals
    -------
    refused
        The user pressed Dismiss or Escape.
    dismissed
        It is of no more use; sent before `refused`, too.
    """

    refused = Signal()
    dismissed = Signal()

    def __init__(self, rank: Rank, text: str, choices: Choices) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("role", "banner" if rank is Rank.FAULT else "card")
        self.rank = rank
        self.text = printable(text)
        self.setAccessibleName(self.text)
        self._label = _text_label(self.text)
        self._area = QScrollArea()
        self._area.setWidget(self._label)
        for part in (self._area.viewport(), self._label):
            part.setAutoFillBackground(False)  # the card's own is seen
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons = [self._button(*choice) for choice in choices]
        self.buttons.append(self._button("Dismiss", self.refused.emit))
        self._row = QBoxLayout(_ACROSS)
        self._row.setSpacing(_GAP)
        self._row.addStretch(1)
        for button in self.buttons:
            self._row.addWidget(button, alignment=Qt.AlignmentFlag.AlignRight)
        self._parts = QBoxLayout(_DOWN, self)
        self._parts.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        self._parts.setSpacing(_GAP)
        self._parts.addWidget(self._area, alignment=Qt.AlignmentFlag.AlignLeft)
        self._parts.addLayout(self._row)
        self._focus_before = QApplication.focusWidget()
        self._timer = QTimer(self, interval=SHOWN_MS, singleShot=True)
        self._timer.timeout.connect(self._begin_to_fade)
        self._fade: QPropertyAnimation | None = None
        if rank is Rank.DONE:
            self._timer.start()

    def _button(self, title: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(title)
        button.setAutoDefault(True)  # Return presses it, too
        button.clicked.connect(self.dismissed)
        # clicked brings an argument that the action has no use for.
        button.clicked.connect(lambda _checked: action())
        return button

    # --- its size ---------------------------------------------------------------------------

    def fit(self, space: QSize) -> None:
        """Take the width of all cards, or all that there is, and the height that the text needs."""
        frame = 2 * (_PADDING + SHADOW + 1)  # with the line about the card
        width = min(space.width(), CARD_WIDTH) - frame
        hints = [button.sizeHint() for button in self.buttons]
        beside = sum(hint.width() for hint in hints) + _GAP * (len(hints) - 1)
        self._row.setDirection(_ACROSS if beside <= width else _DOWN)
        buttons = self._row.sizeHint()
        text = self._label.fontMetrics().horizontalAdvance(self.text) + 2 * SPACE
        is_line = text + _GAP + beside <= width
        self._parts.setDirection(_ACROSS if is_line else _DOWN)
        if is_line:
            self._set_text_size(text, buttons.height())
            self.resize(width + frame, buttons.height() + frame)
            return
        shown = self._set_text_size(width, space.height() - frame - _GAP - buttons.height())
        self.resize(width + frame, shown + _GAP + buttons.height() + frame)

    def _set_text_size(self, width: int, most: int) -> int:
        """Show the text so wide and at most so high; return its height."""
        high = self._label.heightForWidth(width)
        shown = max(min(high, most), SPACE)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent) if shown < high else 0
        self._label.setFixedSize(width - bar, self._label.heightForWidth(width - bar))
        self._area.setFixedSize(width, shown)
        return shown

    # --- how long it stays ------------------------------------------------------------------

    @Slot()
    def _begin_to_fade(self) -> None:
        if self.underMouse() or self.has_focus_inside():
            self._timer.start()
            return
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        self._fade = QPropertyAnimation(effect, b"opacity", self)
        duration = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        self._fade.setDuration(_FADE_MS if duration else 0)  # 0: the user wants no animations
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.finished.connect(self.dismissed)
        self._fade.start()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the mouse is on it."""
        self._stay()
        super().enterEvent(event)

    def _stay(self) -> None:
        if self._fade is not None:
            self._fade.stop()
            self._fade = None
            self.setGraphicsEffect(None)  # type: ignore[arg-type]
            self._timer.start()

    def stop(self) -> None:
        """Have nothing happen by itself any more."""
        self._timer.stop()
        if self._fade is not None:
            self._fade.stop()

    def refuse(self) -> None:
        """Go because the user does not want it."""
        self.dismissed.emit()
        self.refused.emit()

    # --- the keyboard -----------------------------------------------------------------------

    def has_focus_inside(self) -> bool:
        """Return whether the focus is on one of its parts."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def return_focus(self) -> None:
        """Give the focus back to the widget that had it when this came."""
        before = self._focus_before
        if self.has_focus_inside() and before is not None and _is_usable(before):
            before.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.refuse()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcuts while the focus is here."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)


def _text_label(text: str) -> QLabel:
    label = QLabel(text)
    # Names of files and words from files are in it, which may look like HTML.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _is_usable(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible()
