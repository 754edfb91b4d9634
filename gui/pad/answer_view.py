"""The answer: the digit, what the network saw, and the probability of each digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.colors import Theme
from core.inspection.prediction import Prediction
from core.wording import Classes, are_digits, probability
from gui.pad.network_input_view import NetworkInputView
from gui.pad.predicted_number import DIGIT_HEIGHT, PredictedNumber
from gui.pad.prediction_bars import PredictionBars
from gui.widgets.announcing import SettledText
from gui.widgets.button import Button
from gui.widgets.labels import label
from gui.widgets.live_text import LiveText
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE

_NO_DIGIT = "Not one digit?"
_NOT_SURE = "Not sure"
_WIDEST = "Not sure: 0 or 0"
_CAPTION = "Network input"
_PREDICTION = "Prediction"
_EMPTY = "Draw {}: the prediction appears here"
_GAP = 12
_FOR_LARGE_TYPE = 16
"""Pixels by which the bars may be wider with it."""
_LARGEST, _LARGE, _SMALL = 8, 3, 2
"""Screen pixels per pixel of the network's input: below the digit from _LARGE on, and beside it."""


class AnswerView(QWidget):
    """On the left the digit or number, large, and the network's input; on the right ten bars.

    Input and bars are of one digit, of a number the selected one. Where there is not enough height,
    the input moves from below the number to beside it. While there is neither an input nor an
    answer, a note in their place says what will be there.

    Attributes
    ----------
    in_words
        The answer, for screen readers: "7", "Not sure: 7 or 3", "12" or "1, not sure".
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        center = Qt.AlignmentFlag.AlignHCenter
        self.digit = PredictedNumber()
        self.status = LiveText(_WIDEST, TEXT_SIZE, center, quiet=True)
        self.status.setObjectName("prediction_status")
        self.status.setAccessibleName("How sure the network is")
        self.name = LiveText(_PREDICTION, HINT_SIZE, center, quiet=True)
        self.input_view = NetworkInputView()
        self.caption = LiveText(_CAPTION, HINT_SIZE, center, quiet=True)
        self.caption.set_text(_CAPTION)
        self.why = Button("Explain")
        self.why.setObjectName("why_button")
        self.why.setCheckable(True)
        self.why.setAccessibleName("Explain this answer")
        self.why.setToolTip(
            "Color the pixels that support the answer and those against it: the gradient of the "
            "digit's score with respect to each pixel"
        )
        self.bars = PredictionBars()
        self.in_words = ""
        self._spoken = SettledText(self)
        self.empty = label(_EMPTY.format("a digit"), "quiet")
        self.empty.setObjectName("prediction_empty")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._has_answer = self._has_input = False
        for part in (
            self.empty,
            self.digit,
            self.name,
            self.status,
            self.input_view,
            self.caption,
            self.why,
            self.bars,
        ):
            part.setParent(self)
        self._scale = _LARGE
        self._show_parts()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.digit.apply_theme(theme)
        self.input_view.apply_theme(theme)
        self.bars.apply_theme(theme)

    @Slot(object)
    def show_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show the network's input, uint8, (28, 28); None while the pad is blank."""
        self.input_view.show_image(image)
        self._has_input = image is not None
        self._show_emptiness()

    def show_predictions(self, predictions: Sequence[Prediction], selected: int = 0) -> None:
        """Show what is predicted for each digit, which must be finite, and the selected one's bars.

        Without predictions, show that there are none.
        """
        prediction = predictions[selected] if predictions else None
        if prediction is None:
            self.bars.show_probabilities(None)
        else:
            self.bars.show_probabilities(
                prediction.probabilities, prediction.is_certain, prediction.network.classes
            )
        if prediction is None or are_digits(prediction.network.classes):
            text = "".join(str(p.digit) if p.is_certain else "?" for p in predictions)
            self.digit.show_number(text, [p.probability for p in predictions], selected)
        else:
            text = prediction.network.classes[prediction.digit] if prediction.is_certain else "?"
            self.digit.show_name(text)
        status = "" if prediction is None else _status(prediction, len(predictions) > 1)
        self.status.set_text(status)
        self.name.set_text(_PREDICTION if text and not status else "")
        self.in_words = status if text == "?" else _number_in_words(text)
        is_answer = bool(text) and self.in_words != status
        self._spoken.set_text(f"{_PREDICTION}: {self.in_words}" if is_answer else self.in_words)
        self._has_answer = prediction is not None
        self._show_emptiness()

    def show_classes(self, classes: Classes) -> None:
        """Show what can be told apart, before anything is drawn."""
        self.empty.setText(_EMPTY.format("a digit" if are_digits(classes) else "something"))
        self.bars.show_probabilities(None, classes=classes)

    @property
    def _is_empty(self) -> bool:
        return not (self._has_answer or self._has_input)

    def _show_emptiness(self) -> None:
        if self._is_empty != self.input_view.is_empty:
            self._show_parts()

    def _show_parts(self) -> None:
        is_empty = self._is_empty
        self.empty.setVisible(is_empty)
        self.input_view.set_empty(is_empty)
        self.caption.setVisible(not is_empty and self._is_tall)
        self.name.setVisible(self._is_tall)

    # --- layout -----------------------------------------------------------------------------

    def grow(self, width: int, height: int) -> None:
        """Want as much of this room as digit, input and bars have a use for."""
        least = self.bars.sizeHint().width() + _GAP + _FOR_LARGE_TYPE
        scales = range(_LARGEST, _LARGE, -1)
        fits = (s for s in scales if self._left_height(s) <= height)
        scale = next((s for s in fits if self._left_width(s) + least <= width), _LARGE)
        if scale != self._scale:
            self._scale = scale
            self.digit.enlarge(scale / _LARGE)
            self.bars.enlarge(scale > _LARGE)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """With the network's input below the digit."""
        return QSize(
            self._left_width(self._scale) + _GAP + self.bars.sizeHint().width(),
            max(self._left_height(self._scale), self.bars.sizeHint().height()),
        )

    def minimumSizeHint(self) -> QSize:
        """With the network's input beside the digit, and the lowest bars."""
        return QSize(
            self._left_width(_LARGE) + _GAP + self.bars.minimumSizeHint().width(),
            max(self._left_height(_SMALL), self.bars.minimumSizeHint().height()),
        )

    def _left_width(self, scale: int) -> int:
        beside = self.input_view.size_of(_SMALL).width() + _GAP + self.digit.sizeHint().width()
        below = self.input_view.size_of(scale).width()
        return max(beside, below, self.status.sizeHint().width())

    def _left_height(self, scale: int) -> int:
        """Return the height of what is left of the bars."""
        height = self.status.sizeHint().height() + self.why.sizeHint().height() + 4
        if scale == _SMALL:
            return DIGIT_HEIGHT + height
        picture = self.input_view.size_of(scale).height()
        height += 4 + picture + self.caption.sizeHint().height() + 4
        return DIGIT_HEIGHT * scale // _LARGE + height

    @property
    def _is_tall(self) -> bool:
        """Whether the network's input has room below the digit."""
        return self.height() >= self._left_height(self._scale)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Place all parts."""
        width, height = self._left_width(self._scale), self.height()
        is_tall = self._is_tall
        picture = self.input_view.size_of(self._scale if is_tall else _SMALL)
        digit = QRect(0, 0, width, self.digit.sizeHint().height())
        if is_tall:
            top = digit.height() + self.status.sizeHint().height() + 4
            self.input_view.setGeometry(
                QRect((width - picture.width()) // 2, top, *picture.toTuple())
            )
            below = self.input_view.geometry().bottom() + 1
            self.caption.setGeometry(0, below, width, self.caption.sizeHint().height())
        else:
            self.input_view.setGeometry(
                QRect(0, (digit.height() - picture.height()) // 2, *picture.toTuple())
            )
            digit.setLeft(picture.width() + _GAP)
        self._show_parts()
        self.digit.setGeometry(digit)
        for below_digit in (self.status, self.name):
            below_digit.setGeometry(0, digit.height(), width, self.status.sizeHint().height())
        button = self.why.sizeHint().height()
        bottom = min(height, max(self._left_height(self._scale), self.bars.sizeHint().height()))
        self.why.setGeometry(0, (bottom if is_tall else height) - button, width, button)
        self.empty.setGeometry(0, 0, width, self.why.y() - 4)
        self.bars.setGeometry(width + _GAP, 0, self.width() - width - _GAP, height)


def _number_in_words(text: str) -> str:
    """Return "12", or, where a digit is not certain, "1, not sure"."""
    return ", ".join("not sure" if d == "?" else d for d in text) if "?" in text else text


def _status(prediction: Prediction, is_of_number: bool) -> str:
    """Return why there is no certain answer, in a few words; of a number's digit its certainty."""
    if prediction.is_certain:
        share = probability(prediction.probability, 0)
        return f"{prediction.digit}: {share}" if is_of_number else ""
    if not prediction.is_one_digit:
        return _NO_DIGIT
    if not are_digits(prediction.network.classes):
        return _NOT_SURE
    by_bar = np.argsort(-prediction.probabilities, kind="stable").tolist()
    second = next(digit for digit in by_bar if digit != prediction.digit)
    return f"Not sure: {prediction.digit} or {second}"
