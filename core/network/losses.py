"""The output layer: its probabilities A, its loss, and the gradient that starts backpropagation.

With n images, 10 classes, and Y the one-hot matrix of the labels,

softmax and cross-entropy
    A_k = exp(z_k) / Σ_j exp(z_j)
    loss = −(1/n) Σ_i Σ_k Y_ik log A_ik

sigmoid and binary cross-entropy
    A_k = 1 / (1 + exp(−z_k))
    loss = −(1/n) Σ_i Σ_k [Y_ik log A_ik + (1 − Y_ik) log(1 − A_ik)]

and for both

    dZ = (A − Y) / n

Why A − Y. Softmax: the loss of one image is log Σ_j exp(z_j) − z_y; its derivative by z_k is
exp(z_k) / Σ_j exp(z_j) = A_k from the first term, and −1 from the second where k = y. Sigmoid: the
loss of one class is log(1 + exp(z)) − Y·z; its derivative by z is exp(z) / (1 + exp(z)) − Y, which
is A − Y.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.network.activations import sigmoid
from core.settings.config import OutputName


@dataclass(frozen=True)
class Output:
    """What stands at the end of a network.

    Attributes
    ----------
    activate(Z)
        Turns the scores Z, (n, classes), into the probabilities A, in place.
    loss(Z, Y)
        Returns each row's loss, (n,), and turns Z into A, in place. It is worked out from the
        scores, because log(A) would be −inf where A underflows to zero.
    """

    activate: Callable[[Floats], object]
    loss: Callable[[Floats, Floats], Floats]


def softmax(Z: Floats) -> None:
    """Turn Z into A = softmax(Z), in place."""
    _subtract_largest(Z)
    _exponential_shares(Z)


def cross_entropy(Z: Floats, Y: Floats) -> Floats:
    """Return log Σ_j exp(z_ij) − z_i,y(i) of each row i, and turn Z into softmax(Z)."""
    _subtract_largest(Z)
    score_of_label = np.vecdot(Z, Y)
    total = _exponential_shares(Z)
    loss: Floats = np.log(total[:, 0]) - score_of_label
    return loss


def _subtract_largest(Z: Floats) -> None:
    """Subtract its largest score from each row: no quotient changes, and exp cannot overflow."""
    # argmax and a look-up take a third of the time of max(axis=1).
    Z -= Z[np.arange(len(Z)), Z.argmax(axis=1)][:, np.newaxis]


def _exponential_shares(Z: Floats) -> Floats:
    """Turn Z into exp(Z) divided by its rows' sums, in place; return the sums, (n, 1)."""
    np.exp(Z, out=Z)
    total: Floats = Z.sum(axis=1, keepdims=True)
    Z /= total
    return total


def binary_cross_entropy(Z: Floats, Y: Floats) -> Floats:
    """Return Σ_k [log(1 + exp(z_ik)) − Y_ik·z_ik] of each row i, and turn Z into sigmoid(Z)."""
    loss: Floats = np.logaddexp(0, Z).sum(axis=1) - np.vecdot(Z, Y)
    sigmoid(Z, Z)
    return loss


def output_gradient(A: Floats, Y: Floats, n: int) -> None:
    """Turn the probabilities A into dZ = (A − Y) / n, in place.

    A and Y, (rows, classes), may hold a part of a batch of n images.
    """
    A -= Y
    A /= n


OUTPUTS: dict[OutputName, Output] = {
    "softmax": Output(softmax, cross_entropy),
    "sigmoid": Output(lambda Z: sigmoid(Z, Z), binary_cross_entropy),
}
