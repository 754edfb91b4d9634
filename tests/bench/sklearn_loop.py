"""scikit-learn's MLPClassifier as one of the loops that bench_engine.py compares."""

from __future__ import annotations

import time

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits


class SklearnLoop:
    """Trains by ``partial_fit`` on all images, which is an epoch of mini-batches.

    It is the fastest of the ways to train that were timed: ``fit`` takes a tenth longer. It checks
    its input in each call, and ``assume_finite`` skips the slow part of that.
    """

    def __init__(
        self,
        pixels: NDArray[np.float32],
        labels: NDArray[np.uint8],
        hidden: tuple[int, ...],
        batch: int,
        threads: int,
    ) -> None:
        self.threads = threads
        self.pixels = pixels
        self.labels = labels
        self.model = MLPClassifier(
            hidden,
            solver="sgd",
            momentum=0,
            nesterovs_momentum=False,
            learning_rate_init=0.1,
            batch_size=batch,
            alpha=0,
            shuffle=True,
            early_stopping=False,
        )
        # The first call creates the weights; a single batch is enough for that.
        self.model.partial_fit(pixels[:batch], labels[:batch], classes=np.arange(10))

    def run(self, seconds: float) -> float:
        """Train for at least this long, in whole epochs; return images per second."""
        images = 0
        with threadpool_limits(self.threads), sklearn.config_context(assume_finite=True):
            begin = time.perf_counter()
            while (elapsed := time.perf_counter() - begin) < seconds:
                self.model.partial_fit(self.pixels, self.labels)
                images += len(self.labels)
        return images / elapsed
