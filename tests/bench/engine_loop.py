"""Digitscope's own training as one of the loops that bench_engine.py compares."""

from __future__ import annotations

import time
import timeit
from typing import Any

from core.datasets.dataset import Dataset
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.divergence import DivergenceDetector
from core.training.moments import STEPS_BETWEEN_CHECKPOINTS
from core.training.trainer import Trainer


def without_tests(dataset: Dataset) -> Dataset:
    """Return the same training images with a test set of one.

    A trainer always evaluates its test set, unlike the loops compared with it. With one test image,
    evaluated after each epoch and a few times within the first, that takes no time. Everything else
    in a step is still done.
    """
    images, labels = dataset.test_images[:1], dataset.test_labels[:1]
    return Dataset(dataset.name, dataset.train_images, dataset.train_labels, images, labels)


class EngineLoop:
    """Trains with a Trainer; with `threads` None it chooses their number, as the program does."""

    def __init__(
        self,
        dataset: Dataset,
        hidden: tuple[int, ...],
        batch: int,
        threads: int | None = None,
        **settings: Any,
    ) -> None:
        hyperparameters = Hyperparameters(batch_size=batch, **settings)
        config = RunConfig(dataset.name, NetworkConfig(hidden=hidden), hyperparameters)
        self.workers = Workers(threads)
        self.trainer = Trainer(config, without_tests(dataset), workers=self.workers)

    def run(self, seconds: float) -> float:
        """Train for this long; return images per second."""
        trainer = self.trainer
        seen = self._images_seen()
        self.workers.use(self.workers.setting)  # the previous loop may have changed BLAS's threads
        begin = time.perf_counter()
        while (elapsed := time.perf_counter() - begin) < seconds:
            trainer.step()
        return (self._images_seen() - seen) / elapsed

    def _images_seen(self) -> int:
        return self.trainer.epoch * self.trainer.images_per_epoch + self.trainer.position

    def watching_seconds(self) -> float:
        """Return the time per step of watching for divergence and keeping a state to go back to."""
        watch = DivergenceDetector(len(self.trainer.network.classes))
        looks, copies = 100_000, 200
        look = timeit.timeit(lambda: watch.has_diverged(0.1), number=looks) / looks
        copy = timeit.timeit(self.trainer.checkpoint, number=copies) / copies
        return look + copy / STEPS_BETWEEN_CHECKPOINTS
