"""The output layer: softmax, its cross-entropy loss, and the gradient that starts backpropagation.

A = softmax(Z)          A_k = exp(z_k) / Σ_j exp(z_j)
loss = −(1/n) Σ_i log A_i,y(i)
dZ = (A − Y) / n        Y is the one-hot matrix of the labels
"""

from __future__ import annotations

import numpy as np

from core.arrays import Floats, Labels


def softmax(Z: Floats) -> Floats:
    """Return the probabilities of the classes, (n, classes), for the scores Z, (n, classes).

    The largest score is subtracted first, which changes nothing in the quotient and keeps exp
    from overflowing.
    """
    A: Floats = np.exp(Z - Z.max(axis=1, keepdims=True))
    A /= A.sum(axis=1, keepdims=True)
    return A


def softmax_cross_entropy(Z: Floats, labels: Labels) -> tuple[float, int]:
    """Turn the scores Z into probabilities A = softmax(Z), in place, and score them.

    Parameters
    ----------
    Z
        (n, classes), overwritten with A.
    labels
        (n,), the right classes.

    Returns
    -------
    loss
        Sum (not mean) over the n rows of −log A[i, labels[i]], worked out from the scores as
        log Σ exp(z) − z_y, because log(A) would be −inf where A underflows to zero.
    correct
        How many rows have their largest score at the right class.
    """
    rows = np.arange(len(Z))
    guesses = Z.argmax(axis=1)
    Z -= Z[rows, guesses][:, np.newaxis]
    score_of_label = Z[rows, labels]
    A = np.exp(Z, out=Z)
    total = A.sum(axis=1, keepdims=True)
    A /= total
    loss = float(np.log(total).sum() - score_of_label.sum())
    return loss, int(np.count_nonzero(guesses == labels))


def output_gradient(A: Floats, labels: Labels, n: int) -> None:
    """Turn the probabilities A into dZ = (A − Y) / n, in place.

    Why A − Y: for one row, loss = log Σ_j exp(z_j) − z_y. Its derivative by z_k is
    exp(z_k) / Σ_j exp(z_j) = A_k from the first term, and −1 from the second where k = y.

    Parameters
    ----------
    A
        (rows, classes), overwritten with dZ.
    labels
        (rows,), the right classes.
    n
        Number of images in the whole batch, of which A may hold a part.
    """
    A[np.arange(len(A)), labels] -= 1
    A /= n
