"""Where the network goes wrong: the confusion matrix, and the digits behind its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.training.evaluation import Evaluation
from core.training.snapshot import Snapshot
from core.wording import counted, numeral
from gui.mistakes.confusion_grid import Cell
from gui.mistakes.confusion_matrix import ConfusionMatrix
from gui.mistakes.digit_gallery import DigitGallery
from gui.widgets.labels import label
from gui.widgets.live_text import LiveText
from gui.widgets.tab_view import TabView
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE, Theme

_OLD = " (outdated)"
_SPACING = 8


@dataclass(frozen=True, eq=False)
class _Result:
    """An evaluation on the test set, and its step."""

    evaluation: Evaluation
    images: LabeledImages
    step: int
    is_old: bool


class MistakesView(TabView):
    """Matrix and gallery; drawn only while visible.

    Signals
    -------
    digit_chosen(int)
        The user wants a digit on the pad: its index in the test set.
    """

    digit_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mistakes_view")
        left = Qt.AlignmentFlag.AlignLeft
        widest = "10,000 of 10,000 correct after step 1,000,000; 10,000 mistakes" + _OLD
        self.header = LiveText(widest, TEXT_SIZE, left)
        self.header.setObjectName("mistakes_header")
        self.header.setAccessibleName("Mistakes in the test set")
        self.caption = LiveText(
            "7 predicted correctly: 10,000, least confident first", HINT_SIZE, left, quiet=True
        )
        self.caption.setObjectName("gallery_caption")
        self.caption.setAccessibleName("Shown digits")
        for text in (self.header, self.caption):
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.matrix = ConfusionMatrix()
        self.matrix.cell_chosen.connect(self._show_cell)
        self.gallery = DigitGallery()
        self.gallery.digit_chosen.connect(self.digit_chosen)
        self.all = QPushButton("All mistakes")
        self.all.setObjectName("all_mistakes_button")
        self.all.setToolTip("Show every mistake, not only the selected cell (Escape)")
        self.all.clicked.connect(lambda: self.matrix.select(None))
        self.all.setEnabled(False)
        self._lay_out()
        self._test: LabeledImages | None = None
        self._newest: _Result | None = None
        self._drawn: _Result | None = None

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.header, 1)
        top.addWidget(self.all)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.caption)
        right.addWidget(self.gallery, 1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.matrix, 2)
        below.addLayout(right, 1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_SPACING)
        layout.addLayout(top)
        layout.addLayout(below, 1)
        empty = label(
            "Press Space to start training. Mistakes appear after the first step.", "quiet"
        )
        empty.setObjectName("mistakes_empty")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.matrix.apply_theme(theme)
        self.gallery.apply_theme(theme)

    # --- what is shown --------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the images of this data set's test set."""
        self._test = dataset.test

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest evaluation of the run."""
        if self._test is not None:
            metrics = snapshot.test_metrics
            is_old = metrics is not None and metrics.is_old
            self.show_evaluation(snapshot.test, self._test, snapshot.test_step, is_old)

    def show_evaluation(
        self,
        evaluation: Evaluation | None,
        test: LabeledImages,
        step: int,
        is_old: bool = False,
    ) -> None:
        """Show an evaluation; showing the same one again costs nothing.

        Parameters
        ----------
        evaluation
            The newest, None before the first.
        test
            The test set.
        step, is_old
            Its step, and whether the network has changed since.
        """
        newest = self._newest
        if evaluation is None:
            self._newest = None
        elif newest is None or evaluation is not newest.evaluation:
            self._newest = _Result(evaluation, test, step, is_old)
        elif is_old != newest.is_old:
            self._newest = replace(newest, is_old=is_old)
        self._draw()

    @Slot()
    def clear(self) -> None:
        """Forget the run; the selected cell stays."""
        self._newest = None
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what the matrix has no use for to the gallery."""
        super().resizeEvent(event)
        self.matrix.fit(self.height() - self.all.sizeHint().height() - _SPACING)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what is new."""
        super().showEvent(event)
        self._draw()

    def _draw(self) -> None:
        if not self.isVisible() or self._newest is self._drawn:
            return
        before, self._drawn = self._drawn, self._newest
        if (
            before is not None
            and self._newest is not None
            and before.evaluation is self._newest.evaluation
        ):
            self._show_age(self._newest)
            return
        self._stack.setCurrentIndex(0 if self._newest is None else 1)
        if self._newest is None:
            self.matrix.show_evaluation(None)
            self.gallery.clear()
            return
        self.matrix.show_evaluation(self._newest.evaluation)
        self._show_age(self._newest)
        is_same_set = before is not None and before.images.images is self._newest.images.images
        self._show_digits(self._newest, from_the_first=not is_same_set)

    def _show_age(self, result: _Result) -> None:
        """Show the accuracy and its step, gray if the network has changed since."""
        self.header.set_text(_header(result))
        self.header.set_quiet(result.is_old)

    @Slot(object)
    def _show_cell(self, cell: Cell | None) -> None:
        self.all.setEnabled(cell is not None)
        if self._drawn is not None:
            self._show_digits(self._drawn, from_the_first=True)

    def _show_digits(self, result: _Result, from_the_first: bool) -> None:
        cell = self.matrix.selected
        digits = result.evaluation.worst_first(result.images.labels, cell)
        if from_the_first:
            self.gallery.show_digits(digits, result.evaluation, result.images)
        else:
            self.gallery.show_newer(digits, result.evaluation)
        self.caption.set_text(_caption(cell, len(digits)))


def _header(result: _Result) -> str:
    is_correct = result.evaluation.is_correct
    rights = int(np.count_nonzero(is_correct))
    return (
        f"{numeral(rights)} of {numeral(len(is_correct))} correct after step "
        f"{numeral(result.step)}; "
        f"{counted(len(is_correct) - rights, 'mistake')}{_OLD if result.is_old else ''}"
    )


def _caption(cell: Cell | None, count: int) -> str:
    if cell is None:
        return f"{counted(count, 'mistake')}, most confident first" if count else "No mistakes"
    digit, guess = cell
    if digit == guess:
        return f"{digit} predicted correctly: {numeral(count)}, least confident first"
    return (
        f"{digit} predicted as {guess}: {numeral(count)}, most confident first"
        if count
        else f"No {digit} predicted as {guess}"
    )
