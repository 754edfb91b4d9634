"""Loads a data set by its name, and combines several."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.datasets.published import load_published
from core.datasets.published_sets import MNIST, PUBLISHED_SETS
from core.datasets.strokes import load_strokes
from core.progress import Progress, no_progress
from core.settings.data_source import DataSource, OwnData


def load_dataset(
    name: DataSource, data_dir: Path | None = None, progress: Progress = no_progress
) -> Dataset:
    """Find, download or generate a data set.

    Parameters
    ----------
    data_dir
        The folder that holds the data set; unused for ``"strokes"``.
    progress
        Called during a download, the generation of digits, or while own data are read; may raise
        Cancelled.

    Raises
    ------
    DataError
        If the data set is damaged, or neither found nor downloaded, or cannot be read.
    """
    if isinstance(name, OwnData):
        # Imported on demand: it needs Pillow, and most runs do not.
        from core.datasets.own.own_data import read_own_data  # noqa: PLC0415

        return read_own_data(name, progress)
    if name == "strokes":
        return load_strokes(progress)
    if (published := PUBLISHED_SETS.get(name)) is not None:
        return load_published(published, data_dir, progress)
    return mix(load_published(MNIST, data_dir, progress), load_strokes(progress))


def mix(mnist: Dataset, strokes: Dataset) -> Dataset:
    """Return the training images of both in a fixed random order, with MNIST's test set.

    MNIST's test set says more than one of generated digits would, because people wrote it, and
    other people than its training images, from which a validation split is taken.
    """
    images = np.concatenate([mnist.train_images, strokes.train_images])
    labels = np.concatenate([mnist.train_labels, strokes.train_labels])
    order = np.random.default_rng(0).permutation(len(labels))
    return Dataset(
        "mnist+strokes", images[order], labels[order], mnist.test_images, mnist.test_labels
    )


def repeats(images: int, more: int, share: float) -> int:
    """Return how often `more` images are repeated, to be about `share` of all beside `images`."""
    return max(1, round(share / (1 - share) * images / more))


def with_more(dataset: Dataset, more: LabeledImages, share: float) -> Dataset:
    """Return a data set in which `more`, repeated, makes up about `share` of the training images.

    They come first, so that a validation split contains none of them. The test set stays the same.
    """
    times = repeats(len(dataset.train_labels), len(more.labels), share)
    return Dataset(
        dataset.name,
        np.concatenate([np.tile(more.images, (times, 1)), dataset.train_images]),
        np.concatenate([np.tile(more.labels, times), dataset.train_labels]),
        dataset.test_images,
        dataset.test_labels,
    )
