"""What the active network predicts for the drawing on the pad, for every view that shows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import DIGITS
from core.ink.digits_in_drawing import DigitsInDrawing, DrawnDigit
from core.ink.drawing import Drawing
from core.inspection.prediction import Prediction, predict
from core.network.network import Network
from core.wording import are_digits
from gui.prediction.active_network import ActiveNetwork


class PredictionModel(QObject):
    """Turns each digit of the drawing into a 28×28 image and predicts, once for all views.

    One digit is selected: all views show its image and its prediction. It is the digit that was
    drawn last, so that they follow the pen, until the user selects another.

    Parameters
    ----------
    drawing
        Whoever changes it calls :meth:`note_drawing`.
    active_network
        The network that predicts.

    Attributes
    ----------
    digits
        Those of the drawing, in reading order; empty while it is blank.
    selected
        Index of the selected digit; 0 while the drawing is blank.
    predictions
        The newest, of each digit; empty while the drawing is blank, and before there is a network.

    classes
        The names of what the network tells apart.

    Signals
    -------
    classes_changed(classes)
        The network tells other things apart than the one before.
    image_changed(NDArray | None)
        There is another image: the drawing has changed, or another digit is selected.
    predicted(Prediction | None)
        There is another prediction: of another image, or by a network that has learned.
    """

    classes_changed = Signal(object)
    image_changed = Signal(object)
    predicted = Signal(object)

    def __init__(
        self, drawing: Drawing, active_network: ActiveNetwork, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.drawing = drawing
        self._active_network = active_network
        self._in_drawing = DigitsInDrawing(drawing)
        self.classes = DIGITS
        self.digits: tuple[DrawnDigit, ...] = ()
        self.selected = 0
        self.predictions: tuple[Prediction, ...] = ()
        # A quick pen brings many points in one turn of the event loop; one prediction follows.
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._update)
        active_network.changed.connect(self._on_network)

    @property
    def digit(self) -> DrawnDigit | None:
        """The selected digit; None while the drawing is blank."""
        return self.digits[self.selected] if self.digits else None

    @property
    def image(self) -> NDArray[np.uint8] | None:
        """The selected digit's, uint8, (28, 28); None while the drawing is blank."""
        return None if self.digit is None else self.digit.image

    @property
    def prediction(self) -> Prediction | None:
        """The selected digit's; None while the drawing is blank, and before there is a network."""
        return self.predictions[self.selected] if self.predictions else None

    @Slot()
    def note_drawing(self) -> None:
        """Predict for the drawing as it is now, at the end of this turn of the event loop."""
        self._soon.start()

    def digit_now(self) -> DrawnDigit | None:
        """Return the selected digit of the drawing as it is now, even within this turn."""
        if self._soon.isActive():
            self._soon.stop()
            self._update()
        return self.digit

    @Slot(int)
    def select(self, index: int) -> None:
        """Show this digit in all views, until the drawing changes."""
        if index != self.selected and index in range(len(self.digits)):
            self.selected = index
            self.image_changed.emit(self.image)
            self.predicted.emit(self.prediction)

    @Slot()
    def _update(self) -> None:
        self.digits = self._in_drawing.update(as_one=not are_digits(self.classes))
        newest = [max(digit.parts) for digit in self.digits]
        self.selected = newest.index(max(newest)) if newest else 0
        self.image_changed.emit(self.image)
        self._predict()

    @Slot()
    def _on_network(self) -> None:
        """Predict again, and tell digits apart only if the network does."""
        network = self._active_network.network
        if network is not None and network.classes != self.classes:
            self.classes = network.classes
            self.predictions = ()
            self.classes_changed.emit(self.classes)
            self._update()
        else:
            self._predict()

    @Slot()
    def _predict(self) -> None:
        network = self._active_network.network
        if not self.digits:
            was_blank, self.predictions = not self.predictions, ()
            if was_blank:
                return
        elif network is None and len(self.predictions) in (0, len(self.digits)):
            return  # between two runs: what the run before predicted stays
        elif network is None:
            self.predictions = ()
        else:
            self.predictions = tuple(self._prediction(network, digit) for digit in self.digits)
        self.predicted.emit(self.prediction)

    def _prediction(self, network: Network, digit: DrawnDigit) -> Prediction:
        """Return the prediction for a digit, the one of before if nothing has changed."""
        thresholds = self._active_network.thresholds
        for known in self.predictions:
            same = known.image is digit.image and known.network is network
            if same and known.threshold == thresholds[known.digit]:
                return known
        return predict(network, digit.image, thresholds, not digit.is_scribble)
