"""A field for one number."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget


class NumberField(QLineEdit):
    """Takes a number in a range; anything else is refused with a word on what is possible.

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
    """

    value_changed = Signal(object)

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
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText(empty or "")
        self.value: float | None = None if self._may_be_empty else low
        self._render()
        self.editingFinished.connect(self._on_edited)

    def set_value(self, value: float | None) -> None:
        """Show `value` without signalling."""
        if value != self.value:
            self.value = value
            self._render()

    def refuse(self, why: str) -> None:
        """Show the value that is in force again, and say why."""
        self._render()
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), why, self)

    def _render(self) -> None:
        self.setText("" if self.value is None else self._text(self.value))

    def _text(self, value: float) -> str:
        return f"{int(value):,}" if self._whole else f"{value:g}"

    def _number(self, text: str) -> float:
        """Return the number that `text` stands for; raises ValueError if it is none."""
        number = float(text.replace(",", ""))
        if not self._whole:
            return number
        if not number.is_integer():
            raise ValueError(text)
        return int(number)

    @Slot()
    def _on_edited(self) -> None:
        text = self.text().strip()
        value: float | None = None
        if text or not self._may_be_empty:
            try:
                value = self._number(text)
            except ValueError:
                value = float("nan")
            if not self._low <= value <= self._high:
                kind = "a whole number" if self._whole else "a number"
                ways = f"{kind} from {self._text(self._low)} to {self._text(self._high)}"
                self.refuse(f"{self._title} must be {ways}{', or empty' * self._may_be_empty}.")
                return
        changed = value != self.value
        self.value = value
        self._render()
        if changed:
            self.value_changed.emit(value)


class PercentField(NumberField):
    """Shows a share of 0…1 as a percentage; what is typed may be either."""

    def _text(self, value: float) -> str:
        return f"{100 * value:g} %"

    def _number(self, text: str) -> float:
        number = float(text.replace("%", ""))
        return number / 100 if number > 1 or "%" in text else number
