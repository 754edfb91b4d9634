"""The user's own digits: a list with wrong predictions marked, fine-tuning, import and export."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.arrays import DIGITS
from core.colors import Theme
from core.errors import DigitscopeError
from core.my_digits.my_digits import MyDigit, MyDigits
from core.wording import counted, numeral, percent
from gui.pad.exchange_buttons import ExchangeButtons
from gui.pad.my_digits_list import MyDigitsList
from gui.widgets.labels import empty_note, label
from gui.widgets.result_line import UNDO, ResultLine
from gui.widgets.tab_view import TabView

_EMPTY = (
    "When a prediction is wrong, click the correct digit beside the pad or press its key: the "
    "drawing is saved here."
)


class MyDigitsPanel(TabView):
    """Shows what `my_digits` keeps, and changes it.

    Signals
    -------
    learn_requested
        The user wants to train on these digits.
    changed
        The user removed, brought back, imported or relabeled a digit.
    shown
        The panel became visible.
    """

    learn_requested = Signal()
    changed = Signal()
    shown = Signal()

    def __init__(self, my_digits: MyDigits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("my_digits_panel")
        self._my_digits = my_digits
        self._predictions: dict[MyDigit, int] = {}
        self._can_learn = True
        self._removed: list[tuple[MyDigit, np.ndarray]] = []
        self.summary = label("", "hint")
        self.empty = empty_note(_EMPTY)
        self.list = MyDigitsList()
        self.result = ResultLine()
        self.result.setWordWrap(True)
        policy = self.result.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it appears
        self.result.setSizePolicy(policy)
        self.result.linkActivated.connect(self.bring_back)
        self.list.removal_requested.connect(self.remove)
        self.list.answer_given.connect(self.relabel)
        self._make_buttons()
        self._lay_out()
        self.refresh()
        problems = my_digits.problems
        self._say(f"{counted(len(problems), 'file')} cannot be read." if problems else "", problems)

    def _make_buttons(self) -> None:
        self.learn = QPushButton("Train on my digits")
        self.learn.setObjectName("learn_button")
        self.learn.setToolTip(
            "Train on these digits and on others, so that those are not forgotten"
        )
        self.learn.clicked.connect(self.learn_requested)
        self.exchange = ExchangeButtons(self._my_digits)
        self.exchange.done.connect(self._on_exchanged)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.learn)
        buttons.addWidget(self.exchange)
        buttons.addStretch(1)
        buttons.addWidget(self.summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(buttons)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.result)

    # --- what is shown ----------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.list.apply_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Announce it: the network may have learned meanwhile."""
        super().showEvent(event)
        self.shown.emit()

    @Slot()
    def refresh(self) -> None:
        """Show the digits as they are now."""
        items = self._my_digits.items
        self.list.show_items(items, self._predictions)
        self.list.setVisible(bool(items))
        self.empty.setVisible(not items)
        self.exchange.export.setEnabled(bool(items))
        self.learn.setEnabled(bool(items) and self._can_learn)
        known = [item for item in items if item in self._predictions]
        wrong = sum(self._predictions[item] != item.digit for item in known)
        text = counted(len(items), "digit") if items else ""
        if wrong:
            text += f", {numeral(wrong)} predicted wrong"
        elif items and len(known) == len(items):
            text += ", all predicted correctly"
        self.summary.setText(text)
        counts = np.bincount([item.digit for item in items], minlength=len(DIGITS))
        self.summary.setToolTip(
            "\n".join(f"{digit}: {numeral(count)}" for digit, count in enumerate(counts.tolist()))
        )

    def show_predictions(self, predictions: Sequence[int] | None) -> None:
        """Mark wrong predictions.

        `predictions` is the predicted digit, 0…9, of each saved item, in their order; None if there
        is no network.
        """
        items = self._my_digits.items
        self._predictions = (
            dict(zip(items, predictions, strict=True)) if predictions is not None else {}
        )
        self.refresh()

    def set_can_learn(self, can: bool) -> None:
        """Allow learning, or not: while data are loading, or while it is being done already."""
        self._can_learn = can
        self.learn.setEnabled(can and len(self._my_digits) > 0)

    def show_accuracy(
        self,
        before: float | None,
        after: float | None,
        test_before: float | None,
        test_after: float | None,
    ) -> None:
        """Show the accuracies before and after training, 0…1, or None for what is not known."""
        parts = [
            f"{name} {change}"
            for name, change in (
                ("Mine", _change(before, after, 0)),
                ("test set", _change(test_before, test_after, 2)),
            )
            if change
        ]
        self._say(", ".join(parts))

    def _say(self, text: str, details: Sequence[str] = (), link: str = "") -> None:
        """Show a line below the digits, with a tool tip that has the details."""
        self.result.say(text, details, link)
        self.result.setVisible(bool(text))

    # --- what the user changes --------------------------------------------------------------

    @Slot(object)
    def remove(self, items: Sequence[MyDigit]) -> None:
        """Remove digits; :meth:`bring_back` brings those of the last time back."""
        removed = []
        try:
            for item in items:
                ink = self._my_digits.ink(item)
                self._my_digits.remove(item)
                removed.append((item, ink))
        except DigitscopeError as error:
            self._fail(error)
        else:
            what = f"a {items[0].digit}" if len(items) == 1 else counted(len(items), "digit")
            self._say(f"Removed {what}. ", link=UNDO)
        if removed:
            self._removed = removed
        self._show_change()

    @Slot()
    def bring_back(self) -> None:
        """Keep again what was removed last."""
        try:
            while self._removed:
                item, ink = self._removed[-1]
                self._my_digits.add(ink, item.digit, item.name)
                self._removed.pop()
        except DigitscopeError as error:
            self._fail(error)
        else:
            self._say("")
        self._show_change()

    @Slot(object, int)
    def relabel(self, items: Sequence[MyDigit], digit: int) -> None:
        """Give digits another right answer."""
        try:
            for item in items:
                moved = self._my_digits.relabel(item, digit)
                if item in self._predictions:
                    self._predictions[moved] = self._predictions[item]
        except DigitscopeError as error:
            self._fail(error)
        self._show_change()

    def _fail(self, error: DigitscopeError) -> None:
        self._say(str(error))
        self._my_digits.reload()  # another app may have removed it

    @Slot(str, object)
    def _on_exchanged(self, result: str, problems: Sequence[str]) -> None:
        self._say(result, problems)
        self._show_change()

    def _show_change(self) -> None:
        self.refresh()
        self.changed.emit()


def _change(before: float | None, after: float | None, decimals: int) -> str:
    return " → ".join(percent(share, decimals) for share in (before, after) if share is not None)
