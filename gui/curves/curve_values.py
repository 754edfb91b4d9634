"""What all runs measured at a place on the x axis, as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.history.spread import Spread
from core.wording import percent
from gui.curves.chart import Chart
from gui.curves.live_run import LiveRun
from gui.curves.overlays import Overlay
from gui.curves.readout import Readout, ReadoutRow
from gui.curves.value_texts import loss_text

_Form = Callable[[float], str]


def readout_at(
    x: float,
    chart: Chart,
    run: LiveRun,
    ancestors: Sequence[Overlay],
    others: Sequence[Overlay],
    reach: float,
) -> Readout:
    """Return the values of all runs in a chart at `x` on its x axis.

    The live run's are of one step, or of the bucket that holds it; an evaluation says of which step
    it is, if of an earlier one. Before a branch begins, they are its ancestor's. A mark within
    `reach` of `x` is named, too.
    """
    what = "accuracy" if chart.band is None else "loss"
    form: _Form = percent if chart.band is None else loss_text
    moment, rows = run.place_text(x), []
    if x < run.begin:
        rows = _rows_before(x, ancestors, chart, what, form)
    elif run.steps and run.is_known and x <= run.end:
        step = run.step_near(x)
        item = _item_of(run.trained(f"batch_{what}"), step)
        moment = run.moment(int(item.before[0]) + 1, int(item.count[0]))
        rows = _live_rows(run, step, item, chart, what, form)
    marks = []
    if len(chart.marks):
        nearest = int(np.abs(chart.marks - x).argmin())
        if abs(chart.marks[nearest] - x) <= reach:
            marks.append(str(run.marks[nearest]))
    values = [(other.title, other.texts(what, x, form)) for other in others]
    return Readout(moment, marks, rows, [value for value in values if value[1]])


def _rows_before(
    x: float, ancestors: Sequence[Overlay], chart: Chart, what: str, form: _Form
) -> list[ReadoutRow]:
    """Return the values of the ancestor that the branch continues at `x`."""
    found = next((each for each in ancestors if each.is_known and each.begin <= x), None)
    if found is None:
        return []
    names = chart.lines[0].name, "test"
    values = zip(names, found.values_at(what, x), strict=True)
    return [ReadoutRow(name, form(value)) for name, value in values if value is not None]


def _live_rows(
    run: LiveRun, step: int, item: Spread, chart: Chart, what: str, form: _Form
) -> list[ReadoutRow]:
    batches = run.trained(f"batch_{what}")
    rows = [
        ReadoutRow("batch", *_value(item, form)),
        ReadoutRow(chart.lines[0].name, form(float(batches.smoothed(item)[0]))),
    ]
    if what == "loss":
        penalty = float(_item_of(run.trained("regularization_loss"), step).mean[0])
        if penalty:
            rows.append(ReadoutRow("L2", form(penalty)))
    for line in chart.lines[1:]:
        steps, evaluated = run.evaluated(f"{line.name}_{what}", run.steps + 1)
        place = int(np.searchsorted(steps, step, side="right"))
        if not evaluated[place : place + 1].is_thinned:  # a bucket, that the step lies in
            place -= 1
        if 0 <= place < len(evaluated):
            shown = evaluated[place : place + 1]
            is_older = not shown.is_thinned and steps[place] < step
            note = f"at {run.step_text(int(steps[place]))}" if is_older else ""
            rows.append(ReadoutRow(line.name, *_value(shown, form), note))
    return rows


def _item_of(batches: Spread, step: int) -> Spread:
    place = int(np.searchsorted(batches.count, step))
    return batches[place : place + 1]


def _value(item: Spread, form: _Form) -> tuple[str, str]:
    """Return the value of an item; and if it is a mean, the least and largest value."""
    mean, low, high = (form(float(values[0])) for values in (item.mean, item.low, item.high))
    return mean, f"({low}–{high})" if item.is_thinned else ""
