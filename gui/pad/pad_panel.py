"""The right column: draw a digit, see what the network sees, and what it makes of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from core.arrays import SIDE
from core.ink.drawing import BRUSH
from core.inspection.saliency import explain
from core.wording import percent
from gui.pad.active_network import ActiveNetwork
from gui.pad.draw_pad import NARROWEST_BRUSH, WIDEST_BRUSH, DrawPad
from gui.pad.network_input_view import NetworkInputView
from gui.pad.prediction import Prediction
from gui.pad.prediction_bars import PredictionBars
from gui.widgets.actions import Actions
from gui.widgets.choice import Choice
from gui.widgets.live_text import LiveText
from gui.widgets.theme import DIGIT_SIZE, HINT_SIZE, Theme
from gui.widgets.wheel_guard import WheelGuard

_GUESSES = 3
_NETWORK_TIP = "Which network reads the pad"
_RUN, _RUN_TIP = "This run", "Read the pad with the network that is trained here"
_WIDEST_GUESSES = "not sure\n0 (00.0 %), 0 (00.0 %)\n0 (00.0 %)"
_HOW_TO_CORRECT = "Wrong? Press the right digit."


class PadPanel(QWidget):
    """Reads the drawing with the newest network, while one draws and while it trains.

    Parameters
    ----------
    actions
        What the buttons and keys do.
    active_network
        Knows the network that is asked.
    is_explained
        Says whether somebody wants to see what the drawing makes of the hidden layers.

    Signals
    -------
    predicted(Prediction | None)
        The drawing was read, though a network that has diverged has no answer; None while there is
        no drawing.
    """

    predicted = Signal(object)

    def __init__(
        self,
        actions: Actions,
        active_network: ActiveNetwork,
        is_explained: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._active_network = active_network
        self._is_explained = is_explained
        self.pad = DrawPad()
        self.input_view = NetworkInputView()
        self.bars = PredictionBars()
        center = Qt.AlignmentFlag.AlignHCenter
        self.digit = LiveText("00", DIGIT_SIZE, center)
        self.digit.setAccessibleName("The digit that the network reads")
        self.guesses = LiveText(_WIDEST_GUESSES, HINT_SIZE, center, quiet=True)
        self.guesses.setAccessibleName("The likeliest digits")
        self.remark = LiveText(_HOW_TO_CORRECT, HINT_SIZE, center, quiet=True)
        self.remark.setAccessibleName("What can be done about the answer")
        self._make_controls(actions)

        # However many points a quick pen brings in one turn of the event loop, one reading
        # follows them.
        self._predicting = QTimer(self, interval=0, singleShot=True)
        self._predicting.timeout.connect(self._predict_drawing)
        self.pad.drawing_changed.connect(self._on_drawing_changed)
        self.why.toggled.connect(self.predict_again)
        active_network.changed.connect(self._on_network_changed)
        actions.undo.triggered.connect(self.pad.undo)
        actions.clear.triggered.connect(self.pad.clear)
        actions.paste.triggered.connect(self.pad.paste)
        self._lay_out(actions)
        self._show_network_choice()
        self._show_answer(None)

    def _make_controls(self, actions: Actions) -> None:
        self.network_choice = Choice(
            "reader_combo",
            (
                (False, "Trained network", "Read the pad with the network that comes with the app"),
                (True, _RUN, _RUN_TIP),
            ),
        )
        self.network_choice.setAccessibleName(_NETWORK_TIP)
        self.network_choice.setEnabled(self._active_network.shipped is not None)
        self.network_choice.chosen.connect(self._active_network.follow_run)
        self.start_fresh = QPushButton(actions.start_fresh.text())
        self.start_fresh.setObjectName("start_fresh_button")
        self.start_fresh.setToolTip(actions.start_fresh.toolTip())
        self.start_fresh.clicked.connect(actions.start_fresh.trigger)

        self.brush = QSlider(Qt.Orientation.Horizontal)
        self.brush.setObjectName("brush_slider")
        self.brush.setAccessibleName("Brush width")
        self.brush.setToolTip("How thick the pen draws; MNIST's lines are as thick as the default")
        self.brush.setRange(round(NARROWEST_BRUSH), round(WIDEST_BRUSH))
        self.brush.setValue(round(BRUSH))
        self.brush.valueChanged.connect(self._set_brush)
        WheelGuard(self).protect(self.brush)
        self.why = QPushButton("Show why")
        self.why.setObjectName("why_button")
        self.why.setCheckable(True)
        self.why.setToolTip(
            "Color the pixels that speak for the answer, and those against it: the gradient of "
            "its score with respect to each pixel"
        )

    def _lay_out(self, actions: Actions) -> None:
        network_row = QHBoxLayout()
        network_row.setSpacing(8)
        network_row.addWidget(self.network_choice, 1)
        network_row.addWidget(self.start_fresh)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for action, name in (
            (actions.undo, "undo_button"),
            (actions.clear, "clear_button"),
            (actions.example, "example_button"),
        ):
            button = QPushButton(action.iconText())
            button.setObjectName(name)
            button.setToolTip(f"{action.toolTip()} ({action.shortcut().toString()})")
            button.clicked.connect(action.trigger)
            buttons.addWidget(button)
        buttons.addWidget(self.brush, 1)
        answer = QVBoxLayout()
        answer.setSpacing(0)
        answer.addStretch(1)
        answer.addWidget(self.digit, alignment=Qt.AlignmentFlag.AlignHCenter)
        answer.addWidget(self.guesses, alignment=Qt.AlignmentFlag.AlignHCenter)
        answer.addSpacing(4)
        answer.addWidget(self.remark, alignment=Qt.AlignmentFlag.AlignHCenter)
        answer.addStretch(1)
        sight = QVBoxLayout()
        sight.setSpacing(4)
        sight.addWidget(self.input_view)
        sight.addWidget(self.why)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(sight)
        row.addLayout(answer, 1)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(network_row)
        layout.addWidget(self.pad)
        layout.addLayout(buttons)
        layout.addLayout(row)
        layout.addWidget(self.bars)
        layout.addStretch(1)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for widget in (self.pad, self.input_view, self.bars):
            widget.apply_theme(theme)

    @Slot(int)
    def _set_brush(self, width: int) -> None:
        self.pad.brush = width

    def say(self, text: str) -> None:
        """Show a short remark under the answer until the drawing changes."""
        self.remark.set_text(text)

    # --- reading --------------------------------------------------------------------------

    @Slot()
    def _on_network_changed(self) -> None:
        self._show_network_choice()
        if not self.pad.is_blank:
            self._predict()

    def _show_network_choice(self) -> None:
        best = self._active_network.best
        tool_tip = _RUN_TIP
        if best is not None:
            tool_tip = f"Patience ended this run: its best network reads the pad, of {best}"
        self.network_choice.set_option(
            True, _RUN if best is None else f"This run, best (epoch {best.epoch:,})", tool_tip
        )
        self.network_choice.set_value(self._active_network.follows_run)
        self.network_choice.setToolTip(_NETWORK_TIP if best is None else tool_tip)

    @Slot()
    def predict_again(self) -> None:
        """Read the same drawing again, because more of the answer is wanted."""
        if not self.pad.is_blank:
            self._predict()

    @Slot()
    def _on_drawing_changed(self) -> None:
        self.say("" if self.pad.is_blank else _HOW_TO_CORRECT)
        self._predicting.start()

    @Slot()
    def _predict_drawing(self) -> None:
        if self.pad.is_blank:
            self.input_view.show_image(np.zeros((SIDE, SIDE), np.uint8))
            self._show_answer(None)
            self.predicted.emit(None)
        else:
            self.input_view.show_image(self.pad.image)
            self._predict()

    def _predict(self) -> None:
        network = self._active_network.network
        if network is None:
            return
        image = self.input_view.image
        with np.errstate(over="ignore", invalid="ignore"):
            if self.why.isChecked() or self._is_explained():
                explanation = explain(network, image)
                probabilities = explanation.probabilities
            else:
                explanation = None
                probabilities = network.predict(image.reshape(1, -1))[0]
        # A network whose training has diverged has no answer.
        if not np.isfinite(probabilities).all():
            self._show_answer(None)
            self.predicted.emit(Prediction(network, image))
            return
        self._show_answer(probabilities)
        if explanation is not None:
            self.input_view.show_saliency(explanation.saliency if self.why.isChecked() else None)
        else:
            self.input_view.show_saliency(None)
        self.predicted.emit(Prediction(network, image, explanation))

    def _show_answer(self, probabilities: NDArray[np.floating] | None) -> None:
        self.bars.show_probabilities(probabilities)
        if probabilities is None:
            self.digit.set_text("")
            self.guesses.set_text("")
            self.input_view.show_saliency(None)
            return
        guesses = np.argsort(-probabilities, kind="stable")[:_GUESSES].tolist()
        is_sure = probabilities[guesses[0]] >= self._active_network.threshold
        self.digit.set_text(str(guesses[0]) if is_sure else "?")
        ranked = [f"{digit} ({percent(float(probabilities[digit]), 1)})" for digit in guesses]
        self.guesses.set_text(
            f"{'' if is_sure else 'not sure'}\n{', '.join(ranked[:-1])}\n{ranked[-1]}"
        )
