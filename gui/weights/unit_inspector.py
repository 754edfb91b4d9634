"""All that is to be known of one unit, and its numbers to edit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from core.colors import Theme
from core.inspection.unit_views import unit_facts
from core.network.network import Network
from core.wording import numeral, unit_place
from gui.weights.top_images import TopImages
from gui.weights.unit_image import UnitImage
from gui.weights.weight_bars import WeightBars
from gui.weights.weight_editor import WeightEditor
from gui.widgets.check_box import CheckBox
from gui.widgets.layouts import column, row
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.theme import TEXT_SIZE

_SHOWN = 10
"""Weights on either side."""
_ZOOM, _LARGEST_ZOOM = 3, 7
_REST = 212
"""Height of all but the image, and of the least of the weights' rows."""


class UnitInspector(QWidget):
    """Shows a unit's image, bias, activation, weights and most exciting images.

    What the user does, the parts signal: :attr:`editor`, :attr:`silence`, :attr:`top_images` and
    :attr:`close_button`.
    """

    def __init__(self) -> None:
        super().__init__()
        named(self, "unit_inspector", "The selected unit")
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
            named(text, name, name.replace("_", " "))
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.silence = named(CheckBox("Switch off"), "silence_box", "Switch off this unit")
        self.close_button = named(
            QToolButton(),
            "close_inspector_button",
            "Close",
            "Close (Escape in the picture of all units)",
        )
        self.close_button.setText("×")
        self.editor = WeightEditor()
        self.incoming = WeightBars("incoming_weights")
        self.outgoing = WeightBars("outgoing_weights")
        self.top_images = TopImages()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = row(self.title, self.close_button, spacing=4, wide=self.title)
        words = column(head, self.bias, self.response, self.silence, spacing=4)
        words.addStretch(1)
        top = row(self.image, words, spacing=12, wide=words)
        top.setAlignment(self.image, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        weights = row(self.incoming, self.outgoing, self.top_images, spacing=12, wide=self.incoming)
        weights.setStretchFactor(self.outgoing, 1)
        self.setLayout(column(top, self.editor, weights, high=weights))

    def _connect(self) -> None:
        self.image.pixel_chosen.connect(self._on_pixel)
        self.incoming.chosen.connect(lambda number: self.editor.choose("from", number))
        self.outgoing.chosen.connect(lambda number: self.editor.choose("to", number))
        self.editor.choice_changed.connect(self._mark_chosen)

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
        self.title.set_text(unit_place(layer, unit, len(network.layers), network.classes))
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
