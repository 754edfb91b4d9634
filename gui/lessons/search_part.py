"""What a lesson's search tries, what can be predicted of it, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from core.lessons.lesson import LessonSearch
from core.search.search_progress import SearchProgress
from core.search.varied import Varied
from core.wording import counted, numeral
from gui.lessons.variant_row import predicting
from gui.search.search_panel import progress_text
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.theme import SPACE

_STATUS_LINES = 2


class SearchPart(QWidget):
    """The progress of a search, under what it tries.

    Attributes
    ----------
    predictions, choices
        A round button for each choice, and a widget with these and their texts.
    """

    def __init__(self, search: LessonSearch) -> None:
        super().__init__()
        self.predictions = [predicting(text, index) for index, text in enumerate(search.choices)]
        self.choices = QWidget()
        lines = []
        for button, text in zip(self.predictions, search.choices, strict=True):
            words = label(text)
            words.setWordWrap(True)
            lines.append(row(button, words, spacing=2 * SPACE, wide=words))
        self.choices.setLayout(column(*lines, spacing=2 * SPACE))
        self.choices.setVisible(bool(search.choices))
        tries = named(label(_description(search), "hint"), "lesson_search_plan")
        self.bar = named(QProgressBar(textVisible=False), "lesson_search_progress", "Progress")
        self.status = named(label("", "hint"), "lesson_search_status")
        self.status.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.status.setFixedHeight(_STATUS_LINES * self.status.fontMetrics().lineSpacing())
        for each in (tries, self.status):
            each.setWordWrap(True)
        self.setLayout(column(tries, self.bar, self.status, spacing=2 * SPACE))
        self.show_progress(None)

    def show_progress(self, progress: SearchProgress | None) -> None:
        """Show how far the search is; None: not run yet."""
        done, total = (progress.done, progress.total) if progress is not None else (0, 1)
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.status.setText("Not run yet" if progress is None else progress_text(progress))


def _description(search: LessonSearch) -> str:
    """Return what a search tries, such as "Batch size: 4, 16. 2 trials of 1 epoch each."."""
    lines = [f"{varied.setting.title}: {_values(varied, search)}" for varied in search.varied]
    plan = search.plan("strokes", 60_000)
    trials = f"{counted(plan.combinations, 'trial')} of {counted(plan.epochs, 'epoch')}"
    runs = f", {plan.runs_per_trial} runs each" if plan.runs_per_trial > 1 else ""
    return "\n".join([*lines, f"{trials}{runs}"])


def _values(varied: Varied, search: LessonSearch) -> str:
    is_listed = varied.values or search.sampler == "grid"
    values = varied.grid() if is_listed else varied.extremes
    texts = [each if isinstance(each, str) else numeral(each, ".4g") for each in values]
    return (", " if is_listed else " to ").join(texts)
