"""Makes the charts of loss and accuracy, for the screen and for figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from core.wording import percent
from gui.curves.chart import Band, Chart, Line
from gui.curves.curve_ranges import (
    RunValues,
    accuracy_range,
    as_percent,
    calm_runs,
    loss_range,
    scaled_loss,
)
from gui.curves.overlays import Overlay, Points, Scale
from gui.curves.run_axis import AXES
from gui.curves.shown import Shown
from gui.curves.value_texts import WIDEST_ACCURACY, WIDEST_LOSS, loss_text, value_text


class ChartMaker:
    """Makes both charts of what is shown.

    It remembers where the x axis ended, who diverged, and what does not change from frame to frame:
    the other runs.
    """

    def __init__(self) -> None:
        self._right = 0.0
        self._calm: list[bool] = []
        self._lines: dict[tuple[str, str], tuple[object, list[Line]]] = {}
        self._values: dict[str, tuple[object, list[RunValues]]] = {}

    def loss(self, shown: Shown, is_exact: bool = False) -> Chart:
        """Return the chart of the loss; the x axis ends with the runs if it `is_exact`."""
        scale = partial(scaled_loss, is_log=shown.is_log)
        theme = shown.theme
        x, batch, smooth = shown.trained("batch_loss")
        newest, newest_smooth = shown.newest("batch_loss", smooth)
        lines, tested = shown.evaluated("loss", loss_text, scale)
        first = float(shown.run.trained("batch_loss").mean[0]) if len(smooth) else math.nan
        trained = shown.counted(Points(x, smooth), shown.run)
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
        trained = shown.counted(Points(x, smooth), shown.run)
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
        others = (*shown.ancestors, *shown.others)
        key = others, shown.part
        known, values = self._values.get(what, (None, []))
        if known != key:
            values = []
            for other in others:
                curves = other.metrics[what]
                first = float(curves[0].values[0]) if len(curves[0].values) else math.nan
                counted = [shown.counted(points, other) for points in curves]
                values.append(RunValues(first, counted))
            self._values[what] = key, values
        return values

    def _lines_of(
        self, runs: Sequence[Overlay], name: str, what: str, is_log: bool, scale: Scale
    ) -> list[Line]:
        """Return the lines of the runs with this name; the same list as long as nothing changes."""
        key = runs, is_log
        known, lines = self._lines.get((name, what), (None, []))
        if known != key:
            drawn = [run for run in runs if run.is_known]
            form = loss_text if what == "loss" else percent
            lines = [line for run in drawn for line in run.lines(what, scale, form)]
            self._lines[name, what] = key, lines
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
            before=self._lines_of(shown.ancestors, "ancestors", what, is_log, scale),
            others=self._lines_of(shown.others, "others", what, is_log, scale),
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
        begin = shown.begin
        if is_exact:
            end = shown.end
            return begin, end if end > begin else begin + AXES[shown.run.axis].shortest
        self._right = shown.followed(self._right)
        return begin, self._right


def _known(value: float, form: Callable[[float], str]) -> str:
    return form(value) if math.isfinite(value) else ""
