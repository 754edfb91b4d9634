"""Loss and accuracy, live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QToolButton, QWidget

from core.colors import LIGHT, Theme
from core.runs.run_curves import Axis, RunCurves
from core.training.snapshot import Snapshot
from gui.curves.axis_choice import AxisChoice
from gui.curves.chart import Chart
from gui.curves.chart_frame import type_size
from gui.curves.chart_maker import ChartMaker
from gui.curves.curve_plot import CurvePlot
from gui.curves.curve_values import readout_at
from gui.curves.first_steps import FirstSteps
from gui.curves.legend import legend_rows
from gui.curves.live_run import LiveRun
from gui.curves.overlays import MOST_OVERLAYS, Overlay
from gui.curves.readout import Readout
from gui.curves.show_all_button import ShowAllButton
from gui.curves.shown import Ranges, Shown

_NEAR_A_MARK = 5
"""Pixels from the cursor."""


class CurvesView(QWidget):
    """Two plots: loss and accuracy, of training, validation and test, over steps, epochs or time.

    Validation is shown only for runs with a validation split. Other runs can be overlaid, and marks
    show where the network of the live run was resized or fine-tuned. A branch continues the curves
    of its parent. The plots follow the run until the user enlarges a part; both show the same part,
    and one cursor.

    Attributes
    ----------
    loss, accuracy
        The plots.
    first_steps
        Cover the charts of a run that waits for its first step.
    """

    def __init__(self, log_scale: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = LiveRun()
        self._other_runs: Sequence[tuple[str, str, RunCurves]] = ()
        self._others: Sequence[Overlay] = ()
        self._ancestor_runs: Sequence[RunCurves] = ()
        self._ancestors: Sequence[Overlay] = ()
        self._is_live_shown = True
        self._part: tuple[float, float] | None = None
        self._ranges = Ranges()
        self._cursor: float | None = None
        self._moment: int | None = None
        self._legend_needs = False, False
        self._theme = LIGHT
        self._maker = ChartMaker()
        self._log_scale = log_scale
        self.loss = CurvePlot("Loss", "loss_plot")
        self.accuracy = CurvePlot("Accuracy", "accuracy_plot")
        self._make_header()
        for plot in (self.loss, self.accuracy):
            plot.resized.connect(self._arrange)
            plot.canvas.part_wanted.connect(self.show_part)
            plot.canvas.whole_wanted.connect(self.show_all)
            plot.canvas.cursor_moved.connect(self._move_cursor)
        log_scale.toggled.connect(self._draw)
        self._plots = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.loss)
        layout.addWidget(self.accuracy)
        self.first_steps = FirstSteps(self.loss.canvas, self.accuracy.canvas, self)
        self._are_steps_wanted = True
        self._draw()

    def _make_header(self) -> None:
        self._axis_choice = AxisChoice()
        self._axis_choice.chosen.connect(self.set_axis)
        self.loss.header.addWidget(self._axis_choice)
        log = QToolButton()
        log.setDefaultAction(self._log_scale)
        log.setObjectName("log_scale_button")
        self.loss.header.addWidget(log)
        self._all = ShowAllButton()
        self._all.clicked.connect(self.show_all)
        self.accuracy.header.addWidget(self._all)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.loss.apply_theme(theme)
        self.accuracy.apply_theme(theme)
        self._lay_overlays()
        self._draw()

    @Slot()
    def clear(self) -> None:
        """Start with an empty run; the other runs stay."""
        self._run.clear()
        self.show_all()

    @property
    def axis(self) -> Axis:
        """The x axis of the curves."""
        return self._run.axis

    @property
    def is_live_shown(self) -> bool:
        """Whether the present run is drawn, and not only others."""
        return self._is_live_shown

    @property
    def is_empty(self) -> bool:
        """Whether there is no curve at all."""
        return not self._run.steps and not self._others and not self._ancestors

    @property
    def is_whole(self) -> bool:
        """Whether the whole run is shown, and followed."""
        return self._part is None and self._ranges == Ranges()

    @Slot(object)
    def set_axis(self, axis: Axis) -> None:
        """Draw over steps, epochs, or seconds of training."""
        self._axis_choice.set_value(axis)
        self._run.axis = axis
        self._lay_overlays()
        self._part = None
        self._draw()

    def show_overlays(self, overlays: Sequence[tuple[str, str, RunCurves]]) -> None:
        """Draw other runs behind the live one: title, color as #rrggbb, and curves of each."""
        self._other_runs = overlays
        self._lay_overlays()
        self._draw()

    def show_ancestors(self, ancestors: Sequence[RunCurves]) -> None:
        """Draw the curves that the live run continues, faintly: its parent's, and so on."""
        self._ancestor_runs = ancestors
        self._lay_overlays()
        self._draw()

    def show_live(self, is_shown: bool) -> None:
        """Draw the live run from its next snapshot on, or only the other runs."""
        if is_shown != self._is_live_shown:
            self._is_live_shown = is_shown
            self.clear()

    def invite(self, is_waiting: bool) -> None:
        """Show the first steps while there is no curve, if the run waits for the user."""
        self._are_steps_wanted = is_waiting
        self._draw()

    def show_loss(self, snapshot: Snapshot) -> None:
        """Draw the losses so far."""
        if self._is_live_shown:
            self._run.take(snapshot)
            self._draw_loss()

    def show_accuracy(self, snapshot: Snapshot) -> None:
        """Draw the accuracies so far."""
        if self._is_live_shown:
            self._run.take(snapshot)
            self._draw_accuracy()

    def show_moment(self, step: int | None) -> None:
        """Keep the cursor at this step while the mouse points elsewhere; None: do not."""
        self._moment = step
        self._show_cursors()

    @Slot(float, float)
    def show_part(self, left: float, right: float) -> None:
        """Show a part of the x axis in both plots, within the runs; all of it if it is as long."""
        shown = self._shown(self.loss)
        end = shown.followed(0.0)
        if self._part is None:
            end = max(end, self._maker.loss(shown).x_range[1])
        if right - left >= end - shown.begin:
            self.show_all()
        elif (part := shown.moved(left, right, end)) is not None:
            self._part = part
            self._draw()

    def set_ranges(self, ranges: Ranges) -> None:
        """Draw these ranges of loss and accuracy until all is to be shown."""
        self._ranges = ranges
        self._draw()

    @Slot()
    def show_all(self) -> None:
        """Show the whole run, and follow it."""
        self._part = None
        self._ranges = Ranges()
        self._draw()

    def charts(self, theme: Theme, points: int) -> tuple[Chart, Chart]:
        """Return both charts as they are now, for a figure: colors, and points of a line."""
        shown = replace(
            self._shown(self.loss),
            theme=theme,
            points=points,
            others=[other.in_theme(self._theme, theme) for other in self._others],
            ancestors=[replace(each, color=theme.control) for each in self._ancestors],
        )
        maker = ChartMaker()
        return maker.loss(shown, is_exact=True), maker.accuracy(shown, is_exact=True)

    def stack(self, is_stacked: bool) -> None:
        """Draw one plot below the other, or both side by side."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._plots.setDirection(down if is_stacked else across)

    # --- drawing -------------------------------------------------------------------------------

    def _lay_overlays(self) -> None:
        self._others = [
            Overlay.of(*other, self._run.axis) for other in self._other_runs[:MOST_OVERLAYS]
        ]
        color, axis = self._theme.control, self._run.axis
        self._ancestors = [Overlay.of("", color, each, axis) for each in self._ancestor_runs]

    def _shown(self, plot: CurvePlot) -> Shown:
        is_log, points = self._log_scale.isChecked(), plot.canvas.width_in_pixels
        part, theme = self._part, self._theme
        ancestors = self._ancestors if self._is_live_shown else ()
        return Shown(self._run, self._others, part, is_log, points, theme, self._ranges, ancestors)

    @Slot()
    def _arrange(self) -> None:
        """Give both plots type of one size and legends of one height, as their room allows."""
        shown = [plot for plot in (self.loss, self.accuracy) if not plot.isHidden()]
        width = min((plot.width() for plot in shown), default=0)
        size = type_size(width, self.height())
        rows = legend_rows(width, size, *self._legend_needs)
        for plot in shown:
            plot.arrange(size, rows)

    @Slot()
    def _draw(self) -> None:
        self._all.setEnabled(not self.is_whole)
        self._draw_loss()
        self._draw_accuracy()

    def _draw_loss(self) -> None:
        self._finish(self.loss, self._maker.loss(self._shown(self.loss)))

    def _draw_accuracy(self) -> None:
        self._finish(self.accuracy, self._maker.accuracy(self._shown(self.accuracy)))

    def _finish(self, plot: CurvePlot, chart: Chart) -> None:
        is_waiting = self._are_steps_wanted and self._is_live_shown and self.is_empty
        if self.first_steps.isHidden() is is_waiting:
            self.first_steps.setVisible(is_waiting)
        if (needs := (self._run.has_validation, self._run.is_branch)) != self._legend_needs:
            self._legend_needs = needs
            self._arrange()
        plot.show_chart(chart, self._part is None)
        if self._cursor is not None or self._moment is not None:
            self._show_cursor(plot)

    @Slot(object)
    def _move_cursor(self, x: float | None) -> None:
        self._cursor = x
        self._show_cursors()

    def _show_cursors(self) -> None:
        self._show_cursor(self.loss)
        self._show_cursor(self.accuracy)

    @property
    def _pointed_at(self) -> float | None:
        """Where on the x axis the cursor is: at the mouse, or else at the moment that is shown."""
        is_known = self._is_live_shown and self._run.is_known
        if self._cursor is not None or self._moment is None or not is_known:
            return self._cursor
        return float(self._run.at(np.array([float(self._moment)]))[0])

    def _show_cursor(self, plot: CurvePlot) -> None:
        x = self._pointed_at
        if x is not None and not self._others and self._run.is_known:
            x = min(x, self._run.end)  # beyond it there is no step that has these values
        plot.show_cursor(x, self.readout(plot, x))

    def readout(self, plot: CurvePlot, x: float | None) -> Readout:
        """Return the values of all runs at a place on the x axis of a plot."""
        if x is None or self.is_empty:
            return Readout()
        left, right = plot.chart.x_range
        reach = _NEAR_A_MARK * (right - left) / plot.canvas.width_in_pixels
        return readout_at(x, plot.chart, self._run, self._ancestors, self._others, reach)
