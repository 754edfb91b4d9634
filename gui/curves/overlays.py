"""The curves of other runs, as they lie in the plots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt

from core.colors import Theme
from core.runs.run_curves import Axis, RunCurves
from gui.curves.chart import Array, Line
from gui.curves.run_axis import is_known, places

MOST_OVERLAYS = 8
"""No more colors can be told apart."""

Scale = Callable[[Array], Array]
"""From values to what is drawn."""


@dataclass(frozen=True, eq=False)
class Points:
    """A metric of a run, over the x axis: both (points,), float64 and finite."""

    x: Array
    values: Array

    @classmethod
    def of(cls, x: Array, values: Array) -> Points:
        """Return the finite points: a run that diverges ends in others."""
        finite = np.isfinite(x) & np.isfinite(values)
        return cls(x[finite], values[finite])

    def within(self, left: float, right: float) -> Array:
        """Return the values in a part of the x axis."""
        first, last = np.searchsorted(self.x, (left, right))
        return self.values[first : last + 1]


@dataclass(frozen=True, eq=False)
class Overlay:
    """Another run over one of the axes.

    Attributes
    ----------
    color
        Of all its lines, as #rrggbb.
    metrics
        "loss" and "accuracy": of training, and of the test set.
    begin, end
        Where the run begins and ends on the x axis.
    is_known
        Whether the run has a place on the x axis; otherwise it is not drawn.
    """

    title: str
    color: str
    metrics: dict[str, tuple[Points, Points]]
    begin: float
    end: float
    is_known: bool

    @classmethod
    def of(cls, title: str, color: str, run: RunCurves, axis: Axis) -> Overlay:
        """Return a run over `axis`."""
        at, at_tests = (places(run.course, steps, axis) for steps in (run.step, run.test_step))
        known = is_known(run.course, axis)
        ends = places(run.course, run.course.step[[0, -1]], axis) if known else np.zeros(2)
        begin, end = ends.tolist()
        metrics = {
            "loss": (Points.of(at, run.loss), Points.of(at_tests, run.test_loss)),
            "accuracy": (Points.of(at, run.accuracy), Points.of(at_tests, run.test_accuracy)),
        }
        return cls(title, color, metrics, begin, end, known)

    def in_theme(self, old: Theme, new: Theme) -> Overlay:
        """Return the run in the color that stands in `new` where its own stands in `old`."""
        if self.color not in old.overlays:
            return self
        return replace(self, color=new.overlays[old.overlays.index(self.color)])

    def lines(self, what: str, scale: Scale, form: Callable[[float], str]) -> list[Line]:
        """Return the lines of "loss" or "accuracy": solid for training, dashed for tests."""
        train, test = self.metrics[what]
        solid, dash = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        newest, tested = (
            form(float(points.values[-1])) if len(points.values) else "" for points in (train, test)
        )
        return [
            Line(self.title, self.color, train.x, scale(train.values), solid, newest),
            Line(self.title, self.color, test.x, scale(test.values), dash, tested, has_dots=True),
        ]

    def texts(self, what: str, x: float, form: Callable[[float], str]) -> list[str]:
        """Return the values of training and tests at a place on the x axis as text, if any."""
        if x > self.end:
            return ["ended before"]
        trained, tested = self.values_at(what, x)
        return [
            *([] if trained is None else [form(trained)]),
            *([] if tested is None else [f"test {form(tested)}"]),
        ]

    def values_at(self, what: str, x: float) -> tuple[float | None, float | None]:
        """Return the value of training at a place on the x axis, and that of the last test."""
        train, test = self.metrics[what]
        is_within = len(train.x) > 0 and train.x[0] <= x <= train.x[-1]
        before = int(np.searchsorted(test.x, x, side="right"))
        return (
            float(np.interp(x, train.x, train.values)) if is_within else None,
            float(test.values[before - 1]) if before else None,
        )
