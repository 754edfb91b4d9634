"""Several sets of training images as one."""

from __future__ import annotations

import numpy as np

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset


def mix(mnist: Dataset, strokes: Dataset) -> Dataset:
    """Return the training images of both in random order, always the same; the test is MNIST's.

    People wrote MNIST's digits, so its test says more than one of drawn digits would. It was
    written by other people than its training images, which a validation split, taken from the
    mixture's end, is made of.
    """
    images = np.concatenate([mnist.train_images, strokes.train_images])
    labels = np.concatenate([mnist.train_labels, strokes.train_labels])
    order = np.random.default_rng(0).permutation(len(labels))
    return Dataset(
        "mnist+strokes", images[order], labels[order], mnist.test_images, mnist.test_labels
    )


def with_more(dataset: Dataset, more: LabeledImages, share: float) -> Dataset:
    """Return a data set of whose training images `more`, repeated, are about this share.

    They come first, so that a validation split holds none of them. The test stays the same.
    """
    n = len(more.labels)
    times = max(1, round(share / (1 - share) * len(dataset.train_labels) / n))
    return Dataset(
        dataset.name,
        np.concatenate([np.tile(more.images, (times, 1)), dataset.train_images]),
        np.concatenate([np.tile(more.labels, times), dataset.train_labels]),
        dataset.test_images,
        dataset.test_labels,
    )
