"""One update of a network: which weights it moved, and what that did to an image's activations.

A step of training moves the weights of every layer by

    ΔW[l] = W[l] after the step − W[l] before it

All of it is measured on a step that was really made, whatever the optimizer, the schedule or the
penalty have added to the gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, LabeledImages
from core.inspection.flow import (
    STRONGEST,
    UNIT_EDGES,
    Edges,
    Flow,
    UnitFlow,
    largest,
    trace,
    trace_unit,
)
from core.network.network import Network
from core.progress import Progress, no_progress
from core.training.evaluation import evaluate
from core.training.trainer import Trainer

LEAST = 0.001
"""A weight that moved by more is counted."""


@dataclass(frozen=True)
class MovedWeight:
    """The weight from a unit `source` to a unit `target` of `layer`, before and after.

    Layers count from 1, as in the equations of core/network/network.py, and units from 0.
    """

    layer: int
    source: int
    target: int
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Update:
    """A network before and after one step.

    Attributes
    ----------
    step
        The number of the step, from 1.
    before, after
        Read-only copies of the network.
    edges
        The edges into each layer l = 1 … L whose weights moved most, and by how much; ``edges[0]``
        begin at the pixels.
    moved, weights
        How many weights moved by more than `LEAST`, and how many there are, without the biases.
    loss_before, loss_after
        The mean loss of the step's mini-batch, without the penalty, dropout and data augmentation.
    """

    step: int
    before: Network
    after: Network
    edges: tuple[Edges, ...]
    moved: int
    weights: int
    loss_before: float
    loss_after: float

    @cached_property
    def largest(self) -> MovedWeight | None:
        """The weight that moved most; None if none has moved."""
        ends = [
            (abs(float(into.values[-1])), layer, int(into.sources[-1]), int(into.targets[-1]))
            for layer, into in enumerate(self.edges, start=1)
            if len(into.values)
        ]
        if not ends:
            return None
        _, layer, source, target = max(ends, key=lambda end: end[0])
        return MovedWeight(layer, source, target, *self.weight(layer, source, target))

    def weight(self, layer: int, source: int, target: int) -> tuple[float, float]:
        """Return the weight from `source` to `target` of `layer`, before and after."""
        before, after = (n.layers[layer - 1].W[source, target] for n in (self.before, self.after))
        return float(before), float(after)

    def led_to(self, network: Network) -> bool:
        """Return whether `network` is the one after the step, or a copy of it."""
        after = self.after
        return network is after or (
            (network.sizes, network.activations, network.output)
            == (after.sizes, after.activations, after.output)
            and np.array_equal(network.parameters, after.parameters)
        )


def step_and_compare(trainer: Trainer, progress: Progress = no_progress) -> Update:
    """Make the trainer's next step, and return what it changed.

    The run is the same to the bit as with :meth:`Trainer.step` alone, which may raise
    TrainingDivergedError. Whatever `progress` raises while the batch is evaluated comes after the
    step.
    """
    batch, before = trainer.next_batch(), trainer.network.frozen_copy()
    trainer.step()
    return compare(before, trainer.network.frozen_copy(), batch, trainer.step_count, progress)


def compare(
    before: Network,
    after: Network,
    batch: LabeledImages,
    step: int = 1,
    progress: Progress = no_progress,
) -> Update:
    """Compare two networks of the same shape, between which a step on `batch` was made."""
    edges, moved, weights = [], 0, 0
    with np.errstate(over="ignore", invalid="ignore"):
        for old, new in zip(before.layers, after.layers, strict=True):
            change = new.W - old.W
            distance = np.abs(change)
            moved += int(np.count_nonzero(distance > LEAST))
            weights += change.size
            # The largest n lie in the n rows with the largest elements: most need no sorting.
            rows = largest(distance.max(axis=1), STRONGEST)
            place, targets = np.divmod(largest(distance[rows].ravel(), STRONGEST), change.shape[1])
            sources = rows[place]
            edges.append(Edges.weakest_first(sources, targets, change[sources, targets]))
        losses = [
            evaluate(network, batch.images, batch.labels, progress).loss
            for network in (before, after)
        ]
    return Update(step, before, after, tuple(edges), moved, weights, *losses)


@dataclass(frozen=True, eq=False)
class FlowChange:
    """What an update changed of one image's way through the network.

    Attributes
    ----------
    update
        Between the two.
    before, after
        The image's flow through the network before and after it.
    activations
        As :class:`core.inspection.flow.Flow` has them, but that of each unit is what the update
        added to it; the pixels, which are the same, are as they are.
    """

    update: Update
    before: Flow
    after: Flow
    activations: tuple[Floats, ...]

    @classmethod
    def of(cls, update: Update, image: NDArray[np.uint8]) -> FlowChange:
        """Trace `image`, uint8 of 784 pixels in any shape, through both networks."""
        before, after = trace(update.before, image), trace(update.after, image)
        with np.errstate(over="ignore", invalid="ignore"):
            pairs = zip(after.activations[1:], before.activations[1:], strict=True)
            added = tuple(new - old for new, old in pairs)
        return cls(update, before, after, (after.activations[0], *added))

    @property
    def network(self) -> Network:
        """The network after the update."""
        return self.update.after

    @property
    def edges(self) -> tuple[Edges, ...]:
        """The edges whose weights moved most."""
        return self.update.edges

    @property
    def answer(self) -> int:
        """The class with the largest probability after the update."""
        return self.after.answer

    @property
    def is_finite(self) -> bool:
        """Whether both networks have an answer."""
        return self.before.is_finite and self.after.is_finite


@dataclass(frozen=True)
class UnitChange:
    """One unit before and after an update, and its edges whose weights moved most.

    There are at most UNIT_EDGES on either side.
    """

    before: UnitFlow
    after: UnitFlow
    incoming: Edges
    outgoing: Edges


def trace_unit_change(change: FlowChange, layer: int, unit: int) -> UnitChange:
    """Return a unit's part in a change; `layer` is 0 for the pixels to L for the outputs."""
    old, new = change.update.before.layers, change.update.after.layers
    nothing = np.empty(0, np.intp)
    incoming = outgoing = Edges(nothing, nothing, change.activations[0][:0])
    with np.errstate(over="ignore", invalid="ignore"):
        if layer > 0:
            added = new[layer - 1].W[:, unit] - old[layer - 1].W[:, unit]
            sources = largest(np.abs(added), UNIT_EDGES)
            incoming = Edges.weakest_first(sources, np.full_like(sources, unit), added[sources])
        if layer < len(new):
            added = new[layer].W[unit] - old[layer].W[unit]
            targets = largest(np.abs(added), UNIT_EDGES)
            outgoing = Edges.weakest_first(np.full_like(targets, unit), targets, added[targets])
    before, after = (trace_unit(flow, layer, unit) for flow in (change.before, change.after))
    return UnitChange(before, after, incoming, outgoing)
