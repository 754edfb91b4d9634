"""The bar across the top: controls, progress and the most important figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QWidget,
)

from core.history.spread import SMOOTHED_IMAGES
from core.training.evaluator import TestMetrics
from core.training.snapshot import Snapshot
from core.wording import numeral, percent
from gui.training.state import State
from gui.widgets.action_button import ActionButton
from gui.widgets.epoch_bar import EpochBar
from gui.widgets.labels import label
from gui.widgets.live_text import LiveText
from gui.widgets.speed_slider import SpeedSlider
from gui.widgets.theme import FIGURE_SIZE, HINT_SIZE, TEXT_SIZE

_SPEED_SECONDS = 1.0
"""The speed is averaged over this time."""

_FULLEST_FIRST = ((True, 8, True), (False, 8, True), (False, 4, True), (False, 4, False))
"""Whether the speed is shown, the gap between two parts, and whether epochs are counted."""
_TITLE, _OLD_TITLE = "Test accuracy", "Test accuracy at step {}"
_LOSS_TIP = "Mean loss over the last {} images, including the L2 penalty"
_ACCURACY_TIP = (
    "Share of the test set that the network classifies correctly. Measured after each epoch, every "
    "few seconds, on pause and when layers change. Gray: the network has changed since"
)


class _Moment(NamedTuple):
    """A run's progress at one time, without the parameters that a snapshot would hold."""

    time: float
    step: int
    images: int


