"""What a lesson needs before it can run, and what it gives the curves."""

from __future__ import annotations

from collections.abc import Sequence

from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson
from core.lessons.lesson_run import VariantState
from core.program import how_to_add
from core.runs.run_curves import RunCurves
from core.search.search_files import missing_extras
from core.settings.data_source import data_title
from core.wording import numeral


def why_not(lesson: Lesson, dataset: Dataset | None) -> str:
    """Return what to do before a lesson can run on a data set; "" if nothing."""
    if dataset is None:
        return "Choose a data set first, under Data in the settings."
    if lesson.dataset != "any" and not lesson.is_about(dataset.name):
        return (
            f"This lesson needs the data set {data_title(lesson.dataset)}. "
            "Choose it under Data in the settings."
        )
    needed = max((variant.validation for variant in lesson.variants), default=0)
    if needed >= len(dataset.train_labels):
        return (
            f"This lesson holds out {numeral(needed)} images. Choose a data set with more training "
            "images, such as MNIST."
        )
    if lesson.search is not None and missing_extras():
        return f"Searches are not installed. {how_to_add('search')}"
    return ""


def overlays_of(
    lesson: Lesson, states: Sequence[VariantState], colors: Sequence[str]
) -> list[tuple[str, str, RunCurves]]:
    """Return the name, the color and the curves of each variant that has any."""
    return [
        (variant.name, color, state.curves)
        for variant, color, state in zip(lesson.variants, colors, states, strict=False)
        if state.curves is not None
    ]
