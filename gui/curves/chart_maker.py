"""Makes the charts of loss and accuracy, for the screen and for figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, floor

import numpy as np
from PySide6.QtCore import Qt

from core.colors import Theme
from core.history.spread import Spread
from core.wording import numeral, percent
from gui.curves.chart import Array, Band, Chart, Line, envelope
from gui.curves.curve_ranges import (
    UNSETTLED,
    RunValues,
    accuracy_range,
    as_percent,
    calm_runs,
    loss_range,
    scaled_loss,
)
from gui.curves.live_run import LiveRun
from gui.curves.overlays import Overlay, Points, Scale
from gui.curves.run_axis import AXES
from gui.curves.value_texts import WIDEST_ACCURACY, WIDEST_LOSS, loss_text, value_text

_ROOM = 1.2
"""When the x axis is extended, it ends at this multiple of the newest step."""

_ROOM_FOR_OTHERS = 1.02
"""The same for other runs, which do not grow."""


@dataclass(frozen=True)
class Ranges:
    """The lowest and highest loss and accuracy, in percent, to draw; None: as the curves need."""

    loss: tuple[float, float] | None = None
    accuracy: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Shown:
    """What the curves are to show.

    Attributes
    ----------
    others
        Other runs, over the axis of the live one.
    part
        The visible part of the x axis; None for all of it.
    points
        Approximate most points of a line.
    ranges
        Of the y axes, losses and accuracies in percent, where they are not to follow the curves.
    """

    run: LiveRun
    others: Sequence[Overlay]
    part: tuple[float, float] | None
    is_log: bool
    points: int
    theme: Theme
    ranges: Ranges = Ranges()

    @property
    def end(self) -> float:
        """Where the longest run ends on the x axis."""
        return max((self.run.end, *(other.end for other in self.others)))

    def followed(self, right: float) -> float:
        """Return the end of an x axis that follows the run and ended at `right` so far.

        It is a little longer than the run, so that it does not move at every frame.
        """
        others = max((other.end for other in self.others), default=0.0)
        shortest = AXES[self.run.axis].shortest
        most = max(_ROOM * self.run.end, _ROOM_FOR_OTHERS * others, shortest)
        return right if max(self.end, shortest) <= right <= most else most

    # --- the live run's curves -----------------------------------------------------------------

    def trained(self, name: str) -> tuple[Array, Spread, Array]:
        """Return the visible part of a metric of the steps: places, raw and smoothed.

        There is at most about one item per pixel.
        """
        run = self.run
        trained = run.trained(name)
        visible = 0, run.steps
        if not run.is_known:
            visible = 0, 0
        elif self.part is not None:
            left, right = run.steps_at(np.array(self.part))
            visible = trained.around(floor(left), ceil(right) + 1)
        drawn = trained.thin(*visible, self.points)
        smooth = trained.smoothed(drawn)
        finite = np.isfinite(drawn.low) & np.isfinite(drawn.high) & np.isfinite(smooth)
        if not finite.all():
            drawn, smooth = drawn[finite], smooth[finite]
        return run.at(drawn.x), drawn, smooth

    def newest(self, name: str, smooth: Array) -> tuple[float, float]:
        """Return the newest value of a metric of the steps, raw and smoothed; NaN without any.

        `smooth` are the values in view.
        """
        trained = self.run.trained(name)
        if not len(trained) or not self.run.is_known:
            return math.nan, math.nan
        last = trained[-1:]
        # The last in view is the newest, unless only a part is in view.
        newest = smooth[-1:] if self.part is None else trained.smoothed(last)
        return float(last.mean[0]), float(newest[0]) if len(newest) else math.nan

    def evaluated(
        self, what: str, form: Callable[[float], str], scale: Scale
    ) -> tuple[list[Line], list[Array]]:
        """Return the lines of "loss" or "accuracy" at evaluations, and the values that count."""
        lines, values = [], []
        for title, color, style in (
            ("validation", self.theme.validation, Qt.PenStyle.DotLine),
            ("test", self.theme.test, Qt.PenStyle.DashLine),
        ):
            if title == "validation" and not self.run.has_validation:
                continue
            steps, evaluated = self.run.evaluated(f"{title}_{what}", self.points)
            means, newest, note = evaluated.mean.astype(float), "", ""
            if len(means) and self.run.is_known:
                newest = form(float(means[-1]))
                if steps[-1] < self.run.steps:
                    note = f"at step {numeral(int(steps[-1]))}"
            if is_thinned := evaluated.is_thinned:
                steps, means = envelope(steps, evaluated.low, evaluated.high)
            # The evaluation before a divergence is noticed may be infinite: it cannot be drawn.
            drawn = np.isfinite(means) & self.run.is_known
            points = Points(self.run.at(steps[drawn]), means[drawn])
            y = scale(points.values)
            lines.append(Line(title, color, points.x, y, style, newest, note, not is_thinned))
            values.append(self.counted(points, self.run.end))
        return lines, values

    def counted(self, points: Points, end: float) -> Array:
        """Return the values that count for the range of y: those in view, but not a run's start."""
        if self.part is not None:
            return points.within(*self.part)
        return points.values[points.x >= UNSETTLED * end]


