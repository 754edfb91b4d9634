"""What the tracer has found, and which picture of it is shown: before, after, or the change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from core.inspection.flow import Flow, UnitFlow, trace, trace_unit
from core.inspection.prediction import Prediction
from core.inspection.update import FlowChange, UnitChange, Update, trace_unit_change

Shown = Flow | FlowChange
"""What a diagram may show."""


class Look(StrEnum):
    """How a flow is drawn: with its edges, or only its units, which are larger then."""

    EDGES = "edges"
    ACTIVATIONS = "activations"


class Side(Enum):
    """Which side of a step is shown, or what lies between the two."""

    BEFORE = "before"
    AFTER = "after"
    CHANGE = "change"


@dataclass(frozen=True, eq=False)
class FlowTrace:
    """An image's flow through a network, and what the last step changed of it.

    `change` is None where the network is not the one that the step has led to.
    """

    flow: Flow
    change: FlowChange | None

    @classmethod
    def of(cls, prediction: Prediction, update: Update | None) -> FlowTrace:
        """Trace a prediction's image, before the update, too, if it led to that network."""
        network, image = prediction.network, prediction.image
        if update is None or not update.led_to(network):
            return cls(trace(network, image), None)
        change = FlowChange.of(update, image)
        return cls(change.after, change)

    def seen_from(self, side: Side) -> Shown:
        """Return what to show; the network as it is where there is nothing to compare."""
        if self.change is None or side is Side.AFTER:
            return self.flow
        return self.change.before if side is Side.BEFORE else self.change


def trace_one(shown: Shown, layer: int, unit: int) -> UnitFlow | UnitChange:
    """Return the numbers and the edges of one unit in what is shown."""
    if isinstance(shown, FlowChange):
        return trace_unit_change(shown, layer, unit)
    return trace_unit(shown, layer, unit)
