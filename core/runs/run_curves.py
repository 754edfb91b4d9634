"""A run's curves, thinned out, over steps, epochs or seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.history import History, Series

Axis = Literal["step", "epoch", "time"]
"""What curves are drawn over: steps made, epochs, or seconds of training."""

POINTS = 500
"""Of a training curve at most: about one a pixel of a plot."""

_SMOOTHED_EPOCHS = 1 / 15
"""A training curve is the mean over this part of an epoch, some 4,000 images."""


@dataclass(frozen=True)
class Course:
    """When a run was how far: by straight lines between known moments.

    Attributes
    ----------
    step
        float64, (moments,), ascending, the first is 0.
    epoch, seconds
        float64, (moments,), at those steps; seconds are NaN where they are not known.
    """

    step: NDArray[np.float64]
    epoch: NDArray[np.float64]
    seconds: NDArray[np.float64]

    def at(self, steps: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Return where on `axis` a run was after so many steps, (n,)."""
        return np.interp(steps, self.step, self._values(axis))

    def steps_at(self, places: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Return after how many steps a run was at these places on `axis`, (n,)."""
        return np.interp(places, self._values(axis), self.step)

    def _values(self, axis: Axis) -> NDArray[np.float64]:
        return {"step": self.step, "epoch": self.epoch, "time": self.seconds}[axis]


@dataclass(frozen=True)
class RunCurves:
    """What is drawn of a run. All arrays are float64.

    Attributes
    ----------
    course
        Of the run, for the axis.
    step, loss, accuracy
        (points,), at most POINTS: the training batches' loss, without the L2 penalty, and the share
        read rightly, 0…1, as running means.
    test_step, test_loss, test_accuracy
        (evaluations,), on the test set.
    validation_loss, validation_accuracy
        (evaluations,), likewise on the validation split; empty in a run that has none.
    """

    course: Course
    step: NDArray[np.float64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    test_step: NDArray[np.float64]
    test_loss: NDArray[np.float64]
    test_accuracy: NDArray[np.float64]
    validation_loss: NDArray[np.float64]
    validation_accuracy: NDArray[np.float64]


def course_of(history: History, step: int, epoch: float, seconds: float) -> Course:
    """Return the course of a run that has made so many steps, epochs and seconds until now."""
    # The history may have grown since.
    ends, tested = history.epoch_end.values, history.evaluation_step.values
    ends, tested = ends[ends <= step], tested[tested <= step]
    tested_seconds = history.evaluation_seconds.values[: len(tested)]
    moments = np.union1d(np.concatenate(([0], ends, tested)), step).astype(float)
    epochs = np.interp(moments, [0, *ends, step], [0, *range(1, len(ends) + 1), epoch])
    known = np.interp(moments, [0, *tested, step], [0, *tested_seconds, seconds])
    return Course(moments, epochs, known)


def curves_of(history: History, course: Course) -> RunCurves:
    """Return what is drawn of a run that was on this course."""
    steps = len(history.batch_accuracy)  # of a step that is just being recorded, it comes last
    edges = np.unique(np.linspace(0, steps, min(POINTS, steps) + 1).astype(int))
    buckets_an_epoch = (len(edges) - 1) / max(course.epoch[-1], _SMOOTHED_EPOCHS)
    width = max(1, round(_SMOOTHED_EPOCHS * buckets_an_epoch))
    tests = len(history.evaluation_step)

    def means(series: Series) -> NDArray[np.float64]:
        sums = np.add.reduceat(series.values[:steps], edges[:-1], dtype=np.float64)
        return running_mean(sums / np.diff(edges), width)

    def tested(series: Series) -> NDArray[np.float64]:
        return series.values[:tests].astype(float)

    return RunCurves(
        course=course,
        step=(edges[:-1] + edges[1:] + 1) / 2,
        loss=means(history.batch_loss),
        accuracy=means(history.batch_accuracy),
        test_step=tested(history.evaluation_step),
        test_loss=tested(history.test_loss),
        test_accuracy=tested(history.test_accuracy),
        validation_loss=tested(history.validation_loss),
        validation_accuracy=tested(history.validation_accuracy),
    )


def running_mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the mean of each value and the up to `width` - 1 before it, (n,)."""
    total = np.concatenate(([0.0], np.cumsum(values)))
    end = np.arange(1, len(values) + 1)
    begin = np.maximum(end - width, 0)
    return np.asarray((total[end] - total[begin]) / (end - begin))
