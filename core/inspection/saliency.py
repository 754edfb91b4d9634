"""Why a network reads what it reads: each pixel's say in the answer, and what every unit puts out.

The saliency of a pixel is the slope of the answer's score by that pixel,

    S = d Z[L]_k / d A[0]        k the class with the largest probability

after Simonyan, Vedaldi and Zisserman 2013, "Deep inside convolutional networks", section 3. The
score is taken, not the probability, whose slope goes to nothing as the network becomes sure.
Backpropagation goes from dZ[L], the one-hot row of k, to dZ[1], and the input needs one step more
by the same rule:

    dA[0] = dZ[1] @ W[1].T
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import SIDE, Floats
from core.network.losses import OUTPUTS
from core.network.network import Network


@dataclass(frozen=True, eq=False)
class Explanation:
    """What a network makes of one image; all arrays have the type of its parameters.

    Attributes
    ----------
    probabilities
        Of the classes, (10,), as :meth:`core.network.network.Network.predict` returns them.
    saliency
        (28, 28): by how much the likeliest class's score Z[L] rises per unit of each pixel, whose
        scale is 0 for background to 1 for ink. Positive where ink speaks for the answer.
    activations
        A[l] of each hidden layer, (units,).
    """

    probabilities: Floats
    saliency: Floats
    activations: tuple[Floats, ...]


def explain(network: Network, image: NDArray[np.uint8]) -> Explanation:
    """Read `image`, uint8 (28, 28), and say why it was read so.

    Changes nothing in the network, which must have 784 inputs.
    """
    work = network.run(image.reshape(1, -1))
    probabilities = work.A[-1].copy()
    OUTPUTS[network.output].activate(probabilities)
    dZ = work.dZ[-1]
    dZ[:] = 0
    dZ[0, probabilities.argmax()] = 1
    network.backward(work)
    saliency = work.dZ[1] @ network.layers[0].W.T
    return Explanation(
        probabilities[0], saliency.reshape(SIDE, SIDE), tuple(A[0] for A in work.A[1:-1])
    )
