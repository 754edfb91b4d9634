"""The activations of the hidden units for the drawing: a square per unit, a strip per layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.inspection.prediction import Prediction
from core.network.activations import ACTIVATIONS
from core.settings.config import ActivationName
from core.wording import numeral
from gui.widgets.activation_strips import CAPTION, NARROWEST, Strip, arrange
from gui.widgets.diverging import strip_table
from gui.widgets.indexed_image import indexed_image
from gui.widgets.tab_view import TabView
from gui.widgets.theme import HINT_SIZE, LIGHT, Theme, tabular


class ActivationsView(TabView):
    """The activations of all hidden layers, each relative to the largest magnitude of its layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activations_view")
        self.setAccessibleName("Activations of the hidden layers")
        self.setToolTip(
            "A square for each hidden unit: orange is positive, blue is negative, "
            "and the deepest color is the largest of the layer"
        )
        self.setMinimumWidth(NARROWEST)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._theme = LIGHT
        self._colors = strip_table(LIGHT)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self._units: tuple[int, ...] = ()
        self._captions: tuple[str, ...] = ()
        self._prediction: Prediction | None = None
        self.activations: tuple[NDArray[np.floating], ...] | None = None
        self.show_activations(None)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the activations for the drawing, as soon as the view is visible."""
        self._prediction = prediction
        if self.isVisible():
            self._show_newest()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is new."""
        super().showEvent(event)
        self._show_newest()

    def _show_newest(self) -> None:
        prediction = self._prediction
        if prediction is None or not prediction.is_finite:
            self.show_activations(None)
        else:
            activations = prediction.explanation.activations
            self.show_activations(activations, prediction.network.activations)

    def show_activations(
        self,
        activations: Sequence[NDArray[np.floating]] | None,
        names: Sequence[ActivationName] = (),
    ) -> None:
        """Show the activations of the units.

        Parameters
        ----------
        activations
            (units,) of each hidden layer, from the input to the output; None while there is
            nothing to show, which keeps the height. Not written to afterwards.
        names
            The layers' activation functions.
        """
        self.activations = None if activations is None else tuple(activations)
        if self.activations is None:
            self._captions = ()
        else:
            layers = enumerate(zip(self.activations, names, strict=True), start=1)
            self._captions = tuple(_caption(layer, A, name) for layer, (A, name) in layers)
            self._make_room(tuple(len(A) for A in self.activations))
        self.setAccessibleDescription("; ".join(self._captions) or self._hint())
        self.update()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._colors = strip_table(theme)
        self.update()

    # --- where things are -----------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As wide as the pad, and as high as that needs."""
        return QSize(270, self.heightForWidth(270))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all strips, or of the hint."""
        strips = arrange(self._units, width)
        return strips[-1].top + strips[-1].height if strips else CAPTION

    def _make_room(self, units: tuple[int, ...]) -> None:
        if units != self._units:
            self._units = units
            self.updateGeometry()

    @property
    def _strips(self) -> tuple[Strip, ...]:
        return arrange(self._units, self.width())

    def square(self, layer: int, unit: int) -> QRect:
        """Return where a unit of a hidden layer is drawn; both count from 0."""
        return self._strips[layer].square(unit)

    def unit_at(self, place: QPoint) -> tuple[int, int] | None:
        """Return the layer and the unit whose square is at a place, or None."""
        for layer, strip in enumerate(self._strips):
            unit = strip.unit_at(place)
            if unit is not None:
                return layer, unit
        return None

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a caption and a picture for each layer."""
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.quiet))
        if not self.activations:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop, self._hint())
            return
        for strip, caption, A in zip(self._strips, self._captions, self.activations, strict=True):
            above = QRect(0, strip.top - CAPTION, self.width(), CAPTION)
            painter.drawText(above, Qt.AlignmentFlag.AlignTop, caption)
            for frame in strip.frames():
                painter.fillRect(frame, QColor(self._theme.hairline))
            image = indexed_image(strip.draw(A), self._colors)
            painter.drawImage(strip.frame, strip.top + strip.frame, image)

    def _hint(self) -> str:
        if self.activations is None:
            return "Draw a digit to see which units are active"
        return "This network has no hidden layers"

    # --- the mouse ------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Answer the question for a tool tip with the unit under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.unit_at(event.pos())
            if found is not None and self.activations:
                text = f"unit {found[1]}: {_signed(float(self.activations[found[0]][found[1]]))}"
                QToolTip.showText(event.globalPos(), text, self, self.square(*found))
                return True
        return super().event(event)


def _caption(layer: int, A: NDArray[np.floating], name: ActivationName) -> str:
    f = ACTIVATIONS[name]
    active = f"{numeral(f.count_active(A))} of {numeral(len(A))} {f.active_word}"
    return f"hidden {layer} · {f.title} · {active}"


def _signed(value: float) -> str:
    return numeral(value, "+.3g") if value else "0"
