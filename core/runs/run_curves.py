"""A run's curves, thinned out, over steps, epochs or seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.history.history import History

Axis = Literal["step", "epoch", "time"]
"""The x axis of curves: steps, epochs, or seconds of training."""

POINTS = 1_000
"""Approximate most points of a curve: one per pixel of a plot."""


@dataclass(frozen=True, eq=False)
class Course:
    """Relates the steps, epochs and seconds of a run, interpolated linearly between known moments.

    Attributes
    ----------
    step
        float64, (moments,), ascending. The first is 0, or where a branch begins: its steps, epochs
        and seconds continue those of its parent.
    epoch, seconds
        float64, (moments,), at those steps; seconds are NaN where they are not known.
    """

    step: NDArray[np.float64]
    epoch: NDArray[np.float64]
    seconds: NDArray[np.float64]

    def at(self, steps: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Return where on `axis` a run was after `steps`, (n,)."""
        return np.interp(steps, self.step, self._values(axis))

    def steps_at(self, places: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Return how many steps a run had made at these places on `axis`, (n,)."""
        return np.interp(places, self._values(axis), self.step)

    def after(self, steps: int, epochs: float, seconds: float) -> Course:
        """Return the course of a run that begins where another had made these."""
        return Course(self.step + steps, self.epoch + epochs, self.seconds + seconds)

    def until(self, step: float) -> Course:
        """Return the course up to a step that it reaches; it has a moment there."""
        kept = self.step < step
        end = np.array([step])
        ends = (np.append(values[kept], self.at(end, axis)) for axis, values in self._axes.items())
        return Course(*ends)

    def thinned(self, most: int) -> Course:
        """Return the course with at most `most` of its moments, evenly spaced."""
        kept = np.linspace(0, len(self.step) - 1, min(most, len(self.step))).astype(int)
        return Course(self.step[kept], self.epoch[kept], self.seconds[kept])

    def _values(self, axis: Axis) -> NDArray[np.float64]:
        return self._axes[axis]

    @property
    def _axes(self) -> dict[Axis, NDArray[np.float64]]:
        return {"step": self.step, "epoch": self.epoch, "time": self.seconds}


@dataclass(frozen=True, eq=False)
class RunCurves:
    """What is drawn of a run. All arrays are float64.

    Attributes
    ----------
    course
        Relates steps, epochs and seconds.
    step, loss, accuracy
        (points,): loss of the training batches without the L2 penalty, and accuracy, 0…1; both
        smoothed by :meth:`core.history.spread.Spread.smoothed`.
    test_step, test_loss, test_accuracy
        (evaluations,), on the test set; if there are more than POINTS, means of several.
    validation_loss, validation_accuracy
        (evaluations,), on the validation split; empty without one.
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

    def after(self, steps: int, epochs: float, seconds: float) -> RunCurves:
        """Return the curves of a run that begins where another had made these."""
        return replace(
            self,
            course=self.course.after(steps, epochs, seconds),
            step=self.step + steps,
            test_step=self.test_step + steps,
        )

    def until(self, step: float) -> RunCurves:
        """Return the curves up to a step."""
        trained, tested = (
            int(np.searchsorted(steps, step, side="right")) for steps in (self.step, self.test_step)
        )
        return RunCurves(
            self.course.until(step),
            self.step[:trained],
            self.loss[:trained],
            self.accuracy[:trained],
            self.test_step[:tested],
            self.test_loss[:tested],
            self.test_accuracy[:tested],
            self.validation_loss[:tested],
            self.validation_accuracy[:tested],
        )


def course_of(history: History, step: int, epoch: float, seconds: float) -> Course:
    """Return the course of a run after `step` steps, `epoch` epochs and `seconds` seconds."""
    epochs, evaluations = history.epochs, history.evaluations
    ends, tested = epochs.last("epoch_end"), evaluations.last("evaluation_step")
    tested_seconds = evaluations.last("evaluation_seconds")
    moments = np.union1d(np.concatenate(([0], ends, tested)), step).astype(float)
    return Course(
        moments,
        np.interp(moments, _within(0, ends, step), _within(0, epochs.counts, epoch)),
        np.interp(moments, _within(0, tested, step), _within(0, tested_seconds, seconds)),
    )


def _within(first: float, between: NDArray[Any], last: float) -> NDArray[np.float64]:
    return np.concatenate(([first], between, [last]))


def curves_of(history: History, course: Course) -> RunCurves:
    """Return the curves of a run with this course."""
    steps, evaluations = history.steps, history.evaluations
    losses, accuracies = steps.spread("batch_loss"), steps.spread("batch_accuracy")
    drawn = losses.thin(0, steps.count, POINTS)

    def tested(name: str) -> NDArray[np.float64]:
        return evaluations.spread(name).thin(0, evaluations.count, POINTS).mean.astype(float)

    test_counts = evaluations.spread("test_loss").thin(0, evaluations.count, POINTS).count
    return RunCurves(
        course=course.thinned(POINTS),
        step=drawn.x,
        loss=losses.smoothed(drawn),
        accuracy=accuracies.smoothed(drawn),
        test_step=evaluations.last_at("evaluation_step", test_counts).astype(float),
        test_loss=tested("test_loss"),
        test_accuracy=tested("test_accuracy"),
        validation_loss=tested("validation_loss"),
        validation_accuracy=tested("validation_accuracy"),
    )
