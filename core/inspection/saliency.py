"""Explaining a prediction: the saliency of each pixel.

The saliency of a pixel is the derivative of the predicted class's score with respect to it,

    S = d Z[L]_k / d A[0]        k the predicted class

after Simonyan, Vedaldi and Zisserman 2013, "Deep inside convolutional networks", section 3. The
score is used, not the probability, whose derivative vanishes as the network becomes certain.
Backpropagation goes from dZ[L], the one-hot row of k, to dZ[1]; the input needs one more step
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
    """The explanation of one prediction; all arrays have the type of the parameters.

    Attributes
    ----------
    probabilities
        Of the classes, (10,), as :meth:`core.network.network.Network.predict` returns them.
    saliency
        (28, 28): how much the score Z[L] of the predicted class rises per unit of each pixel, from
        0 for background to 1 for ink. Positive where ink supports the answer.
    """

    probabilities: Floats
    saliency: Floats


def explain(
    network: Network, image: NDArray[np.uint8], predicted: int | None = None
) -> Explanation:
    """Explain what `network` predicts for `image`, uint8 (28, 28).

    `predicted` is the index of the class to explain; None: the most probable one.

    The network must have 784 inputs and is not changed.
    """
    work = network.run(image.reshape(1, -1))
    probabilities = work.A[-1].copy()
    OUTPUTS[network.output].activate(probabilities)
    dZ = work.dZ[-1]
    dZ[:] = 0
    dZ[0, probabilities.argmax() if predicted is None else predicted] = 1
    network.backward(work)
    saliency = work.dZ[1] @ network.layers[0].W.T
    return Explanation(probabilities[0], saliency.reshape(SIDE, SIDE))
