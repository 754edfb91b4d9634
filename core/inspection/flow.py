"""How an image flows through a network: what each unit puts out, and the strongest edges.

What an edge brings to the unit at its end is its contribution,

    C[l]_ij = A[l-1]_i · W[l]_ij

of which Z[l]_j is the sum over i, plus the bias. A network of 784-1024-10 has 800,000 edges and a
diagram shows a few dozen of each layer. Those are, of each layer,

- the strongest of all, whatever their sign, and
- the trail: backwards from the answer, the strongest edges into the units of the trail, as far as
  they make those what they are, so that a way leads from the image to the answer.

Edges into a hidden unit that puts out nothing are left out, because nothing goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.network.losses import OUTPUTS
from core.network.network import Network

STRONGEST = 60
"""Edges of each layer that are shown whatever they lead to."""
TRAIL = 12
"""Edges of each layer on the trail; most of them are among the strongest as well."""
UNIT_EDGES = 16
"""Edges of one unit that are shown on either side."""

_MOST_TARGETS = 128
_MOST_CANDIDATES = 32_768
"""Among how many edges of a layer, those between the units that put out most, the strongest are
looked for: 0.5 ms. For the ten outputs, those are all edges of as many as 3,276 units."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges from one layer to the next, the weakest first.

    Attributes
    ----------
    sources, targets
        The units at their ends, (n,), which count from 0.
    contributions
        a · w of each, (n,); never 0.
    """

    sources: Indices
    targets: Indices
    contributions: Floats

    @classmethod
    def weakest_first(cls, sources: Indices, targets: Indices, contributions: Floats) -> Edges:
        """Sort edges by their magnitude, and leave out those of 0 and those that are no number."""
        order = np.argsort(np.abs(contributions), kind="stable")
        of_order = contributions[order]
        order = order[np.isfinite(of_order) & (of_order != 0)]
        return cls(sources[order], targets[order], contributions[order])


@dataclass(frozen=True, eq=False)
class Flow:
    """What a network makes of one image, layer by layer; all arrays have its parameters' type.

    Attributes
    ----------
    network
        Which read the image.
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
        """Whether there is an answer: a network whose training has diverged has none."""
        return bool(np.isfinite(self.probabilities).all())


@dataclass(frozen=True)
class UnitFlow:
    """What one unit takes in and hands on.

    Attributes
    ----------
    z
        The sum of its inputs and its bias; None for a pixel.
    a
        What it puts out: f(z), a class's probability, or a pixel's ink from 0 to 1.
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
    """Send `image`, uint8 of 784 pixels in any shape, through `network`, which stays as it is."""
    with np.errstate(over="ignore", invalid="ignore"):
        work = network.run(image.reshape(1, -1))
        scores = work.A[-1][0].copy()
        OUTPUTS[network.output].activate(work.A[-1])
        activations = tuple(A[0] for A in work.A)
        answer = int(activations[-1].argmax())
        return Flow(network, activations, scores, answer, _strongest(network, activations, answer))


def trace_unit(flow: Flow, layer: int, unit: int) -> UnitFlow:
    """Return what a unit of `layer`, 0 for the pixels to L for the outputs, does in a flow."""
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
            sources = _largest(np.abs(C), UNIT_EDGES)
            incoming = Edges.weakest_first(sources, np.full_like(sources, unit), C[sources])
        if layer < len(layers):
            C = a[unit] * layers[layer].W[unit]
            targets = _largest(np.abs(C), UNIT_EDGES)
            outgoing = Edges.weakest_first(np.full_like(targets, unit), targets, C[targets])
    return UnitFlow(z, float(a[unit]), bias, incoming, outgoing)


def _strongest(network: Network, activations: tuple[Floats, ...], answer: int) -> tuple[Edges, ...]:
    """Return the edges into each layer that a diagram shows, from the first layer to the last."""
    last = len(network.layers)
    trail = np.array([answer])
    found = []
    for index in range(last, 0, -1):
        a, reached = activations[index - 1], activations[index]
        strong = np.arange(len(reached)) if index == last else _strong_units(reached, _MOST_TARGETS)
        targets = np.union1d(strong, trail)
        width = max(len(targets), 1)  # there are none where all of a layer's units put out 0
        sources = _strong_units(a, _MOST_CANDIDATES // width)
        C = a[sources, np.newaxis] * network.layers[index - 1].W[np.ix_(sources, targets)]
        driving = _driving(C, np.searchsorted(targets, trail), np.sign(reached[trail]))
        chosen = np.union1d(_largest(np.abs(C).ravel(), STRONGEST), driving)
        rows, columns = np.divmod(chosen, width)
        found.append(Edges.weakest_first(sources[rows], targets[columns], C.ravel()[chosen]))
        trail = np.unique(sources[driving // width])
    return tuple(reversed(found))


def _driving(C: Floats, columns: Indices, signs: Floats) -> Indices:
    """Return which contributions make the units of the trail most of what they are.

    Those are positive for a unit that puts out more than 0, as every output does, and negative for
    one that puts out less.

    Parameters
    ----------
    C
        Contributions, (sources, targets).
    columns, signs
        Which targets the units of the trail are, and the signs of what they put out.

    Returns
    -------
    indices
        Into the flat C, TRAIL at most.
    """
    drive = C[:, columns] * signs
    rows, of_trail = np.divmod(_largest(drive.ravel(), TRAIL), max(len(columns), 1))
    does_drive = drive[rows, of_trail] > 0
    found: Indices = rows[does_drive] * C.shape[1] + columns[of_trail[does_drive]]
    return found


def _strong_units(a: Floats, count: int) -> Indices:
    """Return the so many units whose `a`, (units,), is farthest from 0, and none at 0."""
    not_zero = np.flatnonzero(a)
    return not_zero[_largest(np.abs(a[not_zero]), count)]


def _largest(values: Floats, count: int) -> Indices:
    """Return the indices of the so many largest of `values`, (n,), in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
