"""How well a network reads images that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Images, Labels
from core.datasets.dataset import CLASSES
from core.losses import softmax_cross_entropy
from core.network import Network, Workspace
from core.progress import Progress, no_progress

_CHUNK = 1_000
"""Images per pass: large enough for full speed, small enough to stop quickly and to fit a cache."""


@dataclass(frozen=True)
class Evaluation:
    """The result of reading a labelled set.

    Attributes
    ----------
    loss
        Mean cross-entropy.
    accuracy
        Share read rightly, 0…1.
    confusion
        int64, (10, 10): ``confusion[i, j]`` images of digit i were read as j.
    """

    loss: float
    accuracy: float
    confusion: NDArray[np.int64]


def evaluate(
    network: Network, images: Images, labels: Labels, progress: Progress = no_progress
) -> Evaluation:
    """Read all `images`, (n, 784), and compare with `labels`, (n,). Changes nothing.

    `progress` is told the images done, and may raise Cancelled.
    """
    n = len(images)
    work = Workspace(network.sizes, min(_CHUNK, n), network.parameters.dtype)
    loss = 0.0
    confusion = np.zeros((CLASSES, CLASSES), np.int64)
    for start in range(0, n, _CHUNK):
        progress(start, n)
        chunk = labels[start : start + _CHUNK]
        if len(chunk) < len(work.A[0]):
            work = Workspace(network.sizes, len(chunk), network.parameters.dtype)
        work.load(images[start : start + _CHUNK])
        A = network.forward(work)
        chunk_loss, _ = softmax_cross_entropy(A, chunk)
        loss += chunk_loss
        np.add.at(confusion, (chunk, A.argmax(axis=1)), 1)
    progress(n, n)
    return Evaluation(loss / n, int(confusion.trace()) / n, confusion)
