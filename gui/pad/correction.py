"""The user says what the drawing is: it is saved in My digits, and can be taken out again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import DigitscopeError
from core.my_digits.my_digits import MyDigit, MyDigits
from core.wording import are_digits, numeral
from gui.pad.pad_panel import PadPanel
from gui.widgets.actions import Actions
from gui.widgets.messages import Messages

_TOPIC = "correction"


class Correction(QObject):
    """Saves the drawing as a digit by its key or its bar, and undoes that.

    Signals
    -------
    changed
        A digit was saved, or removed again.
    """

    changed = Signal()

    def __init__(
        self,
        actions: Actions,
        pad_panel: PadPanel,
        messages: Messages,
        my_digits: MyDigits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad_panel = pad_panel
        self._messages = messages
        self._my_digits = my_digits
        self._saved: MyDigit | None = None
        for digit, action in enumerate(actions.correct):
            action.triggered.connect(lambda _checked=False, digit=digit: self._save(digit))
        pad_panel.answer.bars.digit_chosen.connect(self._save)
        pad_panel.correction_undone.connect(self._undo)

    @Slot(int)
    def _save(self, digit: int) -> None:
        """Save the drawing, or the selected digit of a number, as this digit."""
        drawn = self._pad_panel.model.digit_now()
        if drawn is None:
            return
        if not are_digits(self._pad_panel.model.classes):
            self._pad_panel.say("My digits keeps digits only. This network tells others apart.")
            return
        try:
            self._saved = self._my_digits.add(drawn.network_ink, digit)
        except DigitscopeError as error:
            self._messages.fault(str(error), topic=_TOPIC)
            return
        self._messages.dismiss(_TOPIC)
        self._pad_panel.say(
            f"Saved as a {digit} ({numeral(len(self._my_digits))} in all)", can_undo=True
        )
        self.changed.emit()

    @Slot()
    def _undo(self) -> None:
        if self._saved is None:
            return
        try:
            self._my_digits.remove(self._saved)
        except DigitscopeError as error:
            self._messages.fault(str(error), topic=_TOPIC)
            return
        self._pad_panel.say(f"Not saved as a {self._saved.digit}")
        self._saved = None
        self.changed.emit()