class TransportBar(QWidget):
    """Buttons that trigger the window's actions, the speed, counters, loss and accuracy."""

    def __init__(
        self,
        reset: QAction,
        play: QAction,
        step: QAction,
        epoch: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recent: deque[_Moment] = deque()
        self.step_count = LiveText("00,000,000", TEXT_SIZE)
        self.epoch_count = LiveText("00,000", TEXT_SIZE)
        self.speed = LiveText("0,000,000", TEXT_SIZE)
        self.loss = LiveText("000.000", FIGURE_SIZE, Qt.AlignmentFlag.AlignLeft)
        self.accuracy = LiveText("100.00 %", FIGURE_SIZE)
        self.accuracy_title = LiveText(
            _OLD_TITLE.format(numeral(10_000_000)), HINT_SIZE, quiet=True
        )
        self.accuracy_title.setObjectName("test_accuracy_title")
        self.epoch_progress = EpochBar()
        self.speed_slider = SpeedSlider()
        play_button = ActionButton(play, "play_button", is_primary=True)
        play_button.setMinimumWidth(96)
        self._controls = {
            "restart": ActionButton(reset, "reset_button"),
            "play": play_button,
            "step": ActionButton(step, "step_button"),
            "epoch": ActionButton(epoch, "epoch_button"),
            "speed": self.speed_slider,
        }
        self._lay_out(*list(self._controls.values())[:-1])
        self.clear()

    def _lay_out(self, *buttons: QWidget) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(8)
        for button in buttons:
            layout.addWidget(button)
        layout.addSpacing(8)
        counters, figures = self._lay_out_counters(), self._lay_out_figures()
        layout.addWidget(self.speed_slider)
        layout.addSpacing(16)
        layout.addLayout(counters)
        layout.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(figures)
        # So that all titles stand on one line.
        for part in (self.speed_slider, counters, figures):
            layout.setAlignment(part, Qt.AlignmentFlag.AlignTop)

    def _lay_out_counters(self) -> QGridLayout:
        counters = QGridLayout()
        counters.setHorizontalSpacing(16)
        counters.setVerticalSpacing(4)
        right = Qt.AlignmentFlag.AlignRight
        columns = []
        for column, (title, value, tool_tip) in enumerate(
            (
                ("Epoch", self.epoch_count, "Complete passes over the training images"),
                ("Step", self.step_count, "Mini-batches the network was trained on"),
                ("Images/s", self.speed, "Training images per second"),
            )
        ):
            heading = label(title, "hint")
            counters.addWidget(heading, 0, column, right)
            counters.addWidget(value, 1, column, right)
            value.setToolTip(tool_tip)
            value.setAccessibleName(title)
            columns.append((heading, value))
        counters.addWidget(self.epoch_progress, 2, 0, 1, 3)
        self._epochs, _, self._images = columns
        return counters

    def _lay_out_figures(self) -> QGridLayout:
        """Lay out two columns; the title of the second may begin above the first one's figure."""
        figures = QGridLayout()
        figures.setVerticalSpacing(0)
        figures.setHorizontalSpacing(0)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        figures.setColumnMinimumWidth(1, 16)
        figures.addWidget(label("Loss", "hint"), 0, 0, left)
        figures.addWidget(self.loss, 1, 0, 1, 2, left)
        figures.addWidget(self.accuracy_title, 0, 1, 1, 2, right)
        figures.addWidget(self.accuracy, 1, 2, right)
        for name, value, tool_tip in (
            ("Loss", self.loss, _LOSS_TIP.format(numeral(SMOOTHED_IMAGES))),
            (_TITLE, self.accuracy, _ACCURACY_TIP),
        ):
            value.setToolTip(tool_tip)
            value.setAccessibleName(name)
        return figures

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for: the speed, then gaps, then the count of epochs."""
        super().resizeEvent(event)
        layout = self.layout()
        assert layout is not None
        for is_speed_shown, gap, are_epochs_shown in _FULLEST_FIRST:
            for part in self._images:
                part.setVisible(is_speed_shown)
            layout.setSpacing(gap)
            for part in self._epochs:
                part.setVisible(are_epochs_shown)
            layout.activate()
            if layout.minimumSize().width() <= self.width():
                break

    def minimumSizeHint(self) -> QSize:
        """Leave the width to the window."""
        return QSize(0, super().minimumSizeHint().height())

    def limit_to(self, names: Collection[str]) -> None:
        """Show only the controls with these names."""
        for name, control in self._controls.items():
            control.setVisible(name in names)

    @Slot()
    def clear(self) -> None:
        """Show that there is no run yet."""
        self._recent.clear()
        for value in (self.step_count, self.epoch_count):
            value.set_text("0")
        for value in (self.speed, self.loss, self.accuracy):
            value.set_text("–")
        self._show_test_figures(None)
        self.epoch_progress.show_share(0)

    @Slot(object)
    def show_state(self, state: State) -> None:
        """Show no speed unless training runs."""
        if state is not State.RUNNING:
            self._recent.clear()
            self.speed.set_text("–")

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the counters, the speed and the figures."""
        self.step_count.set_text(numeral(snapshot.step))
        self.epoch_count.set_text(numeral(snapshot.epoch))
        self.epoch_progress.show_share(snapshot.epoch_progress)
        self._show_speed(snapshot)
        history = snapshot.history
        if history.steps.count:
            self.loss.set_text(_short(history.recent_loss))
        self._show_test_figures(snapshot.test_metrics)

    def _show_test_figures(self, figures: TestMetrics | None) -> None:
        """Show the test accuracy, with its step if the network has changed since."""
        is_old = figures is not None and figures.is_old
        self.accuracy.set_text(percent(None if figures is None else figures.accuracy))
        self.accuracy.set_quiet(is_old)
        self.accuracy_title.set_text(
            _OLD_TITLE.format(numeral(figures.step)) if figures is not None and is_old else _TITLE
        )

    def _show_speed(self, snapshot: Snapshot) -> None:
        now = _Moment(snapshot.time, snapshot.step, snapshot.images_seen)
        recent = self._recent
        if recent and now.step < recent[-1].step:
            recent.clear()
        recent.append(now)
        while len(recent) > 2 and now.time - recent[1].time > _SPEED_SECONDS:
            recent.popleft()
        seconds = now.time - recent[0].time
        if seconds > _SPEED_SECONDS / 4:
            self.speed.set_text(numeral((now.images - recent[0].images) / seconds, ",.0f"))


def _short(loss: float) -> str:
    """Return a loss in at most seven characters, however large it is."""
    return numeral(loss, ".3f" if loss < 999.9995 else ".1e")
