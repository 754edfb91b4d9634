"""The digits of a sheet for Qt: what the network predicts, and what the user corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, Qt, Signal

from core.arrays import Labels
from core.inspection.prediction import Prediction
from core.my_digits.sheet_exchange import LabeledDigit
from core.pictures.sheet import Sheet
from core.wording import numeral, probability
from gui.widgets.digit_list import AnyIndex, Role

DETAIL = Role.ITEM + 1
"""Role of what is said of a digit in small type beside its label: how confident the network is."""

_NONE = -1
"""In place of a label: the user has corrected nothing."""


class SheetModel(QAbstractListModel):
    """The digits in reading order; an item is a digit's place, from 0.

    Attributes
    ----------
    sheet
        What is shown; None before the first.
    is_of_digits
        Whether the network that predicts tells digits apart, as far as is known.

    Signals
    -------
    changed
        There is another sheet, prediction or correction.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Sheet | None = None
        self.is_of_digits = True
        self._predictions: Sequence[Prediction] = ()
        self._predicted: NDArray[np.intp] = np.zeros(0, np.intp)
        self._is_uncertain: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._corrections: NDArray[np.int8] = np.zeros(0, np.int8)
        self._before: list[NDArray[np.int8]] = []

    # --- what there is ----------------------------------------------------------------------

    @property
    def labels(self) -> Labels | None:
        """What each digit is, (n,): corrected or predicted; None before there are predictions."""
        if not self._predictions:
            return None
        is_corrected = self._corrections != _NONE
        return np.where(is_corrected, self._corrections, self._predicted).astype(np.uint8)

    @property
    def corrected(self) -> list[int]:
        """The places of the digits that the user has labeled."""
        return np.flatnonzero(self._corrections != _NONE).tolist()

    @property
    def unsure(self) -> list[int]:
        """The places of the digits of which neither the network nor the user is sure."""
        is_unsure = self._is_uncertain & (self._corrections == _NONE)
        return np.flatnonzero(is_unsure).tolist()

    @property
    def can_undo(self) -> bool:
        """Whether there is a correction to undo."""
        return bool(self._before)

    def labeled(self, places: Sequence[int]) -> list[LabeledDigit]:
        """Return digits with their labels; there must be predictions."""
        labels, sheet = self.labels, self.sheet
        assert labels is not None
        assert sheet is not None
        return [
            LabeledDigit(
                place + 1,
                sheet.digits[place],
                int(labels[place]),
                self._predictions[place].digit,
                self._predictions[place].confidence,
                self._predictions[place].is_certain,
            )
            for place in places
        ]

    # --- changes ----------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet) -> None:
        """Show other digits; nothing is predicted or corrected yet."""
        self.beginResetModel()
        self.sheet, self._predictions, self.is_of_digits = sheet, (), True
        self._corrections = np.full(len(sheet), _NONE, np.int8)
        self._is_uncertain = np.zeros(len(sheet), np.bool_)
        self._before.clear()
        self.endResetModel()
        self.changed.emit()

    def show_predictions(self, predictions: Sequence[Prediction]) -> None:
        """Show what a network predicts for these digits; nothing if it is not one of digits."""
        count = len(self._corrections)
        self._predictions, self.is_of_digits = predictions, bool(predictions)
        self._predicted = np.array([prediction.digit for prediction in predictions], np.intp)
        unsure = [not prediction.is_certain for prediction in predictions] or [False] * count
        self._is_uncertain = np.array(unsure, np.bool_)
        self._show_change()

    def correct(self, places: Sequence[int], digit: int | None) -> None:
        """Label digits; None takes their corrections back."""
        corrections = self._corrections.copy()
        corrections[list(places)] = _NONE if digit is None else digit
        if not np.array_equal(corrections, self._corrections):
            self._before.append(self._corrections)
            self._corrections = corrections
            self._show_change()

    def undo(self) -> None:
        """Undo the last correction, if there is one."""
        if self._before:
            self._corrections = self._before.pop()
            self._show_change()

    def _show_change(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self._corrections) - 1))
        self.changed.emit()

    # --- for Qt -----------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Return how many digits there are."""
        return 0 if parent is not None and parent.isValid() else len(self._corrections)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a digit looks like, and what it is called."""
        tell = _TELLERS.get(role)
        return None if tell is None else tell(self, index.row())

    def _image(self, place: int) -> NDArray[np.uint8]:
        assert self.sheet is not None
        return self.sheet.images[place]

    def _prediction(self, place: int) -> Prediction | None:
        return self._predictions[place] if self._predictions else None

    def _is_unsure(self, place: int) -> bool:
        return bool(self._is_uncertain[place] and self._corrections[place] == _NONE)

    def _name(self, place: int) -> str:
        """Return a digit's label, and how it came about."""
        label, prediction = int(self._corrections[place]), self._prediction(place)
        if prediction is None:
            return "" if label == _NONE else str(label)
        if label == _NONE:
            return f"{prediction.digit}?" if self._is_unsure(place) else str(prediction.digit)
        return f"{label} ✓" if label == prediction.digit else f"{label}→{prediction.digit}"

    def _detail(self, place: int) -> str:
        prediction = self._prediction(place)
        return "" if prediction is None else probability(prediction.confidence, 0)

    def _words(self, place: int) -> str:
        """Describe a digit."""
        label, prediction = int(self._corrections[place]), self._prediction(place)
        parts = [] if label == _NONE else [f"you say {label}"]
        if prediction is not None:
            confidence = probability(prediction.confidence)
            parts.append(f"predicted as {prediction.digit}, {confidence} confident")
        words = f"Digit {numeral(place + 1)}: {'; '.join(parts)}"
        return f"{words}, not sure" if self._is_unsure(place) else words

    def _tool_tip(self, place: int) -> str:
        return f"{self._words(place)}. Click to put it on the pad"


_TELLERS: dict[int, Callable[[SheetModel, int], Any]] = {
    Role.IMAGE: SheetModel._image,
    Role.ITEM: lambda _model, place: place,
    Role.IS_FAULT: SheetModel._is_unsure,
    DETAIL: SheetModel._detail,
    Qt.ItemDataRole.DisplayRole: SheetModel._name,
    Qt.ItemDataRole.ToolTipRole: SheetModel._tool_tip,
    Qt.ItemDataRole.AccessibleTextRole: SheetModel._words,
}
"""What is told of a digit in each role."""
