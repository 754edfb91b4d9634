"""The records of a lesson's runs, for the list of all runs."""

from __future__ import annotations

from uuid import uuid4

from core.lessons.lesson import Lesson, Variant
from core.lessons.lesson_run import VariantState
from core.runs.run_curves import RunCurves
from core.runs.run_record import RunRecord, thumbnail_between
from core.settings.data_source import DataSource


def records_of(
    lesson: Lesson, states: tuple[VariantState, ...], dataset: DataSource, began: float
) -> list[tuple[RunRecord, RunCurves]]:
    """Return a record and the curves of each variant that has made a step.

    Parameters
    ----------
    states
        Of all variants of the lesson.
    dataset
        What they were trained on.
    began
        When, in POSIX seconds.
    """
    return [
        (_record(lesson, variant, state, state.curves, dataset, began), state.curves)
        for variant, state in zip(lesson.variants, states, strict=True)
        if state.curves is not None
    ]


def _record(
    lesson: Lesson,
    variant: Variant,
    state: VariantState,
    curves: RunCurves,
    dataset: DataSource,
    began: float,
) -> RunRecord:
    course = curves.course
    return RunRecord(
        id=uuid4().hex,
        name=f"{lesson.title}: {variant.name}",
        note="",
        began=began,
        config=variant.run_config(dataset),
        steps=int(course.step[-1]),
        epochs=float(course.epoch[-1]),
        seconds=float(course.seconds[-1]),
        test_loss=None if state.test is None else state.test.loss,
        test_accuracy=state.accuracy,
        live_changes=0,
        path=None,
        thumbnail=thumbnail_between(curves.test_step, curves.test_accuracy),
    )
