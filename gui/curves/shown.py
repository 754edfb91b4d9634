"""What the curves are to show, and where it lies on the x axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from PySide6.QtCore import Qt

from core.colors import Theme
from core.history.spread import Spread
from gui.curves.chart import Array, Line, envelope
from gui.curves.curve_ranges import UNSETTLED
from gui.curves.live_run import LiveRun
from gui.curves.overlays import Overlay, Points, Scale
from gui.curves.run_axis import AXES

_FEWEST = 1e-3
"""Least width of the visible part of the x axis, as a share of all of it: more is no use."""

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
    ancestors
        The runs that the live one continues, likewise: its parent's curves until it branched off,
        and so on.
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
    ancestors: Sequence[Overlay] = ()

    @property
    def begin(self) -> float:
        """Where the x axis begins: with the first of the runs, at 0 unless all are branches."""
        known = (each.begin for each in (*self.ancestors, *self.others) if each.is_known)
        return min((self.run.begin, *known))

    @property
    def end(self) -> float:
        """Where the longest run ends on the x axis."""
        return max((self.run.end, *(other.end for other in self.others)))

    def followed(self, right: float) -> float:
        """Return the end of an x axis that follows the run and ended at `right` so far.

        It is a little longer than the run, so that it does not move at every frame.
        """
        begin = self.begin
        others = max((other.end for other in self.others), default=begin)
        shortest = begin + AXES[self.run.axis].shortest
        most = max(
            begin + _ROOM * (self.run.end - begin),
            begin + _ROOM_FOR_OTHERS * (others - begin),
            shortest,
        )
        return right if max(self.end, shortest) <= right <= most else most

    def moved(self, left: float, right: float, end: float) -> tuple[float, float] | None:
        """Return a part of an x axis up to `end`, moved to lie within it; None: it is too short."""
        if right - left < _FEWEST * (end - self.begin):
            return None
        shift = max(self.begin - left, 0.0) or min(end - right, 0.0)
        return left + shift, right + shift

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
                    note = f"at {self.run.step_text(int(steps[-1]))}"
            if is_thinned := evaluated.is_thinned:
                steps, means = envelope(steps, evaluated.low, evaluated.high)
            # The evaluation before a divergence is noticed may be infinite: it cannot be drawn.
            drawn = np.isfinite(means) & self.run.is_known
            points = Points(self.run.at(steps[drawn]), means[drawn])
            y = scale(points.values)
            lines.append(Line(title, color, points.x, y, style, newest, note, not is_thinned))
            values.append(self.counted(points, self.run))
        return lines, values

    def counted(self, points: Points, run: LiveRun | Overlay) -> Array:
        """Return the values that count for the range of y: those in view, but not a run's start."""
        if self.part is not None:
            return points.within(*self.part)
        return points.values[points.x >= run.begin + UNSETTLED * (run.end - run.begin)]
