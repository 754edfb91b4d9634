"""What one step of training changed, in two lines."""

from __future__ import annotations

from core.inspection.update import LEAST, Update
from core.wording import counted, pixel_place
from gui.flow.flow_words import from_to

NO_STEP = (
    "Press Step while training is paused:",
    "this shows what one update changes, weight by weight.",
)
OTHER_NETWORK = "The picture shows another network: an edited or a ready-made one."


def update_words(update: Update) -> tuple[str, str]:
    """Return how many weights moved and what that did to the loss; and which moved most."""
    moved = (
        f"Step {update.step:,} changed {update.moved:,} of {counted(update.weights, 'weight')} "
        f"by more than {LEAST:g}"
    )
    return moved, f"{_largest(update)} · loss of this batch {_losses(update)}"


def _losses(update: Update) -> str:
    return from_to(update.loss_before, update.loss_after)


def _largest(update: Update) -> str:
    found = update.largest
    if found is None:
        return "No weight moved"
    ends = _unit(update, found.layer - 1, found.source), _unit(update, found.layer, found.target)
    return f"Largest: {' → '.join(ends)}, {from_to(found.before, found.after)}"


def _unit(update: Update, layer: int, unit: int) -> str:
    last = len(update.after.layers)
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    if layer == last:
        return f"digit {unit}"
    return f"unit {unit}" if last == 2 else f"unit {unit} of layer {layer}"
