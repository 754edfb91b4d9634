"""How many images a data set has of each class, and what their mean looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS
from core.datasets.dataset import Dataset


@dataclass(frozen=True, eq=False)
class ClassSummary:
    """Facts about c classes.

    Attributes
    ----------
    classes
        Their names.
    training, test
        int64, (c,): how many images of each are in the training set and in the test set.
    means
        float64, (c, 784), 0…255: the mean of the training images of each; 0 for one without any.
    """

    classes: tuple[str, ...]
    training: NDArray[np.int64]
    test: NDArray[np.int64]
    means: NDArray[np.float64]

    @property
    def training_shares(self) -> NDArray[np.float64]:
        """What share of the training set each class is, (c,)."""
        return _shares(self.training)

    @property
    def test_shares(self) -> NDArray[np.float64]:
        """What share of the test set each class is, (c,)."""
        return _shares(self.test)


def summarize_classes(dataset: Dataset) -> ClassSummary:
    """Count the images of each class, and average the training images of each."""
    count = len(dataset.classes)
    training = np.bincount(dataset.train_labels, minlength=count)
    test = np.bincount(dataset.test_labels, minlength=count)
    means = np.zeros((count, PIXELS))
    for label in np.flatnonzero(training):
        of_class = dataset.train_images[dataset.train_labels == label]
        np.mean(of_class, axis=0, dtype=np.float64, out=means[label])
    return ClassSummary(dataset.classes, training, test, means)


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares
