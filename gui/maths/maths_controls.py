"""What the maths tab is about: which image, which layer, which unit, which weight."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.arrays import DIGITS, PIXELS
from core.settings.config import MAX_UNITS
from core.wording import Classes, kind_of, numeral
from gui.widgets.choice import Choice
from gui.widgets.dropdown import Dropdown
from gui.widgets.named import named
from gui.widgets.number_field import NumberField
from gui.widgets.wrapping_row import WrappingRow

_KIND_WIDTH, _DIGIT_WIDTH, _NUMBER_WIDTH = 108, 100, 52
_DIGIT_TOOL_TIP = "The correct digit, from which the loss is computed"
_UNIT_TOOL_TIP = "The unit, from 0. Empty: the one on which the loss depends most."
_SOURCE_TOOL_TIP = "The weight's input, from 0. Empty: the one with the largest w·a."
_TEST = 1
"""Index of the test images among the kinds of example."""


@dataclass(frozen=True)
class Selection:
    """What the user chose; None leaves the choice to the app.

    Attributes
    ----------
    example
        Number of a test image; None is the drawing on the pad.
    digit
        What the drawing is meant to be; None: what the network takes it for.
    layer
        From 1.
    unit
        None: the one that the loss depends on most.
    source
        Which input; None: the one with the largest magnitude of w·a.
    """

    example: int | None = None
    digit: int | None = None
    layer: int = 1
    unit: int | None = None
    source: int | None = None


class MathsControls(QWidget):
    """A row of selectors.

    Signals
    -------
    example_chosen(int | None)
        Number of a test image, or None for the drawing.
    changed()
        Any other choice.
    """

    example_chosen = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._images = 0
        self._sizes: tuple[int, ...] = ()
        self._last_number = 0
        self._meant: int | None = None
        kinds = [
            ("drawing", "Drawing", "The digit on the pad"),
            ("test", "Test image", "An image that the network is not trained on"),
        ]
        self._kind = Choice("maths_example", kinds)
        number = NumberField("The test image", 0, 10**6, whole=True)
        self._number = named(number, "maths_example_number", "Test image")
        self._digit = Choice("maths_digit", _answers(DIGITS))
        self._layer = Dropdown("maths_layer")
        self._layer.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        unit = NumberField("The unit", 0, MAX_UNITS, whole=True, empty="auto")
        self._unit = named(unit, "maths_unit")
        source = NumberField("The input", 0, max(MAX_UNITS, PIXELS), whole=True, empty="auto")
        self._source = named(source, "maths_source_unit")
        self._lay_out()
        self._kind.chosen.connect(self._on_kind)
        self._number.value_changed.connect(self._on_number)
        self._digit.chosen.connect(self._on_digit)
        self._layer.activated.connect(self._on_layer)
        self._unit.value_changed.connect(self._on_unit)
        self._source.value_changed.connect(self._on_source)
        self._show_kind()
        self._show_whether_there_are_units()

    def _lay_out(self) -> None:
        row = WrappingRow(self, gap=8)
        row.addWidget(self._kind)
        row.addWidget(self._number)
        self._caption = row.add_captioned("Digit", self._digit)
        row.add_captioned("Layer", self._layer)
        row.add_captioned("Unit", self._unit)
        row.add_captioned("Input", self._source)
        for control, name, width, tool_tip in (
            (self._kind, "Example", _KIND_WIDTH, "The image to work through"),
            (self._number, "Test image", _NUMBER_WIDTH, "Number of the test image, from 0"),
            (self._digit, "Digit", _DIGIT_WIDTH, _DIGIT_TOOL_TIP),
            (self._layer, "Layer", _NUMBER_WIDTH, "The layer of the unit to follow"),
            (self._unit, "Unit", _NUMBER_WIDTH, _UNIT_TOOL_TIP),
            (self._source, "Input", _NUMBER_WIDTH, _SOURCE_TOOL_TIP),
        ):
            control.setToolTip(tool_tip)
            control.setAccessibleName(name)
            control.setFixedWidth(width)

    @property
    def selection(self) -> Selection:
        """What is chosen now."""
        is_test = self._kind.currentIndex() == _TEST
        number, unit, source = self._number.value, self._unit.value, self._source.value
        return Selection(
            example=int(number or 0) if is_test else None,
            digit=self._meant,
            layer=int(self._layer.currentData() or 1),
            unit=None if unit is None else int(unit),
            source=None if source is None else int(source),
        )

    def show_classes(self, classes: Classes) -> None:
        """Offer these classes as the correct one."""
        what = kind_of(classes)
        self._meant = None
        self._caption.setText(what.capitalize())
        self._digit.setAccessibleName(what.capitalize())
        self._digit.set_options(_answers(classes))

    def set_test_images(self, count: int) -> None:
        """Say how many test images there are to choose from; 0 leaves the drawing alone."""
        self._images = count
        if self._last_number >= count:
            self._last_number = 0
            self._number.set_value(0)
        if not count:
            self._kind.set_value("drawing")
        self._show_kind()

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Offer the layers of a network; the choices for one of another shape are forgotten."""
        if sizes == self._sizes:
            return
        self._sizes = sizes
        self._layer.clear()
        for layer in range(1, len(sizes)):
            self._layer.addItem(str(layer), layer)
            shape = f"{numeral(sizes[layer - 1])} inputs, {numeral(sizes[layer])} units"
            self._layer.setItemData(layer - 1, shape, Qt.ItemDataRole.ToolTipRole)
        self._unit.set_value(None)
        self._source.set_value(None)
        self._show_whether_there_are_units()

    def show_label(self, digit: int | None) -> None:
        """Show a test image's digit; None for a drawing, whose digit is the user's choice."""
        self._digit.setEnabled(digit is None)
        self._digit.set_value(self._meant if digit is None else digit)

    def _show_whether_there_are_units(self) -> None:
        for control in (self._layer, self._unit, self._source):
            control.setEnabled(bool(self._sizes))

    def _show_kind(self) -> None:
        self._kind.setEnabled(self._images > 0)
        is_test = self._kind.currentIndex() == _TEST
        self._number.setEnabled(is_test)
        self._number.setVisible(is_test)

    @Slot()
    def _on_kind(self) -> None:
        self._show_kind()
        self.example_chosen.emit(self.selection.example)

    @Slot(object)
    def _on_number(self, value: int) -> None:
        if value >= self._images:
            self._number.set_value(self._last_number)
            self._number.refuse(f"The test images are numbered 0 to {numeral(self._images - 1)}.")
            return
        self._last_number = value
        self.example_chosen.emit(value)

    @Slot(object)
    def _on_digit(self, digit: int | None) -> None:
        self._meant = digit
        self.changed.emit()

    @Slot()
    def _on_layer(self) -> None:
        """Begin with the liveliest unit of another layer."""
        self._unit.set_value(None)
        self._source.set_value(None)
        self.changed.emit()

    @Slot(object)
    def _on_unit(self, value: int | None) -> None:
        self._source.set_value(None)
        self._accept(self._unit, value, self._sizes[self.selection.layer], "units")

    @Slot(object)
    def _on_source(self, value: int | None) -> None:
        self._accept(self._source, value, self._sizes[self.selection.layer - 1], "inputs")

    def _accept(self, field: NumberField, value: int | None, count: int, what: str) -> None:
        """Take a number that this layer has; any other empties the field, with a word on it."""
        if value is not None and value >= count:
            field.set_value(None)
            layer = self.selection.layer
            field.refuse(f"The {what} of layer {layer} are numbered 0 to {numeral(count - 1)}.")
        self.changed.emit()


def _answers(classes: Classes) -> list[tuple[int | None, str, str]]:
    """Return what can be the correct class, each with its title and tool tip."""
    first = (None, "Predicted", f"The {kind_of(classes)} that the network predicts")
    return [first, *((k, name, f"The drawing is a {name}") for k, name in enumerate(classes))]
