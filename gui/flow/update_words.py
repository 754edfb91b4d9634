"""What one step of training changed, in three sentences."""

from __future__ import annotations

from core.inspection.update import LEAST, Update
from core.wording import class_name, numeral, pixel_place
from gui.flow.flow_words import from_to

NO_STEP = (
    "Press One batch (B) to see what one update changes: before it, after it, and the difference",
)
OTHER_NETWORK = "The picture shows another network than the one after this step"


def update_words(update: Update) -> tuple[str, str, str]:
    """Return by how much weights changed, what that did to the loss, and which changed most."""
    moved = f"{numeral(update.moved)} of {numeral(update.weights)}"
    found = update.largest
    most = 0.0 if found is None else abs(found.after - found.before)
    return (
        f"Step {numeral(update.step)}: weight changes up to {numeral(most, '.2g')}, "
        f"{moved} > {numeral(LEAST, 'g')}",
        f"Loss of this batch {from_to(update.loss_before, update.loss_after)}",
        _largest(update),
    )


def _largest(update: Update) -> str:
    found = update.largest
    if found is None:
        return "No weight changed"
    ends = _unit(update, found.layer - 1, found.source), _unit(update, found.layer, found.target)
    return f"Largest: {' → '.join(ends)}, {from_to(found.before, found.after)}"


def _unit(update: Update, layer: int, unit: int) -> str:
    last = len(update.after.layers)
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    if layer == last:
        return class_name(update.after.classes, unit)
    return f"unit {unit}" if last == 2 else f"unit {unit} of layer {layer}"
