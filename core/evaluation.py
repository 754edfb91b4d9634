"""How well a network reads images that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Images, Labels
from core.datasets.dataset import CLASSES
from core.network import Network
from core.progress import Progress, no_progress
from core.workers import Workers, run_tasks
from core.workspace import Workspace

_CHUNK = 1_000
"""Images per pass: large enough for full speed, small enough to stop quickly and to fit a cache."""


@dataclass(frozen=True)
class Evaluation:
    """The result of reading a labelled set.

    Attributes
    ----------
    loss
        Mean loss of the images.
    accuracy
        Share read rightly, 0…1.
    confusion
        int64, (10, 10): ``confusion[i, j]`` images of digit i were read as j.
    """

    loss: float
    accuracy: float
    confusion: NDArray[np.int64]


def evaluate(
    network: Network,
    images: Images,
    labels: Labels,
    progress: Progress = no_progress,
    workers: Workers | None = None,
) -> Evaluation:
    """Read all `images`, (n, 784), and compare with `labels`, (n,). Changes nothing.

    `progress` is told the images done, and may raise Cancelled.
    """
    n = len(images)
    threads = workers.threads if workers else 1
    works = [
        Workspace.allocate(network.sizes, min(_CHUNK, n), network.parameters.dtype)
        for _ in range(threads)
    ]

    def evaluate_chunk(chunk: tuple[int, Workspace]) -> tuple[float, NDArray[np.int64]]:
        start, work = chunk
        right = labels[start : start + _CHUNK]
        work = work.rows(0, len(right))
        work.load(images[start : start + _CHUNK])
        confusion = np.zeros((CLASSES, CLASSES), np.int64)
        np.add.at(confusion, (right, network.forward(work).argmax(axis=1)), 1)
        return float(network.loss(work, right).sum()), confusion

    parts: list[tuple[float, NDArray[np.int64]]] = []
    starts = range(0, n, _CHUNK)
    for i in range(0, len(starts), threads):
        progress(starts[i], n)
        chunks = list(zip(starts[i : i + threads], works, strict=False))
        parts += run_tasks(workers, evaluate_chunk, chunks)
    progress(n, n)
    confusion = sum((part[1] for part in parts), np.zeros((CLASSES, CLASSES), np.int64))
    return Evaluation(sum(part[0] for part in parts) / n, int(confusion.trace()) / n, confusion)
