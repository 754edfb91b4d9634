"""The right column: draw a digit, see the network's prediction, and correct it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.colors import Theme
from core.ink.drawing import BRUSH
from core.training.snapshot import Snapshot
from core.wording import Classes, are_digits, listed, numeral
from gui.pad.answer_view import AnswerView
from gui.pad.draw_pad import NARROWEST_BRUSH, WIDEST_BRUSH, DrawPad
from gui.prediction.active_network import ActiveNetwork, Source
from gui.prediction.prediction_model import PredictionModel
from gui.widgets.actions import Actions
from gui.widgets.button import Button
from gui.widgets.choice import Choice
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from gui.widgets.painted_interface import show_as
from gui.widgets.slider import Slider

_NETWORK_TIP = "Which network predicts for your drawing"
_SHIPPED, _SHIPPED_TIP = "Ready-made network", "Predict with the network that comes with the app"
_RUN, _RUN_TIP = "My network", "Predict with the network that is trained here"
_CAPTIONS = {
    Source.READY_MADE: "The ready-made network predicts",
    Source.RUN: "My network predicts",
    Source.IMPORTED: "The imported network predicts",
}
_HOW_TO_CORRECT = "Wrong? Click the correct digit or press its key."
_HOW_TO_SELECT = "A number: click one of its digits to see how it was predicted and to correct it."
_NO_DIGIT = "This does not look like one digit, so no answer is certain."
_MARGIN = 12


class PadPanel(QWidget):
    """The choice of a network, the pad, and the answer.

    Parameters
    ----------
    actions
        What the buttons and keys do.
    model
        Predicts for the drawing.
    active_network
        The network that predicts.

    Attributes
    ----------
    model
        The same; its selected digit is the one that is saved.

    Signals
    -------
    correction_undone
        The user wants the drawing that was just saved in My digits removed from there.
    """

    correction_undone = Signal()

    def __init__(
        self,
        actions: Actions,
        model: PredictionModel,
        active_network: ActiveNetwork,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._active_network = active_network
        self._said = ""
        self._network_shown: object = None
        self.pad = DrawPad(model.drawing)
        self.answer = AnswerView()
        show_as(self.pad, QAccessible.Role.Canvas, self._pad_in_words)
        self._make_controls(actions)
        self._make_remark()

        self.pad.drawing_changed.connect(self._on_drawing_changed)
        self.pad.drawing_changed.connect(model.note_drawing)
        model.classes_changed.connect(self._show_classes)
        model.image_changed.connect(self.answer.show_image)
        model.predicted.connect(self._show_prediction)
        self.answer.why.toggled.connect(self._show_prediction)
        self.answer.digit.digit_selected.connect(model.select)
        active_network.changed.connect(self._show_network)
        actions.undo.triggered.connect(self.pad.undo)
        actions.clear.triggered.connect(self.pad.clear)
        actions.paste.triggered.connect(self.pad.paste)
        self._lay_out(actions)
        self._show_network()
        self._show_prediction()

    def _make_controls(self, actions: Actions) -> None:
        self.network_choice = Choice(
            "reader_combo",
            (
                (Source.READY_MADE, _SHIPPED, _SHIPPED_TIP),
                (Source.RUN, _RUN, _RUN_TIP),
            ),
        )
        self.network_choice.setAccessibleName(_NETWORK_TIP)
        self.network_choice.setEnabled(self._active_network.shipped is not None)
        self.network_choice.chosen.connect(self._active_network.use)
        self.start_fresh = Button(actions.start_fresh.iconText())
        self.start_fresh.setObjectName("start_fresh_button")
        self.start_fresh.setToolTip(actions.start_fresh.toolTip())
        self.start_fresh.clicked.connect(actions.start_fresh.trigger)

        widths = range(round(NARROWEST_BRUSH), round(WIDEST_BRUSH) + 1)
        self.brush = Slider("brush_slider", widths, widths[0])
        self.brush.setMinimumWidth(32)
        self.brush.setAccessibleName("Pen width")
        self.brush.setToolTip("Width of the pen. The default is as thick as the lines in MNIST.")
        self.brush.setValue(round(BRUSH))
        self.brush.valueChanged.connect(self._set_brush)

    def _make_remark(self) -> None:
        self.remark = label("", "hint")
        self.remark.setObjectName("pad_remark")
        self.remark.setWordWrap(True)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.remark.setFixedHeight(2 * self.remark.fontMetrics().lineSpacing())
        self.undo_correction = Button("Undo")
        self.undo_correction.setObjectName("undo_correction_button")
        self.undo_correction.setToolTip("Remove the drawing from My digits again")
        self.undo_correction.clicked.connect(self.correction_undone)
        self.undo_correction.hide()

    def _lay_out(self, actions: Actions) -> None:
        network_row = _row(self.network_choice, self.start_fresh)
        network_row.setStretch(0, 1)
        buttons = _row()
        for action, name in (
            (actions.undo, "undo_button"),
            (actions.clear, "clear_button"),
            (actions.example, "example_button"),
        ):
            button = Button(action.iconText())
            button.setObjectName(name)
            button.setToolTip(f"{action.toolTip()} ({action.shortcut().toString()})")
            button.clicked.connect(action.trigger)
            buttons.addWidget(button)
        pen = label("Pen", "hint")
        pen.setBuddy(self.brush)
        buttons.addWidget(pen)
        buttons.addWidget(self.brush, 1)
        remark_row = _row(self.remark, self.undo_correction)
        remark_row.setStretch(0, 1)
        remark_row.setAlignment(self.undo_correction, Qt.AlignmentFlag.AlignTop)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 8, _MARGIN, 4)
        layout.setSpacing(4)
        layout.addLayout(network_row)
        layout.addWidget(self.pad, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.answer)
        layout.addLayout(remark_row)
        layout.addStretch(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the pad from being higher than it is wide; the answer may use what is then left."""
        super().resizeEvent(event)
        highest = max(self.width() - 2 * _MARGIN, 0)  # 0: hidden beside a view
        self.pad.setMaximumHeight(highest)
        layout = self.layout()
        assert layout is not None
        others = (self.pad, self.answer)
        used = layout.minimumSize().height() - sum(p.minimumSizeHint().height() for p in others)
        self.answer.grow(highest, self.height() - used - highest)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for widget in (self.pad, self.answer):
            widget.apply_theme(theme)

    @Slot(int)
    def _set_brush(self, width: int) -> None:
        self.pad.brush = width

    # --- what is said -----------------------------------------------------------------------

    def say(self, text: str, can_undo: bool = False) -> None:
        """Show a short remark below the answer until the drawing changes."""
        self._said = text
        self.undo_correction.setVisible(can_undo)
        self._show_remark()

    def _show_remark(self) -> None:
        text = self._said or self._hint()
        if self.remark.text() != text:
            self.remark.setText(text)

    def _hint(self) -> str:
        digit = self.model.digit
        if self.pad.is_blank or digit is None:
            return ""
        if digit.is_scribble:
            return _NO_DIGIT
        if not are_digits(self.model.classes):
            return ""  # My digits keeps digits only
        return _HOW_TO_SELECT if len(self.model.digits) > 1 else _HOW_TO_CORRECT

    def _pad_in_words(self) -> str:
        if self.pad.is_blank:
            return f"Blank. {self.answer.empty.text()}"
        return f"A drawing. {self.pad.caption.text()}: {self.answer.in_words or 'nothing'}"

    @Slot()
    def _on_drawing_changed(self) -> None:
        self.say("")

    @Slot(object)
    def _show_classes(self, classes: Classes) -> None:
        """Say what the network that predicts can tell apart."""
        is_digit = are_digits(classes)
        self.pad.set_hint("Draw a digit here" if is_digit else f"Draw one of: {listed(classes)}")
        self.answer.show_classes(classes)

    # --- what is predicted ------------------------------------------------------------------

    @Slot()
    def _show_network(self) -> None:
        active = self._active_network
        best, imported, source = active.best, active.imported, active.source
        self._show_caption(source, active.past)
        if (source, best, imported) == self._network_shown:
            return  # it has learned; it is still the same
        self._network_shown = source, best, imported
        text, tool_tip, shown_tip = _RUN, _RUN_TIP, _NETWORK_TIP
        if best is not None:
            text = f"{_RUN}, best (epoch {numeral(best.epoch)})"
            shown_tip = tool_tip = f"Patience ended this run. Its best network predicts, of {best}"
        self.network_choice.set_option(Source.RUN, text, tool_tip)
        if imported is not None:
            title, of_file = f"Imported: {imported.source}", f"Predict with {imported.source}"
            self.network_choice.set_option(Source.IMPORTED, title, literal(of_file))
            self.network_choice.setEnabled(True)
            shown_tip = literal(of_file) if source is Source.IMPORTED else shown_tip
        self.network_choice.set_value(source)
        self.network_choice.setToolTip(shown_tip)

    def _show_caption(self, source: Source, past: Snapshot | None) -> None:
        """Say on the pad which network predicts, and of which moment."""
        caption = _CAPTIONS[source]
        if past is not None:
            caption = f"My network at step {numeral(past.step)} predicts"
        if caption != self.pad.caption.text():
            is_another = bool(self.pad.caption.text())
            self.pad.caption.set_text(caption)
            if is_another:
                self.pad.caption.highlight()

    @Slot()
    def _show_prediction(self) -> None:
        model = self.model
        # A network whose training has diverged has no answer.
        is_finite = all(prediction.is_finite for prediction in model.predictions)
        self.answer.show_predictions(model.predictions if is_finite else (), model.selected)
        self._show_remark()
        digit, prediction = model.digit, model.prediction if is_finite else None
        self.pad.bracket.show(digit.box if digit is not None and len(model.digits) > 1 else None)
        if digit is not None and prediction is not None and self.answer.why.isChecked():
            saliency = prediction.explanation.saliency
            self.pad.explanation.show(saliency, digit.frame, prediction.name)
        else:
            self.pad.explanation.hide()


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return row
