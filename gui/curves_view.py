"""Loss and accuracy, live."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from core.history import History, Series
from core.snapshot import Snapshot
from gui.curve import Curve
from gui.curve_plot import CurvePlot, envelope, running_mean
from gui.pyramid import Pyramid, Thinned
from gui.theme import Theme

_LEAST_LOSS = 1e-6
"""What is drawn for a smaller loss: a logarithmic scale has no place for zero."""

_SMOOTHED_IMAGES = 4_000
"""The smoothed curve is the mean over the batches that hold about this many images."""

_UNSETTLED = 0.05
"""Share of the run whose large losses do not count for the range, or they would press the rest
flat."""

_SOLID, _DASH, _DOT = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine


class CurvesView(QWidget):
    """Two plots over the steps: loss and accuracy, of training, validation and test.

    Validation is there in runs with a validation split only.
    """

    def __init__(self, log_scale: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._batch_size = 64
        self._losses = Pyramid()
        self._accuracies = Pyramid()

        self.loss = CurvePlot(
            "Loss", "cross-entropy", "loss_plot", self._loss_readout, legend_offset=(-8, 8)
        )
        self._batch_loss = self.loss.add_curve("batch", "train_faint", _SOLID)
        self._smooth_loss = self.loss.add_curve("smoothed", "train", _SOLID)
        self._validation_loss = self.loss.add_curve(
            "validation", "validation", _DOT, is_listed=False
        )
        self._test_loss = self.loss.add_curve("test", "test", _DASH)
        self.accuracy = CurvePlot(
            "Accuracy",
            "read rightly, %",
            "accuracy_plot",
            self._accuracy_readout,
            legend_offset=(-8, -8),
        )
        self._train_accuracy = self.accuracy.add_curve("train", "train", _SOLID)
        self._validation_accuracy = self.accuracy.add_curve(
            "validation", "validation", _DOT, is_listed=False
        )
        self._test_accuracy = self.accuracy.add_curve("test", "test", _DASH)

        self._log_scale = log_scale
        log_scale.toggled.connect(self._on_log_toggled)
        button = QToolButton()
        button.setDefaultAction(log_scale)
        button.setObjectName("log_scale_button")
        self.loss.header.addWidget(button)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(16)
        layout.addWidget(self.loss)
        layout.addWidget(self.accuracy)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.loss.apply_theme(theme)
        self.accuracy.apply_theme(theme)

    @Slot()
    def clear(self) -> None:
        """Begin with an empty run."""
        self._losses, self._accuracies = Pyramid(), Pyramid()
        self.loss.is_following = self.accuracy.is_following = True
        self._history = History()
        self._draw_loss()
        self._draw_accuracy()

    def show_loss(self, snapshot: Snapshot) -> None:
        """Draw the losses up to now."""
        self._take(snapshot)
        self._draw_loss()

    def show_accuracy(self, snapshot: Snapshot) -> None:
        """Draw the accuracies up to now."""
        self._take(snapshot)
        self._draw_accuracy()

    def _take(self, snapshot: Snapshot) -> None:
        self._history = snapshot.history
        self._batch_size = snapshot.hyperparameters.batch_size

    def _draw_loss(self) -> None:
        history = self._history
        self._losses.update(history.batch_loss.values)
        batch, smooth = self._curve(self.loss, self._losses)
        x, y = envelope(batch.x, self._scaled(batch.low), self._scaled(batch.high))
        self._batch_loss.set_data(x, y)
        self._smooth_loss.set_data(batch.x, self._scaled(smooth))
        steps = len(self._losses)
        settled = [
            self._draw_evaluated_loss(self._test_loss, history.test_loss),
            self._draw_evaluated_loss(self._validation_loss, history.validation_loss),
        ]
        self.loss.list_curve(self._validation_loss, bool(history.validation_loss))
        self.loss.follow(steps, *self._loss_range(smooth, np.concatenate(settled)))

    def _draw_evaluated_loss(self, curve: Curve, loss: Series) -> NDArray[np.float64]:
        """Draw a loss that is measured at evaluations; return what counts for the range of y."""
        x, y = self._evaluated(loss)
        # The evaluation before a divergence is noticed may be infinite: no place in a plot.
        finite = np.isfinite(y)
        x, y = x[finite], y[finite]
        curve.set_data(x, self._scaled(y))
        return y[x >= _UNSETTLED * len(self._losses)]

    def _evaluated(self, series: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the steps of the evaluations, and their values; none if it is not measured."""
        steps = self._history.evaluation_step.values.astype(float)
        values = series.values[: len(steps)].astype(float)
        return steps[: len(values)], values

    def _draw_accuracy(self) -> None:
        history = self._history
        self._accuracies.update(history.batch_accuracy.values)
        train, smooth = self._curve(self.accuracy, self._accuracies)
        self._train_accuracy.set_data(train.x, 100 * smooth)
        steps = len(self._accuracies)
        settled = [100 * smooth[int(_UNSETTLED * len(smooth)) :]]
        for curve, series in (
            (self._test_accuracy, history.test_accuracy),
            (self._validation_accuracy, history.validation_accuracy),
        ):
            x, y = self._evaluated(series)
            curve.set_data(x, 100 * y)
            settled.append(100 * y[x >= _UNSETTLED * steps])
        self.accuracy.list_curve(self._validation_accuracy, bool(history.validation_accuracy))
        self.accuracy.follow(steps, *_accuracy_range(np.concatenate(settled)))

    def _curve(self, plot: CurvePlot, pyramid: Pyramid) -> tuple[Thinned, np.ndarray]:
        """Return what is in view of a series, at most one bucket a pixel, and smoothed."""
        window = max(1, _SMOOTHED_IMAGES // self._batch_size)
        begin, end = (0, len(pyramid)) if plot.is_following else plot.visible_steps()
        # The running mean needs the values before the first one in view.
        thinned = pyramid.thin(begin - window, end, plot.width_in_pixels)
        return thinned, running_mean(thinned.mean, max(1, window // thinned.width))

    def _scaled(self, loss: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return what is drawn for losses: themselves, or their logarithms."""
        drawn: NDArray[np.float64] = np.maximum(loss, _LEAST_LOSS, dtype=float)
        return np.log10(drawn, out=drawn) if self._log_scale.isChecked() else drawn

    def _loss_range(self, smooth: np.ndarray, test: np.ndarray) -> tuple[float, float]:
        values = np.concatenate((smooth, test))
        if self._log_scale.isChecked():
            least = math.floor(math.log10(max(values.min(initial=0.1), _LEAST_LOSS)))
            most = math.ceil(math.log10(values.max(initial=0.1)))
            return least, max(most, least + 1)
        if not len(values):
            return 0.0, 2.5  # a network that guesses begins at ln 10
        tail = np.concatenate((smooth[int(_UNSETTLED * len(smooth)) :], test))
        return 0.0, _round_up(1.05 * tail.max(initial=0.01))

    @Slot(bool)
    def _on_log_toggled(self, on: bool) -> None:
        self.loss.set_log_scale(on)
        self.loss.is_following = True
        self._draw_loss()

    # --- values under the cursor ---------------------------------------------------------

    def _loss_readout(self, x: float) -> str:
        history = self._history
        return self._values_text(
            x, history.batch_loss, history.validation_loss, history.test_loss, "{:.3f}"
        )

    def _accuracy_readout(self, x: float) -> str:
        history = self._history
        return self._values_text(
            x,
            history.batch_accuracy,
            history.validation_accuracy,
            history.test_accuracy,
            "{:.2%}",
        )

    def _values_text(
        self, x: float, batch: Series, validation: Series, test: Series, form: str
    ) -> str:
        """Return the step nearest to x, and the values there, in two lines."""
        history = self._history
        # Of a step that is just being recorded, the accuracy comes last.
        steps = len(history.batch_accuracy)
        if not steps:
            return ""
        step = min(max(round(x), 1), steps)
        window = max(1, _SMOOTHED_IMAGES // self._batch_size)
        at_step = "batch " + form.format(batch.values[step - 1])
        l2 = history.regularization_loss.values[step - 1]
        if batch is history.batch_loss and l2:
            at_step += f" + L2 {l2:.3f} = {batch.values[step - 1] + l2:.3f}"
        texts = ["smoothed " + form.format(batch.values[max(step - window, 0) : step].mean())]
        before = np.searchsorted(history.evaluation_step.values, step, side="right")
        for title, series in (("validation", validation), ("test", test)):
            if before and series:
                texts.append(f"{title} " + form.format(series.values[before - 1]))
        return f"step {step:,}   {at_step}\n" + "   ".join(texts)


def _round_up(value: float) -> float:
    """Return the next number of 1, 1.5, 2, 3, 5, 7 times a power of ten: a range that stays put."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 1.5, 2, 3, 5, 7, 10) if value <= power * step)


def _accuracy_range(values: np.ndarray) -> tuple[float, float]:
    lowest = values.min() if len(values) else 0.0
    return next(
        float(floor) for floor in (98, 95, 90, 80, 50, 0) if floor <= lowest - 0.5 or not floor
    ), 100.0
