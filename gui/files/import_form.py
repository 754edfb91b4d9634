"""What the file of a network does not say, asked in a form."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from core.importing.foreign_network import ForeignNetwork
from core.settings.config import ActivationName, OutputName
from core.wording import capitalized, counted, layer_name, numeral
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.labels import label
from gui.widgets.layouts import row
from gui.widgets.named import named
from gui.widgets.network_options import ACTIVATION_OPTIONS, OUTPUT_OPTIONS
from gui.widgets.number_field import NumberField

_TITLES = {name: title for name, title, _ in (*ACTIVATION_OPTIONS, *OUTPUT_OPTIONS)}
_FOR_EACH = (None, "One for each layer", "Choose the activation of every hidden layer below")
_FROM_FILE = "The file says so"
_AS_HERE = (0.0, 1.0)
_MOST = 1e6


def _inputs() -> tuple[tuple[tuple[float, float] | None, str, str], ...]:
    """Return mean and scale of the usual inputs, with titles in the user's locale."""
    mean, deviation = numeral(0.1307, "g"), numeral(0.3081, "g")
    return (
        (_AS_HERE, "0 to 1 (as here)", "Pixels divided by 255"),
        (
            (0.1307, 0.3081),
            f"Mean {mean}, standard deviation {deviation}",
            "Pixels from 0 to 1, minus MNIST's mean, divided by its standard deviation, as in "
            "PyTorch's example",
        ),
        ((0.5, 0.5), f"{numeral(-1)} to 1", "Pixels from 0 to 1, minus a half, divided by a half"),
        ((0.0, 1 / 255), "0 to 255", "The pixels as they are"),
        (None, "Another mean and scale", "Pixels from 0 to 1, minus a mean, divided by a scale"),
    )


class ImportForm(QWidget):
    """Shows what the file says, and asks for the rest.

    Attributes
    ----------
    activations
        Of each hidden layer; None if there is none.
    output
        Of the output layer.
    mean, scale
        The network's input is (pixels − mean) / scale, for pixels of 0 to 1.

    Signals
    -------
    changed
        By the user's hand.
    """

    changed = Signal()

    def __init__(self, foreign: ForeignNetwork) -> None:
        super().__init__()
        self._foreign = foreign
        self._form = Form()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._activation: Choice | None = None
        self._layers = QWidget()
        self._of_layers: list[Choice] = []
        self._output: Choice | None = None
        if foreign.activations is None:
            self._ask_activations(len(foreign.hidden))
        elif foreign.activations:
            self._say("Activation", [_TITLES[name] for name in foreign.activations])
        if foreign.output is None:
            tool_tip = "What the output layer computes. It changes the percentages, not the answer"
            self._output = Choice("import_output_combo", OUTPUT_OPTIONS)
            self._add("Output", self._output, tool_tip)
        else:
            self._say("Output", [_TITLES[foreign.output]])
        self._ask_input()
        self.setLayout(self._form)

    @property
    def activations(self) -> tuple[ActivationName, ...] | None:
        """Of each hidden layer, or one for all."""
        if self._foreign.activations is not None or self._activation is None:
            return self._foreign.activations
        for_all = self._activation.currentData()
        if for_all is not None:
            return (for_all,)
        return tuple(choice.currentData() for choice in self._of_layers)

    @property
    def output(self) -> OutputName | None:
        """Of the output layer."""
        if self._output is None:
            return self._foreign.output
        output: OutputName = self._output.currentData()
        return output

    @property
    def mean(self) -> float:
        """What the other program takes from the pixels."""
        return self._mean.value or 0.0

    @property
    def scale(self) -> float:
        """What the other program then divides them by."""
        return self._scale.value or 0.0

    # --- the rows -----------------------------------------------------------------------------

    def _add(self, title: str, choice: Choice, tool_tip: str) -> None:
        choice.chosen.connect(self.changed)
        self._form.add(title, choice, tool_tip)

    def _say(self, title: str, names: list[str]) -> None:
        """Show what the file says."""
        shown = names[:1] if len(set(names)) == 1 else names
        text = label(f"{', '.join(shown)} (as the file says)")
        text.setWordWrap(True)
        self._form.add(title, text, _FROM_FILE)
        text.setAccessibleName(f"{title}: {text.text()}")

    def _ask_activations(self, layers: int) -> None:
        if not layers:
            return
        options = ACTIVATION_OPTIONS if layers == 1 else (*ACTIVATION_OPTIONS, _FOR_EACH)
        self._activation = Choice("import_activation_combo", options)
        self._activation.chosen.connect(self._show_layers)
        what = counted(layers, "hidden layer")
        self._add("Activation", self._activation, f"The activation of the {what}")
        form = Form()
        form.setContentsMargins(0, 0, 0, 0)
        for layer in range(1, layers + 1):
            choice = Choice(f"import_activation_{layer}_combo", ACTIVATION_OPTIONS)
            choice.chosen.connect(self.changed)
            title = layer_name(layer, layers + 1)
            form.add(capitalized(title), choice, f"The activation of {title}")
            self._of_layers.append(choice)
        self._layers.setLayout(form)
        self._form.addWidget(self._layers, self._form.rowCount(), 0, 1, 2)
        self._layers.hide()

    def _ask_input(self) -> None:
        self._inputs = Choice("import_input_combo", _inputs())
        self._inputs.chosen.connect(self._on_input)
        self._add("Input", self._inputs, "How the other program scales the pixels")
        self._mean = NumberField("The mean", -_MOST, _MOST)
        self._scale = NumberField("The scale", -_MOST, _MOST)
        named(self._mean, "import_mean_field", "Mean", "Subtracted from the pixels, 0 to 1")
        named(self._scale, "import_scale_field", "Scale", "The difference is divided by this")
        captions = [label("Mean", "hint"), label("Scale", "hint")]
        self._own_input = QWidget()
        self._own_input.setLayout(row(captions[0], self._mean, captions[1], self._scale))
        for field in (self._mean, self._scale):
            field.value_changed.connect(self.changed)
        self._form.addWidget(self._own_input, self._form.rowCount(), 1)
        self._on_input(_AS_HERE)

    # --- what the user does ---------------------------------------------------------------

    @Slot(object)
    def _show_layers(self, for_all: ActivationName | None) -> None:
        self._layers.setVisible(for_all is None)
        for choice in self._of_layers:
            if for_all is not None:
                choice.set_value(for_all)

    @Slot(object)
    def _on_input(self, known: tuple[float, float] | None) -> None:
        self._own_input.setVisible(known is None)
        for field, value in zip((self._mean, self._scale), known or (), strict=False):
            field.set_value(value)
