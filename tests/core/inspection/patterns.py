"""A set that a small network learns in a few steps."""

import numpy as np

from core.arrays import PIXELS
from core.datasets.dataset import Dataset
from core.settings.data_source import classes_of


def noisy_patterns(source, n):
    """Return a data set of `n` training images: a fixed random pattern for each class, in noise."""
    rng, classes = np.random.default_rng(0), len(classes_of(source))
    patterns = rng.integers(0, 192, (classes, PIXELS))
    labels = rng.integers(0, classes, n).astype(np.uint8)
    images = (patterns[labels] + rng.integers(0, 64, (n, PIXELS))).astype(np.uint8)
    return Dataset(source, images, labels, images[:30].copy(), labels[:30].copy())
