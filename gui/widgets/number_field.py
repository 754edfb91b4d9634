"""A field for one number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from gui.widgets.locale import locale_marks
from gui.widgets.number_text import NumberTextError, parse_number, write_number

_UNTIL_LEFT_MS = 250
"""Longest duration of a click elsewhere, in milliseconds."""


class NumberField(QLineEdit):
    """Accepts a number in a range; anything else is refused with a hint on what is possible.

    What is refused stays in the field, which is marked, until it is corrected; the value that was
    in force stays so, and comes back with Escape or when the field is left. The field writes and
    reads numbers with the marks of the user's locale (see :mod:`gui.widgets.number_text`).

    Parameters
    ----------
    title
        What the number is, as a message calls it.
    low, high
        The range.
    whole
        Whether only whole numbers will do; the value is an int then.
    empty
        What an empty field means, as a faint text in it; None if the field may not be empty.

    Attributes
    ----------
    value
        float, int or None, as last shown or accepted.

    Signals
    -------
    value_changed(float | int | None)
        By the user's hand, not by :meth:`set_value`.
    reverted()
        Escape brought the value back, and the user wants to leave the field.
    """

    value_changed = Signal(object)
    reverted = Signal()

    def __init__(
        self,
        title: str,
        low: float,
        high: float,
        whole: bool = False,
        empty: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._low, self._high = low, high
        self._whole = whole
        self._may_be_empty = empty is not None
        self._hint = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText(empty or "")
        self.value: float | None = None if self._may_be_empty else low
        self._render()
        self.editingFinished.connect(self._take)
        self.textEdited.connect(self._unmark)

    def set_value(self, value: float | None) -> None:
        """Show `value` without signaling."""
        if value != self.value:
            self.value = value
            self._render()

    def refuse(self, why: str) -> None:
        """Show the current value again, with a hint on why."""
        self._render()
        self._tell(why)

    def _tell(self, hint: str) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), hint, self)

    def _render(self) -> None:
        self.setText(self._shown())
        self._unmark()

    def _shown(self) -> str:
        return "" if self.value is None else self._text(self.value)

    def _text(self, value: float) -> str:
        return write_number(value, locale_marks(), self._whole)

    def _number(self, text: str) -> float:
        """Return the number in `text`; raises NumberTextError if it is ambiguous."""
        return parse_number(text, locale_marks(), self._whole)

    # --- what the user does -----------------------------------------------------------------

    @Slot()
    def _take(self) -> None:
        """Accept the text, or mark it and show a hint."""
        try:
            value = self._typed_value()
        except NumberTextError as error:
            self._mark(str(error))
            return
        changed = value != self.value
        self.value = value
        self._render()
        if changed:
            self.value_changed.emit(value)

    def _typed_value(self) -> float | None:
        text = self.text()
        if text == self._shown():  # which may have fewer decimals than the value
            return self.value
        if self._may_be_empty and not text.strip():
            return None
        try:
            value = self._number(text)
        except NumberTextError as error:
            reason = f"{error} " if text.strip() else ""
            raise NumberTextError(reason + self._requirement()) from error
        if not self._low <= value <= self._high:
            raise NumberTextError(self._requirement())
        return value

    def _requirement(self) -> str:
        kind = "a whole number" if self._whole else "a number"
        ways = f"{kind} from {self._text(self._low)} to {self._text(self._high)}"
        return f"{self._title} must be {ways}{', or empty' * self._may_be_empty}."

    def _mark(self, hint: str) -> None:
        self._show_hint(hint)
        self._tell(hint)

    @Slot()
    def _unmark(self) -> None:
        if self._hint:
            self._show_hint("")

    def _show_hint(self, hint: str) -> None:
        """Mark the field as refused while there is a hint."""
        self._hint = hint
        self.setProperty("refused", bool(hint))
        self.style().unpolish(self)  # the style sheet looks at the property
        self.style().polish(self)

    def event(self, event: QEvent) -> bool:
        """Show the hint where the field is marked, and keep Escape from the window's shortcuts."""
        if self._hint and isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tell(self._hint)
            return True
        is_key = event.type() == QEvent.Type.ShortcutOverride
        if is_key and isinstance(event, QKeyEvent) and self._reverts(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape restores the current value."""
        if self._reverts(event):
            self._render()
            QToolTip.hideText()
            self.reverted.emit()
        else:
            super().keyPressEvent(event)

    def _reverts(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.text() != self._shown()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Accept the text, or restore the current value with a hint on why."""
        super().focusOutEvent(event)  # which finishes the editing
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self._hint and event.reason() not in stays:
            hint = self._hint
            self._render()
            # Qt takes a tool tip away when the focus comes to another widget or a button goes up.
            QTimer.singleShot(_UNTIL_LEFT_MS, self, lambda: self._tell(hint))


class PercentField(NumberField):
    """Shows a share of 0…1 as a percentage.

    What is typed may be either: a number below 1 is a share, one above 1, or with a ``%``, a
    percentage. A bare 1 could be both, and is refused.
    """

    def _text(self, value: float) -> str:
        return f"{write_number(100 * value, locale_marks())} %"

    def _number(self, text: str) -> float:
        number = parse_number(text, locale_marks(), unit="%")
        has_unit = text.strip().endswith(("%", "٪", "％"))
        if number == 1 and not has_unit:
            raise NumberTextError("A bare 1 is ambiguous. Type 1 % or 100 %.")
        return number / 100 if number > 1 or has_unit else number
