"""How an image flows through a network: the activation of each unit, and the strongest edges.

The contribution of an edge to the unit at its end is

    C[l]_ij = A[l-1]_i · W[l]_ij

of which Z[l]_j is the sum over i, plus the bias. A network of 784-1024-10 has 800,000 edges;
a diagram shows a few dozen per layer. They are, for each layer,

- the strongest of all, whatever their sign, and
- the trail: backward from the answer, the strongest edges that drive the units of the trail, so
  that a path leads from the image to the answer.

Edges into a hidden unit whose activation is 0 are left out, because nothing flows on from there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.network.losses import OUTPUTS
from core.network.network import Network

STRONGEST = 60
"""The strongest edges shown per layer."""
TRAIL = 12
"""Edges of the trail per layer; most are among the strongest as well."""
UNIT_EDGES = 16
"""Edges of one unit shown on either side."""

_MOST_TARGETS = 128
_MOST_CANDIDATES = 32_768
"""The strongest edges are searched among this many of a layer, between its most active units, which
takes 0.5 ms. For the ten outputs these are all edges of up to 3,276 units."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges from one layer to the next, weakest first.

    Attributes
    ----------
    sources, targets
        The units at their ends, (n,), from 0.
    values
        What each is drawn by, (n,); never 0: its contribution a · w, or what a step added to its
        weight.
    """

    sources: Indices
    targets: Indices
    values: Floats

    @classmethod
    def weakest_first(cls, sources: Indices, targets: Indices, values: Floats) -> Edges:
        """Sort edges by magnitude, without those that are 0 or not finite."""
        order = np.argsort(np.abs(values), kind="stable")
        of_order = values[order]
        order = order[np.isfinite(of_order) & (of_order != 0)]
        return cls(sources[order], targets[order], values[order])


@dataclass(frozen=True, eq=False)
class Flow:
    """One image's way through a network; all arrays have the type of the parameters.

    Attributes
    ----------
    network
        The network.
    activations
        A[l], (units,), of l = 0 … L: the pixels (0 is background, 1 is ink), the hidden layers, and
        the probabilities of the classes.
    scores
        Z[L], (10,).
    answer
        The class with the largest probability.
    edges
        The strongest edges into each layer l = 1 … L; ``edges[0]`` begin at the pixels.
    """

    network: Network
    activations: tuple[Floats, ...]
    scores: Floats
    answer: int
    edges: tuple[Edges, ...]

    @property
    def probabilities(self) -> Floats:
        """Of the classes, as :meth:`core.network.network.Network.predict` returns them, (10,)."""
        return self.activations[-1]

    @property
    def is_finite(self) -> bool:
        """Whether there is an answer: a diverged network has none."""
        return bool(np.isfinite(self.probabilities).all())


@dataclass(frozen=True)
class UnitFlow:
    """The numbers and edges of one unit.

    Attributes
    ----------
    z
        The sum of its inputs and its bias; None for a pixel.
    a
        Its activation: f(z), a class's probability, or a pixel's ink from 0 to 1.
    bias
        Its b, part of z; None for a pixel.
    incoming, outgoing
        Its strongest edges on either side, at most UNIT_EDGES each.
    """

    z: float | None
    a: float
    bias: float | None
    incoming: Edges
    outgoing: Edges


def trace(network: Network, image: NDArray[np.uint8]) -> Flow:
    """Trace `image`, uint8 of 784 pixels in any shape, through `network`, which is not changed."""
    with np.errstate(over="ignore", invalid="ignore"):
        work = network.run(image.reshape(1, -1))
        scores = work.A[-1][0].copy()
        OUTPUTS[network.output].activate(work.A[-1])
        activations = tuple(A[0] for A in work.A)
        answer = int(activations[-1].argmax())
        return Flow(network, activations, scores, answer, _strongest(network, activations, answer))


def trace_unit(flow: Flow, layer: int, unit: int) -> UnitFlow:
    """Return a unit's part in a flow; `layer` is 0 for the pixels to L for the outputs."""
    layers = flow.network.layers
    a = flow.activations[layer]
    incoming = outgoing = Edges(np.empty(0, np.intp), np.empty(0, np.intp), a[:0])
    z = bias = None
    with np.errstate(over="ignore", invalid="ignore"):
        if layer > 0:
            into = layers[layer - 1]
            C = flow.activations[layer - 1] * into.W[:, unit]
            bias = float(into.b[unit])
            z = float(C.sum() + into.b[unit])
            sources = largest(np.abs(C), UNIT_EDGES)
            incoming = Edges.weakest_first(sources, np.full_like(sources, unit), C[sources])
        if layer < len(layers):
            C = a[unit] * layers[layer].W[unit]
            targets = largest(np.abs(C), UNIT_EDGES)
            outgoing = Edges.weakest_first(np.full_like(targets, unit), targets, C[targets])
    return UnitFlow(z, float(a[unit]), bias, incoming, outgoing)


def _strongest(network: Network, activations: tuple[Floats, ...], answer: int) -> tuple[Edges, ...]:
    """Return the edges to show into each layer, from the first layer to the last."""
    last = len(network.layers)
    trail = np.array([answer])
    found = []
    for index in range(last, 0, -1):
        a, reached = activations[index - 1], activations[index]
        strong = np.arange(len(reached)) if index == last else _strong_units(reached, _MOST_TARGETS)
        targets = np.union1d(strong, trail)
        width = max(len(targets), 1)  # none where all activations of a layer are 0
        sources = _strong_units(a, _MOST_CANDIDATES // width)
        C = a[sources, np.newaxis] * network.layers[index - 1].W[np.ix_(sources, targets)]
        driving = _driving(C, np.searchsorted(targets, trail), np.sign(reached[trail]))
        chosen = np.union1d(largest(np.abs(C).ravel(), STRONGEST), driving)
        rows, columns = np.divmod(chosen, width)
        found.append(Edges.weakest_first(sources[rows], targets[columns], C.ravel()[chosen]))
        trail = np.unique(sources[driving // width])
    return tuple(reversed(found))


def _driving(C: Floats, columns: Indices, signs: Floats) -> Indices:
    """Return the contributions that drive the units of the trail most.

    They are positive for a unit whose activation is positive, as every output's is, and negative
    for one whose activation is negative.

    Parameters
    ----------
    C
        Contributions, (sources, targets).
    columns, signs
        Which targets are units of the trail, and the signs of their activations.

    Returns
    -------
    indices
        Into the flat C, at most TRAIL.
    """
    drive = C[:, columns] * signs
    rows, of_trail = np.divmod(largest(drive.ravel(), TRAIL), max(len(columns), 1))
    does_drive = drive[rows, of_trail] > 0
    found: Indices = rows[does_drive] * C.shape[1] + columns[of_trail[does_drive]]
    return found


def _strong_units(a: Floats, count: int) -> Indices:
    """Return at most `count` units whose `a`, (units,), is farthest from 0, and none at 0."""
    not_zero = np.flatnonzero(a)
    return not_zero[largest(np.abs(a[not_zero]), count)]


def largest(values: Floats, count: int) -> Indices:
    """Return the indices of the `count` largest of `values`, (n,), in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
