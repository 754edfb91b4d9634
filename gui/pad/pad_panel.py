"""The right column: draw a digit, see the network's input and its prediction."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.ink.doubt import Doubt
from core.ink.drawing import BRUSH
from core.inspection.prediction import Prediction
from core.wording import percent
from gui.pad.draw_pad import NARROWEST_BRUSH, WIDEST_BRUSH, DrawPad
from gui.pad.network_input_view import NetworkInputView
from gui.pad.prediction_bars import PredictionBars
from gui.prediction.active_network import ActiveNetwork
from gui.prediction.prediction_model import PredictionModel
from gui.widgets.actions import Actions
from gui.widgets.choice import Choice
from gui.widgets.live_text import LiveText
from gui.widgets.slider import Slider
from gui.widgets.theme import DIGIT_SIZE, HINT_SIZE, Theme

_GUESSES = 3
_NETWORK_TIP = "Which network predicts for your drawing"
_SHIPPED, _SHIPPED_TIP = "Ready-made network", "Predict with the network that comes with the app"
_RUN, _RUN_TIP = "My network", "Predict with the network that is trained here"
_WIDEST_GUESSES = "not sure\n0 (> 00.0 %), 0 (< 0.0 %)\n0 (< 0.0 %)"
_HOW_TO_CORRECT = "Wrong? Press the correct digit."
_DOUBTS = {
    Doubt.SEVERAL: "It predicts one digit at a time.",
    Doubt.SCRIBBLE: "This does not look like one digit.",
}


class PadPanel(QWidget):
    """The pad, the choice of a network, the 28×28 input and the prediction.

    Parameters
    ----------
    actions
        What the buttons and keys do.
    model
        Predicts for the drawing.
    active_network
        The network that predicts.
    """

    def __init__(
        self,
        actions: Actions,
        model: PredictionModel,
        active_network: ActiveNetwork,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._said = ""
        self._active_network = active_network
        self.pad = DrawPad(model.drawing)
        self.input_view = NetworkInputView()
        self.bars = PredictionBars()
        center = Qt.AlignmentFlag.AlignHCenter
        self.digit = LiveText("00", DIGIT_SIZE, center)
        self.digit.setAccessibleName("Predicted digit")
        self.guesses = LiveText(_WIDEST_GUESSES, HINT_SIZE, center, quiet=True)
        self.guesses.setAccessibleName("Most probable digits")
        self.remark = LiveText(_HOW_TO_CORRECT, HINT_SIZE, center, quiet=True)
        self.remark.setAccessibleName("Hint")
        self._make_controls(actions)

        self.pad.drawing_changed.connect(self._on_drawing_changed)
        self.pad.drawing_changed.connect(model.note_drawing)
        model.image_changed.connect(self.input_view.show_image)
        model.predicted.connect(self._show_prediction)
        self.why.toggled.connect(self._show_prediction)
        active_network.changed.connect(self._show_network_choice)
        actions.undo.triggered.connect(self.pad.undo)
        actions.clear.triggered.connect(self.pad.clear)
        actions.paste.triggered.connect(self.pad.paste)
        self._lay_out(actions)
        self._show_network_choice()
        self._show_prediction()

    def _make_controls(self, actions: Actions) -> None:
        self.network_choice = Choice(
            "reader_combo",
            (
                (False, _SHIPPED, _SHIPPED_TIP),
                (True, _RUN, _RUN_TIP),
            ),
        )
        self.network_choice.setAccessibleName(_NETWORK_TIP)
        self.network_choice.setEnabled(self._active_network.shipped is not None)
        self.network_choice.chosen.connect(self._active_network.follow_run)
        self.start_fresh = QPushButton(actions.start_fresh.iconText())
        self.start_fresh.setObjectName("start_fresh_button")
        self.start_fresh.setToolTip(actions.start_fresh.toolTip())
        self.start_fresh.clicked.connect(actions.start_fresh.trigger)

        self.brush = Slider("brush_slider", round(WIDEST_BRUSH), round(NARROWEST_BRUSH))
        self.brush.setAccessibleName("Brush width")
        self.brush.setToolTip("Width of the pen. The default is as thick as the lines in MNIST.")
        self.brush.setValue(round(BRUSH))
        self.brush.valueChanged.connect(self._set_brush)
        self.why = QPushButton("Explain")
        self.why.setObjectName("why_button")
        self.why.setCheckable(True)
        self.why.setAccessibleName("Explain this answer")
        self.why.setToolTip(
            "Color the pixels that support the answer and those against it: the gradient of the "
            "digit's score with respect to each pixel"
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
        """Show a short remark below the prediction until the drawing changes."""
        self._said = text
        self._show_remark()

    def _show_remark(self) -> None:
        doubt = self._model.doubt
        hint = _HOW_TO_CORRECT if doubt is None else _DOUBTS[doubt]
        self.remark.set_text(self._said or ("" if self.pad.is_blank else hint))

    # --- what is shown --------------------------------------------------------------------

    @Slot()
    def _on_drawing_changed(self) -> None:
        self.say("")

    @Slot()
    def _show_network_choice(self) -> None:
        best = self._active_network.best
        text, tool_tip = _RUN, _RUN_TIP
        if best is not None:
            text = f"{_RUN}, best (epoch {best.epoch:,})"
            tool_tip = f"Patience ended this run. Its best network predicts, of {best}"
        self.network_choice.set_option(True, text, tool_tip)
        self.network_choice.set_value(self._active_network.follows_run)
        self.network_choice.setToolTip(_NETWORK_TIP if best is None else tool_tip)

    @Slot()
    def _show_prediction(self) -> None:
        prediction = self._model.prediction
        # A network whose training has diverged has no answer.
        answer = prediction if prediction is not None and prediction.is_finite else None
        self.bars.show_probabilities(None if answer is None else answer.probabilities)
        self._show_remark()
        self.digit.set_text(_digit(answer))
        self.guesses.set_text(_guesses(answer))
        if answer is not None and self.why.isChecked():
            self.input_view.show_saliency(answer.explanation.saliency)
        else:
            self.input_view.show_saliency(None)


def _digit(prediction: Prediction | None) -> str:
    if prediction is None:
        return ""
    return str(prediction.digit) if prediction.is_certain else "?"


def _guesses(prediction: Prediction | None) -> str:
    """Return the most probable digits, in three lines."""
    if prediction is None:
        return ""
    shares = prediction.probabilities
    order = np.argsort(-shares, kind="stable")[:_GUESSES].tolist()
    *first, last = (f"{digit} ({percent(float(shares[digit]), 1)})" for digit in order)
    return f"{'' if prediction.is_certain else 'not sure'}\n{', '.join(first)}\n{last}"
