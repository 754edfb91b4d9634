"""One lesson: its text, a prediction, its runs, the question and the answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QWidget,
)

from core.colors import Theme
from core.lessons.lesson import Lesson
from core.lessons.lesson_run import VariantState
from core.search.search_progress import SearchProgress
from gui.lessons.prediction_choice import PredictionChoice
from gui.lessons.search_part import SearchPart
from gui.lessons.variant_row import VariantRow
from gui.widgets.button import Button
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.literal_text import literal
from gui.widgets.theme import SPACE

_WORDS = 3
"""Lines that what prevents a run or is to be compared may have."""
_WIDE = 560
"""From this width in pixels on, the texts are beside the runs instead of above them."""


class LessonCard(QWidget):
    """Shows a lesson; its owner runs it.

    Attributes
    ----------
    foot
        What prevents it from running, what to compare, and the button that asks for the answer.
        It belongs below the card, outside what scrolls, so that nothing moves when a run ends.

    Signals
    -------
    run_requested, stop_requested
        The button was clicked.
    open_requested(index)
        The user wants to try the settings of a variant.
    predicted(index)
        The user predicts a variant, or one of the choices of the search.
    """

    run_requested = Signal()
    stop_requested = Signal()
    open_requested = Signal(int)
    predicted = Signal(int)

    def __init__(self, lesson: Lesson, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson_card")
        self.setAccessibleName(lesson.title)
        self._is_running = self._is_done = self._has_results = False
        self.title = label(lesson.title, "title")
        self.text = label(lesson.text)
        self.question = label(lesson.question)
        self.question.setObjectName("lesson_question")
        self.hint = label("", "hint")
        self.hint.setObjectName("lesson_hint")
        self.answer = label(lesson.answer)
        self.answer.setObjectName("lesson_answer")
        self.rows = [VariantRow(each, index) for index, each in enumerate(lesson.variants)]
        for index, row in enumerate(self.rows):
            row.open_requested.connect(lambda index=index: self.open_requested.emit(index))
        self.search = None if lesson.search is None else SearchPart(lesson.search)
        buttons = self.search.predictions if self.search else [row.prediction for row in self.rows]
        self.prediction = PredictionChoice(lesson, buttons)
        self.prediction.chosen.connect(self._on_predicted)
        self.comparison = label("", "hint")
        self.comparison.setObjectName("lesson_comparison")
        for text in (self.title, self.text, self.question, self.hint, self.comparison, self.answer):
            text.setWordWrap(True)
        for text in (self.text, self.question, self.answer):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._make_buttons()
        self._lay_out()
        self.show_answer(False)
        self.set_hint("")
        self.set_running(False)

    def _make_buttons(self) -> None:
        self.run = Button()
        self.run.setObjectName("lesson_run_button")
        self.run.clicked.connect(self._on_run)
        self.answer_button = Button("Show the answer")
        self.answer_button.setObjectName("lesson_answer_button")
        self.answer_button.setAccessibleName("Show the answer")
        self.answer_button.setToolTip("Show it when you have compared the runs")
        self.answer_button.clicked.connect(lambda: self.show_answer(True))

    def _lay_out(self) -> None:
        """Make the three parts that :meth:`_arrange` places."""
        self.answer_heading = label("Answer", "hint")
        heading = label("Question", "hint")
        self._texts = _part(2 * SPACE, [self.title, self.text, heading, self.question])
        anew = label("Trying settings starts a new run. Go back returns to yours.", "hint")
        anew.setWordWrap(True)
        runs = [self.prediction, _left(self.run), *self.rows, anew]
        if self.search is not None:
            runs = [self.prediction, self.search.choices, _left(self.run), self.search]
        self._runs = _part(3 * SPACE, runs)
        self._answers = _part(2 * SPACE, [self.answer_heading, self.answer])
        self._make_foot()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 2 * SPACE, 2 * SPACE)
        self._grid.setHorizontalSpacing(6 * SPACE)
        self._grid.setVerticalSpacing(4 * SPACE)
        self._is_wide: bool | None = None
        self._arrange()

    def _make_foot(self) -> None:
        """Make what stays in sight, with room for words that come and go."""
        words = _part(0, [self.hint, self.comparison])
        words.setFixedHeight(_WORDS * self.hint.fontMetrics().lineSpacing())
        self.foot = _part(SPACE, [words, _left(self.answer_button)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the texts beside the runs, or above and below them."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= _WIDE
        if wide == self._is_wide:
            return
        self._is_wide = wide
        grid = self._grid
        grid.addWidget(self._texts, 0, 0)
        grid.addWidget(self._runs, *((0, 1, 3, 1) if wide else (1, 0)))
        grid.addWidget(self._answers, 1 if wide else 2, 0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1 if wide else 0)
        grid.setRowStretch(2 if wide else 3, 1)
        grid.setRowStretch(3 if wide else 2, 0)

    def show_states(self, states: Sequence[VariantState]) -> None:
        """Show how far each variant is."""
        if not states:
            return
        for row, state in zip(self.rows, states, strict=True):
            row.show_state(state)
        self._has_results = any(state.share for state in states)
        self._is_done = all(state.share >= 1 for state in states)
        self._show_stage()

    def show_search(self, progress: SearchProgress | None, is_done: bool) -> None:
        """Show how far the search is; None: not run yet."""
        if self.search is not None:
            self.search.show_progress(progress)
            self._has_results = progress is not None
            self._is_done = is_done
            self._show_stage()

    def show_prediction(self, index: int) -> None:
        """Show what was predicted earlier."""
        self.prediction.choose(index)
        self._show_stage()

    def set_colors(self, colors: Sequence[str], theme: Theme) -> None:
        """Draw each variant in the color of its curves."""
        for row, color in zip(self.rows, colors, strict=False):
            row.set_colors(color, theme)

    def set_running(self, on: bool) -> None:
        """Make the button stop the lesson, or run it."""
        self._is_running = on
        self._show_stage()

    def _show_stage(self) -> None:
        """Show what comes next: to predict, to run, to compare, or the answer."""
        on = self._is_running
        is_first = self.prediction.is_wanted and not self.prediction.is_made
        is_skipping = is_first and not self._has_results and not on
        self.prediction.set_open(not on and not self._has_results)
        self._widen_run()
        self.run.setText("Stop" if on else "Skip and run" if is_skipping else "Run")
        self.run.setAccessibleName(
            "Stop this lesson"
            if on
            else "Run this lesson without a prediction"
            if is_skipping
            else "Run this lesson"
        )
        self.run.setToolTip(
            "Stop; what has ended stays"
            if on
            else "Train these networks and draw their curves together; your own run pauses"
            if self.search is None
            else "Begin this search, which the tab Search shows; your own run pauses"
        )
        text = self.prediction.comparison(self.is_answer_shown)
        self.comparison.setText(text)
        is_due = self._is_done or self.is_answer_shown
        self.comparison.setVisible(bool(text) and is_due and self.hint.isHidden())

    def _widen_run(self) -> None:
        """Keep the button as wide as it has been: it must not shrink away from the mouse."""
        self.run.setMinimumWidth(max(self.run.minimumWidth(), self.run.sizeHint().width()))

    @Slot(int)
    def _on_predicted(self, index: int) -> None:
        self._show_stage()
        self.predicted.emit(index)

    def set_can_run(self, can: bool) -> None:
        """Enable or disable the button."""
        self.run.setEnabled(can)

    def set_hint(self, text: str) -> None:
        """Show what prevents the lesson from running, or has stopped it; "" for nothing."""
        self.hint.setText(text)
        self.hint.setToolTip(literal(text))
        self.hint.setVisible(bool(text))
        self._show_stage()

    def show_answer(self, on: bool) -> None:
        """Show the answer, or the button that shows it; the focus of one goes to the other."""
        had_focus = self.answer_button.hasFocus()
        self.answer_heading.setVisible(on)
        self.answer.setVisible(on)
        if on and had_focus:
            self.answer.setFocus(Qt.FocusReason.OtherFocusReason)
        self.answer_button.setVisible(not on)
        self._show_stage()

    @property
    def is_answer_shown(self) -> bool:
        """Whether the answer was asked for."""
        return not self.answer.isHidden()

    @Slot()
    def _on_run(self) -> None:
        (self.stop_requested if self._is_running else self.run_requested).emit()


def _part(spacing: int, widgets: Sequence[QWidget]) -> QWidget:
    """Return a widget with these stacked at its top."""
    box = QWidget()
    layout = column(*widgets, spacing=spacing)
    layout.addStretch(1)
    box.setLayout(layout)
    return box


def _left(widget: QWidget) -> QWidget:
    """Return `widget` at its natural width, on the left."""
    box = QWidget()
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(widget)
    line.addStretch(1)
    return box
