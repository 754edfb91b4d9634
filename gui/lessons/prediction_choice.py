"""What the user predicts before a lesson runs, and whether it was correct."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from core.lessons.lesson import Lesson
from gui.widgets.labels import label
from gui.widgets.radio_button import RadioButton


class PredictionChoice(QWidget):
    """Asks for a prediction, which is made with a round button for each choice.

    It is hidden, and so are they, unless the lesson asks for a prediction.

    Signals
    -------
    chosen(index)
        The user predicts this.
    """

    chosen = Signal(int)

    def __init__(self, lesson: Lesson, buttons: Sequence[RadioButton]) -> None:
        super().__init__()
        self._lesson = lesson
        self.question = label(f"Predict first: {lesson.predict}")
        self.question.setObjectName("lesson_predict")
        self.question.setWordWrap(True)
        self._group = QButtonGroup(self)
        for index, button in enumerate(buttons):
            self._group.addButton(button, index)
            button.setVisible(self.is_wanted)
        self._group.idClicked.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.question)
        self.setVisible(self.is_wanted)

    @property
    def is_wanted(self) -> bool:
        """Whether the lesson asks for a prediction."""
        return bool(self._lesson.predict)

    @property
    def is_made(self) -> bool:
        """Whether one is chosen."""
        return self._group.checkedButton() is not None

    def choose(self, index: int) -> None:
        """Choose what was predicted earlier."""
        self._group.button(index).setChecked(True)

    def set_open(self, is_open: bool) -> None:
        """Let the user choose, or keep what is chosen: it cannot change once results are seen."""
        for button in self._group.buttons():
            button.setEnabled(is_open)

    def comparison(self, is_answer_shown: bool) -> str:
        """Return what to compare after the run; with the answer, whether it was predicted."""
        if self._lesson.search is not None:
            compare = "Look at the trials in the tab Search before you show the answer."
        elif not self.is_made:
            compare = "Compare the curves before you show the answer."
        else:
            compare = "Compare its curves with the others before you show the answer."
        if not self.is_made:
            return "" if is_answer_shown else compare
        name = self._lesson.choices[self._group.checkedId()]
        if not is_answer_shown:
            return f"You predicted “{name}”. {compare}"
        correct = self._lesson.correct
        if not correct:
            return f"You predicted “{name}”."
        if name == correct:
            return f"Your prediction, “{name}”, is correct."
        return f"You predicted “{name}”; it is “{correct}”."
