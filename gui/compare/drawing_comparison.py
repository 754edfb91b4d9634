"""What the two networks make of the drawing: their answers, and the units that differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedLayout, QWidget

from core.colors import Theme
from core.inspection.network_comparison import ImageComparison, compare_image
from core.inspection.prediction import Prediction
from core.wording import probability
from gui.compare.compared_units import ComparedUnits, UnitPairs, units_of
from gui.compare.side import ComparedNetwork
from gui.pad.prediction_bars import PredictionBars
from gui.threads.latest_task import LatestTask
from gui.widgets.labels import empty_note
from gui.widgets.layouts import column, row
from gui.widgets.literal_text import literal
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.theme import HINT_SIZE

_EMPTY = "Draw on the pad: both answers appear here, and the hidden units that differ most."
_WIDEST_BARS = 280
_LEAST_REST = 0.1
"""Seconds between two comparisons while a run trains: units are drawn that often."""


@dataclass(frozen=True, eq=False)
class _Result:
    left: ComparedNetwork
    right: ComparedNetwork
    comparison: ImageComparison
    units: tuple[ComparedUnits, ...]


class _Answer(QWidget):
    """The answer of one side: which network, and a bar for each class."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        title = LiveText("Step 10,000,000 (now)", HINT_SIZE, Qt.AlignmentFlag.AlignLeft, quiet=True)
        self.title = named(title, f"compared_{name}_title", f"Network on the {name}")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.bars = PredictionBars()
        self.bars.setObjectName(f"compared_{name}_bars")
        # A click on the pad's bars corrects the answer: here there are two.
        self.bars.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bars.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bars.setMaximumWidth(_WIDEST_BARS)
        self.setMaximumWidth(_WIDEST_BARS)
        self.setLayout(column(self.title, self.bars, spacing=2, high=self.bars))

    def show_prediction(self, network: ComparedNetwork, prediction: Prediction) -> None:
        """Show the answer of a network; one that has diverged has none."""
        is_finite = prediction.is_finite
        probabilities = prediction.probabilities if is_finite else None
        self.bars.show_probabilities(probabilities, classes=network.classes)
        title = network.title if is_finite else f"{network.title}: diverged, no answer"
        self.title.set_text(title)
        self.title.setToolTip(literal(title))
        answer = "none"
        if is_finite:
            name = network.classes[prediction.digit]
            answer = f"{name}, {probability(prediction.probability)}"
        self.bars.setAccessibleName(f"Answer on the {self._name}: {answer}")


class DrawingComparison(QWidget):
    """The answers at the sides, and the units between them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drawing_comparison")
        self.left, self.right = _Answer("left"), _Answer("right")
        self.units = UnitPairs()
        self.area = QScrollArea()
        self.area.setObjectName("compared_units_area")
        self.area.setWidget(self.units)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.units.setAutoFillBackground(False)
        content = QWidget()
        parts = row(self.left, self.area, self.right, spacing=12)
        for index, stretch in enumerate((3, 5, 3)):
            parts.setStretch(index, stretch)
        content.setLayout(parts)
        self.empty = named(empty_note(_EMPTY), "drawing_comparison_empty")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        self._task = LatestTask(self, _LEAST_REST)
        self._task.done.connect(self._on_done)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for part in (self.left.bars, self.right.bars, self.units):
            part.apply_theme(theme)

    def compare(
        self,
        left: ComparedNetwork,
        right: ComparedNetwork,
        image: NDArray[np.uint8] | None,
        at_once: bool,
    ) -> None:
        """Have the two networks read `image`, uint8 (28, 28); None for a blank pad.

        `at_once` if the user has changed something; otherwise the run has moved on.
        """
        if image is None:
            self.forget()
            return
        drawn = image

        def work() -> _Result:
            comparison = compare_image(left.network, right.network, drawn)
            return _Result(left, right, comparison, units_of(comparison))

        self._task.ask(work, at_once)

    def forget(self) -> None:
        """Show no answer."""
        self._task.forget()
        self._stack.setCurrentIndex(0)

    @Slot(object)
    def _on_done(self, result: _Result) -> None:
        self.left.show_prediction(result.left, result.comparison.a)
        self.right.show_prediction(result.right, result.comparison.b)
        self.units.show_units(result.units, result.left.run == result.right.run)
        self._stack.setCurrentIndex(1)
