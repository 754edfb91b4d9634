"""What the active network predicts for the drawing on the pad, for every view that shows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.ink.doubt import Doubt, doubt_about
from core.ink.drawing import Drawing
from core.inspection.prediction import Prediction, predict
from gui.prediction.active_network import ActiveNetwork


class PredictionModel(QObject):
    """Turns the drawing into a 28×28 image and predicts, once for all views.

    Parameters
    ----------
    drawing
        Whoever changes it calls :meth:`note_drawing`.
    active_network
        The network that predicts.

    Attributes
    ----------
    image
        uint8, (28, 28), of the drawing; None while it is blank. Nobody writes to it.
    doubt
        Why the drawing does not look like one digit; None if it does.
    prediction
        The newest; None while the drawing is blank, and before there is a network.

    Signals
    -------
    image_changed(NDArray | None)
        There is another image.
    predicted(Prediction | None)
        There is another prediction: of another image, or by a network that has learned.
    """

    image_changed = Signal(object)
    predicted = Signal(object)

    def __init__(
        self, drawing: Drawing, active_network: ActiveNetwork, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.drawing = drawing
        self._active_network = active_network
        self.image: NDArray[np.uint8] | None = None
        self.doubt: Doubt | None = None
        self.prediction: Prediction | None = None
        # A quick pen brings many points in one turn of the event loop; one prediction follows.
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._update_image)
        active_network.changed.connect(self._predict)

    @Slot()
    def note_drawing(self) -> None:
        """Predict for the drawing as it is now, at the end of this turn of the event loop."""
        self._soon.start()

    @Slot()
    def _update_image(self) -> None:
        self.image = None if self.drawing.is_blank else self.drawing.image()
        self.doubt = doubt_about(self.drawing)
        self.image_changed.emit(self.image)
        self._predict()

    @Slot()
    def _predict(self) -> None:
        network, threshold = self._active_network.network, self._active_network.threshold
        if self.image is None:
            was_blank, self.prediction = self.prediction is None, None
            if was_blank:
                return
        elif network is None:
            return  # between two runs: what the run before predicted stays
        else:
            self.prediction = predict(network, self.image, threshold, self.doubt is None)
        self.predicted.emit(self.prediction)
