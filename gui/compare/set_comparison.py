"""What one of the two networks reads in the test set that the other does not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from core.arrays import LabeledImages
from core.colors import Theme
from core.inspection.network_comparison import compare_evaluations
from core.training.evaluation import Evaluation
from core.wording import numeral
from gui.compare.side import ComparedNetwork
from gui.compare.side_evaluation import SideEvaluation
from gui.mistakes.digit_gallery import DigitGallery
from gui.widgets.labels import empty_note
from gui.widgets.layouts import column, row
from gui.widgets.literal_text import literal
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE

_EVALUATING = "Evaluating the test set…"


class _OnlyHere(QWidget):
    """The images that only one side classifies correctly, each with what the other says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._other = name, "right" if name == "left" else "left"
        widest = "Only right correct: 10,000 · Step 10,000,000 (now)\nMost confident first"
        caption = LiveText(widest, HINT_SIZE, Qt.AlignmentFlag.AlignLeft, quiet=True)
        self.caption = named(caption, f"only_{name}_caption", f"Correct only on the {name}")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.gallery = DigitGallery()
        named(
            self.gallery,
            f"only_{name}_gallery",
            f"Test images that only the network on the {name} classifies correctly",
            f"What the network on the {self._other} predicts for them; click an image to put it "
            "on the pad",
        )
        self.setLayout(column(self.caption, self.gallery, spacing=4, high=self.gallery))

    def show_digits(
        self,
        digits: NDArray[np.intp],
        own: SideEvaluation,
        other: SideEvaluation,
        test: LabeledImages,
        from_the_first: bool,
    ) -> None:
        """Show these images of the test set, in this order, with the other side's predictions."""
        assert own.network is not None
        assert other.evaluation is not None
        self.gallery.name_classes(own.network.classes)
        if from_the_first:
            self.gallery.show_digits(digits, other.evaluation, test)
        else:
            self.gallery.show_newer(digits, other.evaluation)
        text = f"Only {self._name} correct: {numeral(len(digits))} · {own.network.title}\n"
        if own.has_diverged:
            text = f"{own.network.title} has diverged:\nit has no answers"
        elif len(digits):
            text += f"What the {self._other} predicts, most confident first"
        self.caption.set_text(text)
        self.caption.setToolTip(literal(text))


class SetComparison(QWidget):
    """Counts in a line, and a gallery for each side; evaluated in another thread.

    Signals
    -------
    digit_chosen(int)
        The user wants an image on the pad: its index in the test set.
    user_waits(bool)
        One of the evaluations that the user waits for begins, or has ended or is no longer wanted.
    """

    digit_chosen = Signal(int)
    user_waits = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("set_comparison")
        widest = "Both correct 10,000; only left 10,000; only right 10,000; neither 10,000"
        header = LiveText(widest, TEXT_SIZE, Qt.AlignmentFlag.AlignLeft)
        self.header = named(header, "set_comparison_header", "Both networks on the test set")
        self.header.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.left, self.right = _OnlyHere("left"), _OnlyHere("right")
        for side in (self.left, self.right):
            side.gallery.digit_chosen.connect(self.digit_chosen)
        content = QWidget()
        galleries = row(self.left, self.right, spacing=12)
        for index in (0, 1):
            galleries.setStretch(index, 1)
        content.setLayout(column(self.header, galleries, spacing=4, high=galleries))
        self.empty = named(empty_note(_EVALUATING), "set_comparison_empty")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        self._test: LabeledImages | None = None
        self._shown: tuple[Evaluation, Evaluation] | None = None
        self._of_left, self._of_right = SideEvaluation(self), SideEvaluation(self)
        for evaluation in (self._of_left, self._of_right):
            evaluation.changed.connect(self._show)
            evaluation.user_waits.connect(self.user_waits)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.left.gallery.apply_theme(theme)
        self.right.gallery.apply_theme(theme)

    def compare(self, left: ComparedNetwork, right: ComparedNetwork, test: LabeledImages) -> None:
        """Evaluate both networks on the test set, unless that is done; then show what differs."""
        if self._test is not test:
            self._test, self._shown = test, None
        self._of_left.ask(left, test)
        self._of_right.ask(right, test)
        self._show()

    def say(self, why: str) -> None:
        """Show nothing, and say why."""
        self._of_left.forget()
        self._of_right.forget()
        self._shown = None
        self.empty.setText(why)
        self._stack.setCurrentIndex(0)

    @Slot()
    def _show(self) -> None:
        """Show what is known of both; until then what was shown before, in gray."""
        left, right = self._of_left, self._of_right
        a, b, test = left.evaluation, right.evaluation, self._test
        if a is None or b is None or test is None:
            self.header.set_quiet(True)
            self._stack.setCurrentIndex(int(self._shown is not None))
            self.empty.setText(_EVALUATING)
            return
        self.header.set_quiet(False)
        self._stack.setCurrentIndex(1)
        if self._shown is not None and self._shown[0] is a and self._shown[1] is b:
            return
        is_first, self._shown = self._shown is None, (a, b)
        comparison = compare_evaluations(a, b)
        only = len(comparison.only_a), len(comparison.only_b)
        self.header.set_text(
            f"Both correct {numeral(comparison.both)}; only left {numeral(only[0])}; only right "
            f"{numeral(only[1])}; neither {numeral(comparison.neither)}"
        )
        self.left.show_digits(comparison.only_a, left, right, test, is_first)
        self.right.show_digits(comparison.only_b, right, left, test, is_first)
