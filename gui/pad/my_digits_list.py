"""A user's drawings as small images, and what the network takes them for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, Qt

from core.my_digits.my_digits import MyDigit
from gui.widgets.digit_list import AnyIndex, DigitList, DigitPainter, Role
from gui.widgets.locale import short_date
from gui.widgets.named import named

_GAP = 8
"""Between two images."""


class MyDigitsModel(QAbstractListModel):
    """The drawings, the latest first, and what the network takes them for."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[MyDigit, ...] = ()
        self._predictions: Mapping[MyDigit, int] = {}

    def show(self, items: Sequence[MyDigit], predictions: Mapping[MyDigit, int]) -> None:
        """Take over what is there now; `items` in the order of drawing."""
        latest_first = tuple(reversed(items))
        self._predictions = predictions
        if latest_first == self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))
            return
        self.beginResetModel()
        self._items = latest_first
        self.endResetModel()

    def _wrong_prediction(self, item: MyDigit) -> int | None:
        """Return what the network wrongly takes a drawing for; None if it is right or unknown."""
        prediction = self._predictions.get(item, item.digit)
        return None if prediction == item.digit else prediction

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Return how many drawings there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a drawing is called: on the screen, in its tool tip, and read out."""
        item = self._items[index.row()]
        wrong = self._wrong_prediction(item)
        if role == Role.ITEM:
            return item
        if role == Role.IMAGE:
            return item.image
        if role == Role.IS_FAULT:
            return wrong is not None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(item.digit) if wrong is None else f"{item.digit}→{wrong}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            read = "" if wrong is None else f"; the network predicts {wrong}"
            return f"A {item.digit}{_when(item)}{read}"
        return None


def _when(item: MyDigit) -> str:
    try:
        time = datetime.strptime(item.name[:15], "%Y%m%d-%H%M%S")
    except ValueError:  # a file that was put there under a name of its own
        return ""
    return f", drawn on {short_date(time.timestamp())}"


class MyDigitsList(DigitList):
    """Shows the drawings in rows; the items of its signals are :class:`MyDigit`."""

    def __init__(self) -> None:
        model = MyDigitsModel()
        super().__init__(model, DigitPainter(_GAP))
        self.model_ = model
        named(self, "my_digits_list", "My digits, newest first")

    def show_items(self, items: Sequence[MyDigit], predictions: Mapping[MyDigit, int]) -> None:
        """Show drawings, in the order of drawing, and how those that are known were read."""
        row = self.currentIndex().row()
        self.model_.show(items, predictions)
        if row >= 0 and items:
            # So that one can continue with the keys.
            self.setCurrentIndex(self.model_.index(min(row, len(items) - 1)))
