"""All that is to be known of one unit, and its numbers to edit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.arrays import Floats
from core.inspection.unit_views import unit_facts
from core.network.network import Network
from core.wording import numeral
from gui.weights.top_images import TopImages
from gui.weights.unit_image import UnitImage
from gui.weights.weight_bars import WeightBars
from gui.weights.weight_editor import WeightEditor
from gui.widgets.check_box import CheckBox
from gui.widgets.live_text import LiveText
from gui.widgets.theme import TEXT_SIZE, Theme

_SHOWN = 10
"""Weights on either side."""
_ZOOM, _LARGEST_ZOOM = 3, 7
_REST = 212
"""Height of all but the image, and of the least of the weights' rows."""


class UnitInspector(QWidget):
    """Shows a unit's image, bias, activation, weights and most exciting images.

    Signals
    -------
    edit_wanted(Edit)
        The user has entered a value for one of the unit's numbers.
    silence_wanted(bool)
        The unit is to be silent, or not any more.
    image_chosen(int)
        The user has clicked a test image.
    closed()
        The user has seen enough.
    """

    edit_wanted = Signal(object)
    silence_wanted = Signal(bool)
    image_chosen = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unit_inspector")
        self.setAccessibleName("The selected unit")
        self._layer = 1
        left = Qt.AlignmentFlag.AlignLeft
        self.image = UnitImage()
        self.title = LiveText("layer 10, unit 4,095", TEXT_SIZE, left)
        self.bias = LiveText("bias −1000.000", TEXT_SIZE, left)
        self.response = LiveText("activation on the drawing −1000.00", TEXT_SIZE, left)
        for text, name in (
            (self.title, "unit_title"),
            (self.bias, "unit_bias"),
            (self.response, "unit_response"),
        ):
            text.setObjectName(name)
            text.setAccessibleName(name.replace("_", " "))
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.silence = CheckBox("Switch off")
        self.silence.setObjectName("silence_box")
        self.silence.setAccessibleName("Switch off this unit")
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setObjectName("close_inspector_button")
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip("Close (Escape in the picture of all units)")
        self.editor = WeightEditor()
        self.incoming = WeightBars("incoming_weights")
        self.outgoing = WeightBars("outgoing_weights")
        self.top_images = TopImages()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(head)
        for widget in (self.bias, self.response, self.silence):
            words.addWidget(widget)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.image, 0, left | Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        weights = QHBoxLayout()
        weights.setSpacing(12)
        weights.addWidget(self.incoming, 1)
        weights.addWidget(self.outgoing, 1)
        weights.addWidget(self.top_images)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.editor)
        layout.addLayout(weights, 1)

    def _connect(self) -> None:
        self.image.pixel_chosen.connect(self._on_pixel)
        self.incoming.chosen.connect(lambda number: self.editor.choose("from", number))
        self.outgoing.chosen.connect(lambda number: self.editor.choose("to", number))
        self.editor.edit_wanted.connect(self.edit_wanted)
        self.editor.choice_changed.connect(self._mark_chosen)
        self.silence.clicked.connect(self.silence_wanted)
        self.top_images.image_chosen.connect(self.image_chosen)
        self.close_button.clicked.connect(self.closed)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for widget in (self.image, self.incoming, self.outgoing, self.top_images):
            widget.apply_theme(theme)
        # What Qt draws the box's frame with is the window's color, darkened: no frame in the dark.
        palette = self.silence.palette()
        palette.setColor(palette.ColorRole.Window, QColor(theme.quiet))
        self.silence.setPalette(palette)

    def fit(self, height: int) -> None:
        """Draw the images as large as this height allows."""
        self.image.set_zoom(max(_ZOOM, min(_LARGEST_ZOOM, (height - _REST) // 28)))
        self.top_images.fit(height - self.image.height() - self.editor.sizeHint().height() - 16)

    def show_unit(
        self,
        network: Network,
        layer: int,
        unit: int,
        drawing: NDArray[np.uint8] | None,
        is_silent: bool,
    ) -> None:
        """Show what a unit is and does.

        Parameters
        ----------
        network
            With the user's edits.
        layer, unit
            The layer counts from 1, the unit from 0.
        drawing
            uint8, (784,), what the response is to; None while the pad is empty.
        is_silent
            Whether its outgoing weights are zero by the user's wish.
        """
        self._layer = layer
        with np.errstate(all="ignore"):
            facts = unit_facts(network, layer, unit, drawing, _SHOWN)
        is_output = layer == len(network.layers)
        self.title.set_text(f"layer {layer}, {'output' if is_output else 'unit'} {numeral(unit)}")
        self.bias.set_text(f"bias {_number(facts.bias)}")
        what = "score" if is_output else "activation"
        answer = "–" if facts.response is None else _number(facts.response)
        self.response.set_text(f"{what} on the drawing {answer}")
        self.silence.setChecked(is_silent)
        self.silence.setEnabled(not is_output)
        self.silence.setToolTip(
            "Outputs have no outgoing weights" if is_output else "Set its outgoing weights to zero"
        )
        self.incoming.setVisible(layer > 1)
        self.outgoing.setVisible(not is_output)
        self.incoming.show_weights(f"from layer {layer - 1}", facts.incoming)
        is_before_output = layer == len(network.layers) - 1
        behind = tuple(sorted(facts.outgoing)) if is_before_output else facts.outgoing
        where = "the output" if is_before_output else f"layer {layer + 1}"
        self.outgoing.show_weights(f"to {where}{', off' * is_silent}", behind)
        self.editor.show_unit(network, layer, unit, is_silent)
        self._mark_chosen()

    def show_image(self, weights: Floats, pixels: NDArray[np.uint8]) -> None:
        """Show `weights`, (784,), in the colors of the indices `pixels`, (784,)."""
        self.image.show_weights(weights, pixels)

    @Slot()
    def _mark_chosen(self) -> None:
        """Mark the weight that can be edited where it is drawn."""
        kind, number = self.editor.chosen
        self.outgoing.select(number if kind == "to" else None)
        source = number if kind == "from" else None
        self.image.select(source if self._layer == 1 else None)
        self.incoming.select(source if self._layer > 1 else None)

    @Slot(int)
    def _on_pixel(self, pixel: int) -> None:
        """Choose the weight of a pixel; those of deeper layers are not the unit's own."""
        if self._layer == 1:
            self.editor.choose("from", pixel)


def _number(value: float) -> str:
    return numeral(value, "+.3f") if math.isfinite(value) else "–"
