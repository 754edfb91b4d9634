"""What the units of a layer look for, the order to show them in, and facts about each.

Layers are counted as in the equations of core/network/network.py: l = 1 … L, where L is the output.
A unit's *response* is its activation A[l] in a hidden layer, and its score Z[L] in the output,
which tells images apart even where the probability is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Images
from core.network.network import Network

UnitOrder = Literal["index", "norm", "similarity", "usage"]

_CHUNK = 1_000
"""Images per pass."""


def backprojected_weights(
    network: Network, layer: int, units: NDArray[np.intp] | None = None
) -> Floats:
    """Return each unit's weights projected back to the pixels, (784, units); of `units` alone.

        W[1] @ W[2] @ … @ W[l]

    It is a linear approximation: what the unit would look for if no layer before it had an
    activation function. For l = 1 it is exact: the weights themselves, of all units not a copy.
    Earlier layers' filters were added up in this way by Lee, Ekanadham and Ng 2008, "Sparse deep
    belief net model for visual area V2"; Erhan et al. 2009, "Visualizing higher-layer features of a
    deep network", compare it with the images that a unit responds to most.
    """
    matrices = [of_layer.W for of_layer in network.layers[:layer]]
    if units is not None:
        matrices[-1] = matrices[-1][:, units]
    # multi_dot multiplies in the fastest order.
    return matrices[0] if layer == 1 else np.asarray(np.linalg.multi_dot(matrices))


def responses(network: Network, layer: int, images: Images) -> Floats:
    """Return the responses of a layer's units to `images`, uint8 (n, 784), as (n, units)."""
    n = len(images)
    result = np.empty((n, network.sizes[layer]), network.parameters.dtype)
    for start in range(0, n, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        result[chunk] = network.run(images[chunk]).A[layer]
    return result


def top_activating(
    network: Network, layer: int, unit: int, images: Images, count: int
) -> tuple[NDArray[np.intp], Floats]:
    """Return which of `images`, uint8 (n, 784), a unit responds to most strongly.

    Returns
    -------
    indices, responses
        (k,) each, strongest first, k at most `count`. Images without a response are left out: ReLU
        is zero for most, and a diverged network's is not finite.
    """
    response = responses(network, layer, images)[:, unit]
    order = np.argsort(-response, kind="stable")[:count]
    order = order[np.isfinite(response[order]) & (response[order] != 0)]
    return order, response[order]


def unit_order(network: Network, layer: int, order: UnitOrder, images: Images) -> NDArray[np.intp]:
    """Return the units of a layer in the order to show them, (units,), each once.

    "norm" is by the norm of the incoming weights, largest first. "similarity" is
    :func:`nearest_neighbor_order` of the backprojected weights. "usage" is Σ|outgoing weights| ·
    mean |response| to `images`, uint8 (n, 784), largest first; for an output, the mean alone.
    """
    units = network.sizes[layer]
    if order == "index":
        return np.arange(units)
    if order == "norm":
        size = np.linalg.norm(network.layers[layer - 1].W, axis=0)
        return np.argsort(-size, kind="stable")
    if order == "similarity":
        return nearest_neighbor_order(backprojected_weights(network, layer))
    use = np.abs(responses(network, layer, images)).mean(axis=0)
    if layer < len(network.layers):
        use *= np.abs(network.layers[layer].W).sum(axis=1)
    return np.argsort(-use, kind="stable")


def nearest_neighbor_order(W: Floats) -> NDArray[np.intp]:
    """Return an order of the columns of W, (inputs, units), in which neighbors are similar.

    It begins with the column of the largest norm. The next is always the remaining column with the
    largest cosine to the last: the nearest-neighbor rule for the traveling
    salesman (Rosenkrantz, Stearns and Lewis 1977, "An analysis of several heuristics for the
    traveling salesman problem"). Columns of zeros come last.
    """
    size = np.linalg.norm(W, axis=0)
    U = W / np.where(size > 0, size, 1)
    cosine = U.T @ U
    cosine[np.isnan(cosine)] = -1  # diverged weights, similar to nothing
    cosine[:, ~(size > 0)] = -1
    units = len(size)
    order = np.empty(units, np.intp)
    present = int(np.argmax(np.where(np.isfinite(size), size, -1)))
    for place in range(units):
        order[place] = present
        cosine[:, present] = -2  # not again
        present = int(cosine[present].argmax())
    return order


@dataclass(frozen=True)
class UnitFacts:
    """Facts about a unit.

    Attributes
    ----------
    bias
        b of the unit.
    response
        To the image; None without one.
    incoming, outgoing
        The strongest weights on either side, as (number of the other unit, weight), strongest
        first; an output has no outgoing ones.
    """

    bias: float
    response: float | None
    incoming: tuple[tuple[int, float], ...]
    outgoing: tuple[tuple[int, float], ...]


def unit_facts(
    network: Network, layer: int, unit: int, image: NDArray[np.uint8] | None, count: int
) -> UnitFacts:
    """Return facts about a unit, with at most `count` weights on either side.

    The response is to `image`, uint8, (28, 28).
    """
    own = network.layers[layer - 1]
    is_output = layer == len(network.layers)
    response = None
    if image is not None:
        response = float(responses(network, layer, image.reshape(1, -1))[0, unit])
    return UnitFacts(
        bias=float(own.b[unit]),
        response=response,
        incoming=_strongest(own.W[:, unit], count),
        outgoing=() if is_output else _strongest(network.layers[layer].W[unit], count),
    )


def _strongest(weights: Floats, count: int) -> tuple[tuple[int, float], ...]:
    order = np.argsort(-np.abs(weights), kind="stable")[:count]
    return tuple((int(i), float(weights[i])) for i in order)
