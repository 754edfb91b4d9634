"""A run's loss and accuracy as charts, as the window's two plots show them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from core.runs.run_curves import Axis
from core.training.snapshot import Snapshot
from core.wording import percent
from gui.curves.chart import Chart, Line
from gui.curves.curve import envelope
from gui.curves.curve_ranges import (
    UNSETTLED,
    accuracy_range,
    as_percent,
    log_loss_range,
    loss_range,
    scaled_loss,
    without_start,
)
from gui.curves.live_run import LiveRun
from gui.curves.run_axis import AXES
from gui.widgets.theme import Theme

_POINTS = 800
"""Approximate number of points of a training curve: two per pixel."""

_Array = NDArray[np.float64]
_Scale = Callable[[_Array], _Array]
"""From values to what is drawn."""


def charts_of(snapshot: Snapshot, axis: Axis, is_log: bool, theme: Theme) -> tuple[Chart, Chart]:
    """Return the charts of the loss and of the accuracy.

    Parameters
    ----------
    snapshot
        Of a run that has made a step.
    axis
        The x axis; steps if this one is not known for the run.
    is_log
        Whether the scale of the loss is logarithmic.
    theme
        The colors of the lines.
    """
    curves = _Curves(snapshot, axis, theme)
    return _loss_chart(curves, is_log), _accuracy_chart(curves)


class _Curves:
    """The lines of one run.

    Attributes
    ----------
    x_title, x_range
        Of the x axis.
    resized
        Where on it the network was resized.
    """

    def __init__(self, snapshot: Snapshot, axis: Axis, theme: Theme) -> None:
        run = LiveRun()
        run.take(snapshot)
        run.axis = axis
        if not run.is_known:
            run.axis = "step"
        self._run = run
        self.theme = theme
        self.x_title = AXES[run.axis].title
        self.x_range = (0.0, run.end)
        self.resized = run.at(np.array([float(each.step) for each in run.resizes]))

    def trained(self, name: str) -> tuple[_Array, _Array, _Array, _Array]:
        """Return places, the least, the largest and the smoothed value there, (points,) each."""
        trained = self._run.trained(name)
        drawn = trained.thin(0, self._run.steps, _POINTS)
        smooth = trained.smoothed(drawn)
        finite = np.isfinite(drawn.low) & np.isfinite(drawn.high) & np.isfinite(smooth)
        x = self._run.at(drawn.x)
        return x[finite], drawn.low[finite], drawn.high[finite], smooth[finite]

    def evaluated(
        self, what: str, form: Callable[[float], str], scale: _Scale
    ) -> tuple[list[Line], _Array]:
        """Return the lines of "loss" or "accuracy" at evaluations, titled by their last values.

        The second result holds the values that count for the range.
        """
        lines, settled = [], []
        for title, color, style in (
            ("validation", self.theme.validation, Qt.PenStyle.DotLine),
            ("test", self.theme.test, Qt.PenStyle.DashLine),
        ):
            steps, evaluated = self._run.evaluated(f"{title}_{what}", _POINTS)
            values = evaluated.mean.astype(float)
            finite = np.isfinite(values)
            steps, values = steps[finite], values[finite]
            if len(values):
                last = f"{title} {form(values[-1])}"
                lines.append(Line(last, color, self._run.at(steps), scale(values), style))
                settled.append(values[steps >= UNSETTLED * self._run.steps])
        return lines, np.concatenate(settled or [np.empty(0)])


def _loss_chart(curves: _Curves, is_log: bool) -> Chart:
    theme = curves.theme
    scale = partial(scaled_loss, is_log=is_log)
    x, low, high, smooth = curves.trained("batch_loss")
    evaluated, settled = curves.evaluated("loss", "{:.3f}".format, scale)
    batches = envelope(x, scale(low), scale(high))
    lines = [
        Line("batch", theme.train_faint, *batches, width=1),
        Line("smoothed", theme.train, x, scale(smooth)),
        *evaluated,
    ]
    if is_log:
        y_range = log_loss_range(np.concatenate((smooth, settled)))
    else:
        y_range = loss_range(np.concatenate((without_start(smooth), settled)))
    return Chart(
        title="Loss",
        x_title=curves.x_title,
        y_title="cross-entropy",
        lines=lines,
        marks=curves.resized,
        x_range=curves.x_range,
        y_range=y_range,
        is_log=is_log,
    )


def _accuracy_chart(curves: _Curves) -> Chart:
    x, _low, _high, smooth = curves.trained("batch_accuracy")
    evaluated, settled = curves.evaluated("accuracy", percent, as_percent)
    lines = [Line("train", curves.theme.train, x, as_percent(smooth)), *evaluated]
    y_range = accuracy_range(as_percent(np.concatenate((without_start(smooth), settled))))
    return Chart(
        title="Accuracy",
        x_title=curves.x_title,
        y_title="correct, %",
        lines=lines,
        marks=curves.resized,
        x_range=curves.x_range,
        y_range=y_range,
    )
