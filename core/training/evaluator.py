"""The newest reading of the test set, how old it is, and when it is time for another."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from core.arrays import LabeledImages
from core.network.network import Network
from core.progress import Progress
from core.threads.workers import Workers
from core.training.evaluation import CHUNK, Evaluation, evaluate

_EVERY = 3.0
"""Seconds of training after which the test set is read again."""

_SHARE = 0.05
"""At most this share of the time goes into that, however large the network is."""

_CHUNK_WORK = 200_000_000
"""Multiplications per thread between two reports: some hundredths of a second."""


@dataclass(frozen=True)
class TestMetrics:
    """What the test set says of a network of the run, and of which.

    Attributes
    ----------
    step
        How many steps that network had made.
    is_old
        Whether the network has changed since.
    """

    loss: float
    accuracy: float
    step: int
    is_old: bool


class Evaluator:
    """Reads the test set, and knows whether the network has changed since.

    Attributes
    ----------
    newest, step
        The newest reading, None before the first; and after how many steps it was made.
    """

    def __init__(self, images: LabeledImages, workers: Workers | None) -> None:
        self.newest: Evaluation | None = None
        self.step = 0
        self._images = images
        self._workers = workers
        self._has_other_network = False
        self._due = -math.inf

    def is_old(self, step: int) -> bool:
        """Say whether the network has changed since the newest reading, or there is none."""
        return self.newest is None or self._has_other_network or self.step != step

    def is_due(self, step: int) -> bool:
        """Say whether another reading is worth its time while training goes on."""
        return self.is_old(step) and time.perf_counter() >= self._due

    def note_other_network(self) -> None:
        """Another network has made the same number of steps: the newest reading is old."""
        self._has_other_network = True
        self._due = -math.inf

    def forget(self) -> None:
        """Forget the newest reading: it was of steps that are undone."""
        self.newest = None
        self._due = -math.inf

    def read(
        self, network: Network, step: int, progress: Progress, in_small_chunks: bool
    ) -> Evaluation:
        """Read the test set with `network`, which has made `step` steps.

        `progress` may raise, which breaks it off and leaves the newest reading as it was.
        `in_small_chunks`, it is called every few hundredths of a second, however large the network;
        the result may then differ in its last bits.
        """
        chunk = CHUNK
        if in_small_chunks:
            chunk = min(max(_CHUNK_WORK // network.parameters.size, 16), CHUNK)
        begun = time.perf_counter()
        images = self._images
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                result = evaluate(
                    network, images.images, images.labels, progress, self._workers, chunk
                )
        finally:
            now = time.perf_counter()
            self._due = now + max(_EVERY, (now - begun) * (1 / _SHARE - 1))
        self.newest, self.step, self._has_other_network = result, step, False
        return result
