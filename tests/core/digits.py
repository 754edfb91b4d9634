"""Small labeled data sets for tests of training."""

import numpy as np

from core.arrays import PIXELS
from core.datasets.dataset import Dataset


def tiny_dataset(train: int = 200, test: int = 100, seed: int = 0) -> Dataset:
    """Ten noisy prototypes, easy to learn: train + test images, labels 0 to 9 in turn."""
    rng = np.random.default_rng(seed)
    prototypes = rng.integers(0, 256, (10, PIXELS))
    labels = (np.arange(train + test) % 10).astype(np.uint8)
    noise = rng.integers(-40, 41, (train + test, PIXELS))
    images = np.clip(prototypes[labels] + noise, 0, 255).astype(np.uint8)
    return Dataset("strokes", images[:train], labels[:train], images[train:], labels[train:])
