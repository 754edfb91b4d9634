"""Where a run's steps lie on the x axis: over steps, epochs or seconds of training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.runs.run_curves import Axis, Course

_Array = NDArray[np.float64]


@dataclass(frozen=True)
class _AxisKind:
    """One of the x axes that curves can be drawn over.

    Attributes
    ----------
    title
        Label of the axis, with the unit.
    option, tool_tip
        Texts of the choice between them.
    shortest
        Where the axis ends while there is nothing to draw.
    """

    title: str
    option: str
    tool_tip: str
    shortest: float


AXES: dict[Axis, _AxisKind] = {
    "step": _AxisKind("step", "step", "Over training steps", 10),
    "epoch": _AxisKind("epoch", "epoch", "Over passes through the training images", 0.1),
    "time": _AxisKind(
        "training time, s", "time", "Over seconds of training, without pauses and tests", 1
    ),
}


def places(course: Course, steps: _Array, axis: Axis) -> _Array:
    """Return where on `axis` a run was after `steps`, (n,); NaN where that is not known.

    Missing seconds are interpolated linearly.
    """
    if axis == "step":
        return steps
    return _timed(course, axis).at(steps, axis)


def is_known(course: Course, axis: Axis) -> bool:
    """Return whether the run has a place on `axis`: old files do not say how long a run took."""
    return axis != "time" or bool(np.isfinite(course.seconds[-1]))


def steps_at(course: Course, places: _Array, axis: Axis) -> _Array:
    """Return how many steps a run had made at these places on `axis`, (n,); 0 if not known."""
    if axis == "step":
        return places
    if not is_known(course, axis):
        return np.zeros_like(places)
    return _timed(course, axis).steps_at(places, axis)


def _timed(course: Course, axis: Axis) -> Course:
    known = np.isfinite(course.seconds)
    if axis != "time" or known.all() or not is_known(course, axis):
        return course
    return Course(course.step[known], course.epoch[known], course.seconds[known])
