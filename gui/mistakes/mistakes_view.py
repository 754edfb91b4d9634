"""Where the network goes wrong: the confusion matrix, and the digits behind its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from core.arrays import LabeledImages
from core.colors import Theme
from core.datasets.dataset import Dataset
from core.training.evaluation import Evaluation
from core.training.snapshot import Snapshot
from core.wording import counted, numeral
from gui.mistakes.confusion_grid import Cell
from gui.mistakes.confusion_matrix import ConfusionMatrix
from gui.mistakes.digit_gallery import DigitGallery
from gui.mistakes.moment_evaluation import MomentEvaluation
from gui.widgets.buttons import button
from gui.widgets.labels import empty_note
from gui.widgets.layouts import column, row
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.tab_view import TabView
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE

_OLD = " (outdated)"
_NOTHING_YET = "Press Space to start training. Mistakes appear after the first step."
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
    user_waits(bool)
        An evaluation that the user waits for begins, or has ended or is no longer wanted.
    """

    digit_chosen = Signal(int)
    user_waits = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mistakes_view")
        left = Qt.AlignmentFlag.AlignLeft
        widest = "10,000 of 10,000 correct after step 1,000,000; 10,000 mistakes" + _OLD
        header = LiveText(widest, TEXT_SIZE, left)
        self.header = named(header, "mistakes_header", "Mistakes in the test set")
        widest = "7 predicted correctly: 10,000\nLeast confident first"
        caption = LiveText(widest, HINT_SIZE, left, quiet=True)
        self.caption = named(caption, "gallery_caption", "Shown digits")
        for text in (self.header, self.caption):
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.matrix = ConfusionMatrix()
        self.matrix.cell_chosen.connect(self._show_cell)
        self.gallery = DigitGallery()
        self.gallery.digit_chosen.connect(self.digit_chosen)
        self.all = button(
            "all_mistakes_button",
            "All mistakes",
            "Show every mistake, not only the selected cell (Escape)",
        )
        self.all.clicked.connect(lambda: self.matrix.select(None))
        self.all.setEnabled(False)
        self._lay_out()
        self._evaluation = MomentEvaluation(self)
        self._evaluation.done.connect(self._on_evaluated)
        self._evaluation.user_waits.connect(self.user_waits)
        self._moment: Snapshot | None = None
        self._evaluated: Snapshot | None = None
        self._test: LabeledImages | None = None
        self._newest: _Result | None = None
        self._drawn: _Result | None = None

    def _lay_out(self) -> None:
        right = column(self.caption, self.gallery, spacing=4, high=self.gallery)
        below = row(self.matrix, right, spacing=12, wide=right)
        below.setStretchFactor(self.matrix, 3)
        top = row(self.header, self.all, wide=self.header)
        content = QWidget()
        content.setLayout(column(top, below, spacing=_SPACING, high=below))
        self._empty = empty = named(empty_note(_NOTHING_YET), "mistakes_empty")
        self._stack = QStackedLayout(self)
        holder = QWidget()  # takes the focus if the matrix had it; the words must not
        holder.setLayout(column(empty, high=empty))
        self._stack.addWidget(holder)
        self._stack.addWidget(content)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.matrix.apply_theme(theme)
        self.gallery.apply_theme(theme)

    # --- what is shown --------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the images of this data set's test set."""
        self._test = dataset.test
        if dataset.classes != self.matrix.classes:
            self.clear()
            self.matrix.show_classes(dataset.classes)
            self.gallery.name_classes(dataset.classes)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest evaluation of the run; an earlier moment is evaluated now."""
        was_past = self._moment is not None
        self._moment = snapshot if snapshot.is_past and snapshot.reads_test_set else None
        if self._moment is not None:
            self._evaluate()
            return
        self._evaluation.forget()
        self._evaluated = None
        if self._test is not None:
            metrics = snapshot.test_metrics
            is_old = metrics is not None and metrics.is_old
            self.show_evaluation(snapshot.test, self._test, snapshot.test_step, is_old)
        if was_past:
            self._empty.setText(_NOTHING_YET)
            if self._newest is not None:
                self._show_age(self._newest)

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
        self._newest = None if evaluation is None else _Result(evaluation, test, step, is_old)
        self._draw()

    def _evaluate(self) -> None:
        """Have the moment evaluated if the view is visible, and say so until then."""
        if self._moment is None or self._test is None or not self.isVisible():
            return
        if self._moment is not self._evaluated:
            self._evaluation.ask(self._moment, self._test)
            shown = self._drawn
            below = "" if shown is None else f" Below: step {numeral(shown.step)}"
            words = f"Evaluating step {numeral(self._moment.step)}…"
            self._empty.setText(words)
            self.header.set_text(f"{words}{below}")
            self.header.set_quiet(True)

    @Slot(object, object)
    def _on_evaluated(self, _moment: Snapshot, evaluation: Evaluation) -> None:
        if self._moment is not None and self._test is not None:
            self._evaluated = self._moment
            self.show_evaluation(evaluation, self._test, self._moment.step)

    def clear(self) -> None:
        """Forget the run; the selected cell stays."""
        self._newest = self._moment = self._evaluated = None
        self._empty.setText(_NOTHING_YET)
        self._evaluation.forget()
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what the matrix has no use for to the gallery."""
        super().resizeEvent(event)
        self.matrix.fit(self.height() - self.all.sizeHint().height() - _SPACING)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what is new."""
        super().showEvent(event)
        self._draw()
        self._evaluate()

    def _draw(self) -> None:
        if not self.isVisible():
            return
        before, self._drawn, newest = self._drawn, self._newest, self._newest
        self._stack.setCurrentIndex(int(newest is not None))
        if newest is None:
            if before is not None:
                self.matrix.show_evaluation(None)
                self.gallery.clear()
        elif before is None or newest.evaluation is not before.evaluation:
            self.matrix.show_evaluation(newest.evaluation)
            self._show_age(newest)
            is_same_set = before is not None and before.images.images is newest.images.images
            self._show_digits(newest, from_the_first=not is_same_set)
        elif newest.is_old != before.is_old:
            self._show_age(newest)

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
        self.caption.set_text(_caption(cell, len(digits), self.matrix.classes))


def _header(result: _Result) -> str:
    is_correct = result.evaluation.is_correct
    rights = int(np.count_nonzero(is_correct))
    return (
        f"{numeral(rights)} of {numeral(len(is_correct))} correct after step "
        f"{numeral(result.step)}; "
        f"{counted(len(is_correct) - rights, 'mistake')}{_OLD if result.is_old else ''}"
    )


def _caption(cell: Cell | None, count: int, classes: tuple[str, ...]) -> str:
    if cell is None:
        return f"{counted(count, 'mistake')}\nMost confident first" if count else "No mistakes"
    digit, guess = (classes[place] for place in cell)
    if cell[0] == cell[1]:
        return f"{digit} predicted correctly: {numeral(count)}\nLeast confident first"
    return (
        f"{digit} predicted as {guess}: {numeral(count)}\nMost confident first"
        if count
        else f"No {digit} predicted as {guess}"
    )