class ChartMaker:
    """Makes both charts of what is shown.

    It remembers where the x axis ended, who diverged, and what does not change from frame to frame:
    the other runs.
    """

    def __init__(self) -> None:
        self._right = 0.0
        self._calm: list[bool] = []
        self._lines: dict[str, tuple[object, list[Line]]] = {}
        self._values: dict[str, tuple[object, list[RunValues]]] = {}

    def loss(self, shown: Shown, is_exact: bool = False) -> Chart:
        """Return the chart of the loss; the x axis ends with the runs if it `is_exact`."""
        scale = partial(scaled_loss, is_log=shown.is_log)
        theme = shown.theme
        x, batch, smooth = shown.trained("batch_loss")
        newest, newest_smooth = shown.newest("batch_loss", smooth)
        lines, tested = shown.evaluated("loss", loss_text, scale)
        first = float(shown.run.trained("batch_loss").mean[0]) if len(smooth) else math.nan
        trained = shown.counted(Points(x, smooth), shown.run.end)
        runs = [RunValues(first, [trained, *tested]), *self._others_values(shown, "loss")]
        self._calm = calm_runs(runs, shown.is_log)
        low, high = scale(batch.low), scale(batch.high)
        text = _known(newest_smooth, loss_text)
        smoothed = Line("smoothed", theme.train, x, scale(smooth), value=text)
        return self._chart(
            shown,
            is_exact,
            "loss",
            Band(
                "batch",
                theme.batch_band,
                theme.train_faint,
                x,
                low,
                high,
                _known(newest, loss_text),
            ),
            [smoothed, *lines],
            self._loss_range(shown, runs),
        )

    def accuracy(self, shown: Shown, is_exact: bool = False) -> Chart:
        """Return the chart of the accuracy, likewise; after that of the loss."""
        x, _batch, smooth = shown.trained("batch_accuracy")
        _newest, newest_smooth = shown.newest("batch_accuracy", smooth)
        lines, tested = shown.evaluated("accuracy", percent, as_percent)
        text = _known(newest_smooth, percent)
        trained = shown.counted(Points(x, smooth), shown.run.end)
        runs = [RunValues(math.nan, [trained, *tested]), *self._others_values(shown, "accuracy")]
        return self._chart(
            shown,
            is_exact,
            "accuracy",
            None,
            [Line("train", shown.theme.train, x, as_percent(smooth), value=text), *lines],
            shown.ranges.accuracy or accuracy_range(self._calm_ones(runs)),
        )

    def _loss_range(self, shown: Shown, runs: Sequence[RunValues]) -> tuple[float, float]:
        if shown.ranges.loss is None:
            return loss_range(self._calm_ones(runs), shown.is_log)
        low, high = scaled_loss(np.array(shown.ranges.loss), shown.is_log)
        return float(low), float(high)

    def _calm_ones(self, runs: Sequence[RunValues]) -> list[RunValues]:
        """Return those of the runs that did not diverge; this is known from their losses."""
        return [run for run, is_calm in zip(runs, self._calm, strict=True) if is_calm]

    def _others_values(self, shown: Shown, what: str) -> list[RunValues]:
        key = shown.others, shown.part
        known, values = self._values.get(what, (None, []))
        if known != key:
            values = []
            for other in shown.others:
                curves = other.metrics[what]
                first = float(curves[0].values[0]) if len(curves[0].values) else math.nan
                counted = [shown.counted(points, other.end) for points in curves]
                values.append(RunValues(first, counted))
            self._values[what] = key, values
        return values

    def _others_lines(self, shown: Shown, what: str, scale: Scale) -> list[Line]:
        key = shown.others, shown.is_log
        known, lines = self._lines.get(what, (None, []))
        if known != key:
            drawn = [other for other in shown.others if other.is_known]
            form = loss_text if what == "loss" else percent
            lines = [line for other in drawn for line in other.lines(what, scale, form)]
            self._lines[what] = key, lines
        return lines

    def _chart(
        self,
        shown: Shown,
        is_exact: bool,
        what: str,
        band: Band | None,
        lines: list[Line],
        y_range: tuple[float, float],
    ) -> Chart:
        run = shown.run
        is_loss = what == "loss"
        is_log = is_loss and shown.is_log
        scale = partial(scaled_loss, is_log=is_log) if is_loss else as_percent
        marks = run.marks if run.is_known else []
        title = AXES[run.axis].title
        return Chart(
            title="Loss" if is_loss else "Accuracy",
            x_title=title if run.is_known else f"{title} (not known for this run)",
            y_title="cross-entropy" if is_loss else "correct, %",
            y_short="loss" if is_loss else "%",
            band=band,
            lines=lines,
            others=self._others_lines(shown, what, scale),
            missing=[other.title for other in shown.others if not other.is_known],
            marks=run.at(np.array([float(mark.step) for mark in marks])),
            mark_labels=[mark.label for mark in marks],
            x_range=self._x_range(shown, is_exact),
            y_range=y_range,
            is_log=is_log,
            widest=WIDEST_LOSS if is_loss else WIDEST_ACCURACY,
            value_text=partial(value_text, is_loss, is_log),
            moments=run.at(run.moments) if run.is_known and not is_exact else np.zeros(0),
        )

    def _x_range(self, shown: Shown, is_exact: bool) -> tuple[float, float]:
        if shown.part is not None:
            return shown.part
        if is_exact:
            return 0.0, shown.end or AXES[shown.run.axis].shortest
        self._right = shown.followed(self._right)
        return 0.0, self._right


def _known(value: float, form: Callable[[float], str]) -> str:
    return form(value) if math.isfinite(value) else ""
