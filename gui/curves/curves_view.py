"""Loss and accuracy, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from core.history.spread import Spread
from core.runs.run_curves import Axis, RunCurves
from core.training.snapshot import Snapshot
from core.wording import percent
from gui.curves.axis_choice import AxisChoice
from gui.curves.curve import Curve, envelope
from gui.curves.curve_plot import CurvePlot
from gui.curves.curve_ranges import (
    UNSETTLED,
    accuracy_range,
    as_percent,
    log_loss_range,
    loss_range,
    scaled_loss,
    without_start,
)
from gui.curves.curve_values import accuracy_text, loss_text
from gui.curves.live_run import LiveRun
from gui.curves.overlays import Scale, make_overlay
from gui.curves.run_axis import AXES
from gui.widgets.theme import Theme

_SOLID, _DASH, _DOT = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine

_Array = NDArray[np.float64]


class CurvesView(QWidget):
    """Two plots: loss and accuracy, of training, validation and test, over steps, epochs or time.

    Validation is shown only for runs with a validation split. Other runs can be overlaid, and marks
    show where the network of the live run was resized.
    """

    def __init__(self, log_scale: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = LiveRun()
        self._other_runs: Sequence[tuple[str, str, RunCurves]] = ()
        self._is_live_shown = True
        self._make_plots()
        self._log_scale = log_scale
        self._make_header()
        self.loss.view_changed.connect(self._draw_loss)
        self.accuracy.view_changed.connect(self._draw_accuracy)
        log_scale.toggled.connect(self._on_log_toggled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(16)
        layout.addWidget(self.loss)
        layout.addWidget(self.accuracy)
        self._draw_loss()
        self._draw_accuracy()

    def _make_plots(self) -> None:
        self.loss = CurvePlot(
            "Loss", "cross-entropy", "loss_plot", self._loss_readout, "{:.3f}".format, (-8, 8)
        )
        self._batch_loss = self.loss.add_curve("batch", "train_faint", _SOLID)
        self._batch_loss.item.setZValue(-2)  # behind the lines of other runs, too
        self._smooth_loss = self.loss.add_curve("smoothed", "train", _SOLID)
        self._validation_loss = self.loss.add_curve(
            "validation", "validation", _DOT, is_listed=False
        )
        self._test_loss = self.loss.add_curve("test", "test", _DASH)
        self.accuracy = CurvePlot(
            "Accuracy",
            "correct, %",
            "accuracy_plot",
            self._accuracy_readout,
            percent,
            (-8, -8),
        )
        self._train_accuracy = self.accuracy.add_curve("train", "train", _SOLID)
        self._validation_accuracy = self.accuracy.add_curve(
            "validation", "validation", _DOT, is_listed=False
        )
        self._test_accuracy = self.accuracy.add_curve("test", "test", _DASH)

    def _make_header(self) -> None:
        self._axis_choice = AxisChoice()
        self._axis_choice.chosen.connect(self.set_axis)
        self.loss.header.addWidget(self._axis_choice)
        button = QToolButton()
        button.setDefaultAction(self._log_scale)
        button.setObjectName("log_scale_button")
        self.loss.header.addWidget(button)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.loss.apply_theme(theme)
        self.accuracy.apply_theme(theme)

    @Slot()
    def clear(self) -> None:
        """Start with an empty run; the other runs stay."""
        self._run.clear()
        self._follow()

    @property
    def axis(self) -> Axis:
        """The x axis of the curves."""
        return self._run.axis

    @Slot(object)
    def set_axis(self, axis: Axis) -> None:
        """Draw over steps, epochs, or seconds of training."""
        self._axis_choice.set_value(axis)
        self._run.axis = axis
        self._lay_overlays()
        self._follow()

    def show_overlays(self, overlays: Sequence[tuple[str, str, RunCurves]]) -> None:
        """Draw other runs behind the live one: title, color as #rrggbb, and curves of each."""
        self._other_runs = overlays
        self._lay_overlays()
        self._draw_loss()
        self._draw_accuracy()

    def show_live(self, is_shown: bool) -> None:
        """Draw the live run from its next snapshot on, or only the other runs."""
        if is_shown != self._is_live_shown:
            self._is_live_shown = is_shown
            self.clear()

    def show_loss(self, snapshot: Snapshot) -> None:
        """Draw the losses so far."""
        if not self._is_live_shown:
            return
        self._run.take(snapshot)
        self._draw_loss()

    def show_accuracy(self, snapshot: Snapshot) -> None:
        """Draw the accuracies so far."""
        if not self._is_live_shown:
            return
        self._run.take(snapshot)
        self._draw_accuracy()

    def _follow(self) -> None:
        """Show the whole run."""
        self.loss.is_following = self.accuracy.is_following = True
        self._draw_loss()
        self._draw_accuracy()

    # --- what is drawn once ----------------------------------------------------------------

    def _lay_overlays(self) -> None:
        axis = self._run.axis
        losses, accuracies = [], []
        for title, color, run in self._other_runs:
            course = run.course
            loss = (run.step, run.loss), (run.test_step, run.test_loss)
            accuracy = (run.step, run.accuracy), (run.test_step, run.test_accuracy)
            losses.append(make_overlay(title, color, course, axis, *loss, self._scaled))
            accuracies.append(make_overlay(title, color, course, axis, *accuracy, as_percent))
        self.loss.overlays.show(losses)
        self.accuracy.overlays.show(accuracies)

    def _x_title(self) -> str:
        title = AXES[self._run.axis].title
        return title if self._run.is_known else f"{title} (not known for this run)"

    # --- what is drawn at each frame -------------------------------------------------------

    @Slot()
    def _draw_loss(self) -> None:
        history = self._run.history
        batch, smooth = self._curve(self.loss, "batch_loss")
        x = self._run.at(batch.x)
        self._batch_loss.set_data(*envelope(x, self._scaled(batch.low), self._scaled(batch.high)))
        self._smooth_loss.set_data(x, self._scaled(smooth))
        settled = [
            self._draw_evaluated(self.loss, self._test_loss, "test_loss", self._scaled),
            self._draw_evaluated(self.loss, self._validation_loss, "validation_loss", self._scaled),
        ]
        self.loss.list_curve(self._validation_loss, bool(len(history.validation_loss)))
        if self._log_scale.isChecked():
            limits = log_loss_range(
                np.concatenate((smooth, *settled, self.loss.overlays.all_values))
            )
        else:
            limits = loss_range(
                np.concatenate((without_start(smooth), *settled, self.loss.overlays.settled))
            )
        self._finish(self.loss, limits)

    @Slot()
    def _draw_accuracy(self) -> None:
        history = self._run.history
        train, smooth = self._curve(self.accuracy, "batch_accuracy")
        self._train_accuracy.set_data(self._run.at(train.x), as_percent(smooth))
        settled = [
            self._draw_evaluated(self.accuracy, curve, name, as_percent)
            for curve, name in (
                (self._test_accuracy, "test_accuracy"),
                (self._validation_accuracy, "validation_accuracy"),
            )
        ]
        self.accuracy.list_curve(self._validation_accuracy, bool(len(history.validation_accuracy)))
        values = np.concatenate((without_start(smooth), *settled, self.accuracy.overlays.settled))
        self._finish(self.accuracy, accuracy_range(as_percent(values)))

    def _curve(self, plot: CurvePlot, name: str) -> tuple[Spread, _Array]:
        """Return the visible part of a metric, at most one item per pixel, raw and smoothed."""
        trained = self._run.trained(name)
        if not self._run.is_known:
            visible = 0, 0
        elif plot.is_following:
            visible = 0, self._run.steps
        else:
            visible = trained.around(*self._visible_steps(plot))
        drawn = trained.thin(*visible, plot.width_in_pixels)
        return drawn, trained.smoothed(drawn)

    def _visible_steps(self, plot: CurvePlot) -> tuple[int, int]:
        left, right = self._run.steps_at(np.array(plot.visible_range()))
        return floor(left), ceil(right) + 1

    def _draw_evaluated(self, plot: CurvePlot, curve: Curve, name: str, scale: Scale) -> _Array:
        """Draw a metric of the evaluations; return the values that count for the range of y."""
        steps, evaluated = self._run.evaluated(name, plot.width_in_pixels)
        values = evaluated.mean.astype(float)
        if evaluated.is_thinned:
            steps, values = envelope(steps, evaluated.low, evaluated.high)
        # The evaluation before a divergence is noticed may be infinite: it cannot be drawn.
        drawn = np.isfinite(values) & self._run.is_known
        curve.set_data(self._run.at(steps[drawn]), scale(values[drawn]))
        settled: _Array = values[drawn & (steps >= UNSETTLED * self._run.steps)]
        return settled

    def _finish(self, plot: CurvePlot, limits: tuple[float, float]) -> None:
        """Set the title and ranges of the axes, and draw the marks."""
        plot.set_x_title(self._x_title())
        plot.follow(self._run.end, AXES[self._run.axis].shortest, *limits)
        shown = self._run.resizes if self._run.is_known else []
        plot.marks.show(shown, self._run.at(np.array([float(each.step) for each in shown])))

    def _scaled(self, loss: NDArray[np.floating]) -> _Array:
        return scaled_loss(loss, self._log_scale.isChecked())

    @Slot(bool)
    def _on_log_toggled(self, on: bool) -> None:
        self.loss.set_log_scale(on)
        self.loss.is_following = True
        self._lay_overlays()
        self._draw_loss()

    # --- values under the cursor ---------------------------------------------------------

    def _loss_readout(self, x: float) -> str:
        return self._values_text(x, loss_text)

    def _accuracy_readout(self, x: float) -> str:
        return self._values_text(x, accuracy_text)

    def _values_text(self, x: float, text: Callable[[LiveRun, int], str]) -> str:
        """Return two lines: the step nearest to x, and the values there."""
        if not self._run.steps or not self._run.is_known:
            return ""
        return text(self._run, self._run.step_near(x))
