"""What the user's edits of the network come to, and the buttons that take them back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.inspection.network_edits import Edit, Silence
from core.network.network import Network
from core.wording import counted, numeral, percent, unit_place
from gui.prediction.edited_network import EditedNetwork
from gui.widgets.buttons import button
from gui.widgets.layouts import row
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.theme import TEXT_SIZE

_NO_UNIT = "Click a unit to inspect it"
_NO_EDITS = "Edit a weight, and see how the test accuracy changes"
_IN_THE_PAST = "Step {} · edits change the newest network"
_MOST_NAMED = 20


class EditsBar(QWidget):
    """A line of text, Undo, and As trained."""

    def __init__(self) -> None:
        super().__init__()
        text = LiveText(_NO_EDITS, TEXT_SIZE, Qt.AlignmentFlag.AlignLeft)
        self.text = named(text, "edits_text", "Edits of the network")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.undo = button("undo_edit_button", "Undo", "Undo the last edit (Ctrl+Z)")
        self.as_trained = button(
            "as_trained_button",
            "Undo all edits",
            "Show the network as trained. Undo brings the edits back.",
        )
        self.undo.setEnabled(False)
        self.as_trained.setEnabled(False)
        self.setLayout(row(self.text, self.undo, self.as_trained, spacing=4, wide=self.text))

    def show_edits(self, edited: EditedNetwork, has_unit: bool) -> None:
        """Show what the edits do; without any, what to do next."""
        self.undo.setEnabled(edited.can_undo)
        self.as_trained.setEnabled(bool(edited.edits))
        if edited.network is None:
            self.text.set_text("")
        elif edited.past is not None:
            self.text.set_text(_IN_THE_PAST.format(numeral(edited.past.step)))
        elif edited.edits:
            self.text.set_text(_words(edited))
        else:
            self.text.set_text(_NO_EDITS if has_unit else _NO_UNIT)
        self.text.set_quiet(bool(edited.edits) and edited.accuracies_are_old)
        self.text.setToolTip(_details(edited))


def _words(edited: EditedNetwork) -> str:
    result = counted(len(edited.edits), "edit")
    accuracies = edited.accuracies
    if accuracies is not None:
        after = percent(accuracies.edited) if accuracies.edits == edited.edits else "…"
        when = f" at step {numeral(accuracies.step)}" if edited.accuracies_are_old else ""
        result = f"Test accuracy{when} {percent(accuracies.trained)} → {after} with {result}"
    return result + (", kept while it trains" if edited.is_older else "")


def _details(edited: EditedNetwork) -> str:
    """Return when the accuracy was measured, and a line for each edit, the newest first."""
    network = edited.network
    lines = (
        [] if network is None else [_line(edit, network) for edit in reversed(edited.edits.edits)]
    )
    more = len(lines) - _MOST_NAMED
    if more > 0:
        lines[_MOST_NAMED:] = [f"and {more} more"]
    if edited.accuracies is not None:
        lines.insert(
            0, f"Measured after step {numeral(edited.accuracies.step)}; repeated while it trains"
        )
    return "\n".join(lines)


def _line(edit: Edit | Silence, network: Network) -> str:
    unit = unit_place(edit.layer, edit.unit, len(network.layers), network.classes)
    if isinstance(edit, Silence):
        return f"{unit}: switched off"
    what = "bias" if edit.source is None else f"weight from {edit.source}"
    return f"{unit}: {what} {numeral(edit.value, 'g')}"
