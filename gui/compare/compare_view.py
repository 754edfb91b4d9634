"""Two moments of the run, or two runs, side by side: on the drawing, and on the test set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from core.arrays import LabeledImages
from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.wording import listed
from gui.compare.drawing_comparison import DrawingComparison
from gui.compare.set_comparison import SetComparison
from gui.compare.side import NO_STEPS, ComparedNetwork
from gui.compare.side_by_side import SideBySide
from gui.compare.side_chooser import SideChooser
from gui.widgets.labels import empty_note
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.tab_view import TabView

_BOTH_FROM = 1_180
"""In a view that is narrower, drawing and test set take turns."""
_PARTS = [
    ("drawing", "Drawing", "Both answers for the drawing on the pad, and the units that differ"),
    ("test", "Test set", "The test images that only one of the two networks classifies correctly"),
]
_SAME = "Both sides are the same network. Choose another moment, or another run, on one of them."
_OTHER_CLASSES = (
    "The network on the left has the classes {left}; the one on the right has {right}. Only "
    "networks with the same classes can be compared."
)
_OTHER_TEST_SET = (
    "The test set here has other classes than {classes}. Choose the data that these networks "
    "learned from; until then, only the drawing is compared."
)
_NO_TEST = (
    "The run on the {side} does not read the test set, so that it stays unseen until its end. Only "
    "the drawing is compared."
)


class CompareView(TabView):
    """Two choosers, and below them what the chosen networks make of drawing and test set.

    It follows the run only while it is visible.

    Attributes
    ----------
    pair
        The networks that are compared.

    Signals
    -------
    digit_chosen(int)
        The user wants an image on the pad: its index in the test set.
    """

    digit_chosen = Signal(int)

    def __init__(self, pair: SideBySide) -> None:
        super().__init__()
        self.setObjectName("compare_view")
        self.pair = pair
        self._image: NDArray[np.uint8] | None = None
        self._test: LabeledImages | None = None
        self._classes: tuple[str, ...] = ()
        self._shown: tuple[ComparedNetwork, ComparedNetwork] | None = None
        self.choosers = (
            SideChooser(pair.left, pair.sources, "left"),
            SideChooser(pair.right, pair.sources, "right"),
        )
        self.parts = named(
            SegmentedChoice("compare_part", _PARTS), "compare_part", "What to compare"
        )
        self.parts.chosen.connect(self._share_width)
        self.drawing = DrawingComparison()
        self.test_set = SetComparison()
        self.test_set.digit_chosen.connect(self.digit_chosen)
        self._lay_out()
        for side in (pair.left, pair.right):
            side.changed.connect(self._follow)

    def _lay_out(self) -> None:
        left, right = self.choosers
        top = row(left, self.parts, right, spacing=12)
        top.setStretch(0, 1)
        top.setStretch(2, 1)
        content = QWidget()
        halves = row(self.drawing, self.test_set, spacing=24)
        halves.setStretch(0, 1)
        halves.setStretch(1, 1)
        content.setLayout(halves)
        self.empty = named(empty_note(""), "compare_empty")
        below = QWidget()
        self._stack = QStackedLayout(below)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        self.setLayout(column(top, below, high=below))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for part in (*self.choosers, self.drawing, self.test_set):
            part.apply_theme(theme)

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the images of this data set's test set."""
        self._test, self._classes = dataset.test, dataset.classes
        self._compare(at_once=True)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Take the drawing that was predicted."""
        image = None if prediction is None else prediction.image
        if image is not self._image:
            self._image = image
            self._compare(at_once=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the run."""
        super().showEvent(event)
        self._share_width()
        self.pair.watch(True)
        self._compare(at_once=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the run alone."""
        super().hideEvent(event)
        self.pair.watch(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both parts where there is space."""
        super().resizeEvent(event)
        self._share_width()

    @Slot()
    def _share_width(self) -> None:
        has_room = self.width() >= _BOTH_FROM
        self.parts.setVisible(not has_room)
        chosen = self.parts.currentData()
        self.drawing.setVisible(has_room or chosen == "drawing")
        self.test_set.setVisible(has_room or chosen == "test")
        self._compare(at_once=True)

    # --- what is shown ----------------------------------------------------------------------

    @Slot()
    def _follow(self) -> None:
        """Show other networks; where only the run has learned, nobody waits for it."""
        before = self._shown
        pair = self.pair.left.network, self.pair.right.network
        is_next = before is not None and all(
            new is old or (new is not None and new.follows(old))
            for new, old in zip(pair, before, strict=True)
        )
        self._compare(at_once=not is_next)

    def _compare(self, at_once: bool) -> None:
        """Compare what is visible, or say why that cannot be done."""
        if not self.isVisible():
            return
        left, right = self.pair.left, self.pair.right
        if left.network is None or right.network is None:
            self._say_why(left.problem or right.problem)
        elif left.network.is_same(right.network):
            self._say_why(_SAME if left.network.place[0] else NO_STEPS)
        elif left.network.classes != right.network.classes:
            of_left, of_right = map(listed, (left.network.classes, right.network.classes))
            self._say_why(_OTHER_CLASSES.format(left=of_left, right=of_right))
        else:
            self._shown = left.network, right.network
            self._stack.setCurrentIndex(1)
            if self.drawing.isVisible():
                self.drawing.compare(*self._shown, self._image, at_once)
            if self.test_set.isVisible():
                self._compare_on_test_set(*self._shown)

    def _say_why(self, text: str) -> None:
        self._shown = None
        self.empty.setText(text)
        self._stack.setCurrentIndex(0)
        self.drawing.forget()
        self.test_set.say("")

    def _compare_on_test_set(self, left: ComparedNetwork, right: ComparedNetwork) -> None:
        unread = [
            side for side, each in (("left", left), ("right", right)) if not each.reads_test_set
        ]
        if unread:
            self.test_set.say(_NO_TEST.format(side=unread[0]))
        elif self._test is not None and self._classes != left.classes:
            self.test_set.say(_OTHER_TEST_SET.format(classes=listed(left.classes)))
        elif self._test is not None:
            self.test_set.compare(left, right, self._test)
