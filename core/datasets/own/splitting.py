"""Takes a test set out of the images where there is none, and mixes images that come in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import LabeledImages
from core.errors import DataError
from core.wording import counted

ONE_IN = 7
"""One image in this many is for testing, as in MNIST: 10,000 of 70,000."""

_MIXED = 0.5
"""Images are mixed if at least this share of the changes from one class to another occurs between
neighbors that a random order has."""


def split(
    images: LabeledImages, classes: tuple[str, ...], seed: int, where: str
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which images are for training and which for testing, each in their present order.

    One image in seven of each class, and at least one, drawn at random, is for testing.

    Raises
    ------
    DataError
        If a class has a single image.
    """
    rng = np.random.default_rng([seed, 0])
    chosen = []
    for label, name in enumerate(classes):
        places = np.flatnonzero(images.labels == label)
        if len(places) < 2:
            raise DataError(
                f"The class '{name}' of {where} has {counted(len(places), 'image')}. It needs at "
                "least 2: one to train on and one to test with. Add some, or leave the class out."
            )
        chosen.append(rng.permutation(places)[: max(1, round(len(places) / ONE_IN))])
    is_test = np.zeros(len(images.labels), bool)
    is_test[np.concatenate(chosen)] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def mixed_order(labels: NDArray[np.uint8], seed: int) -> NDArray[np.intp] | None:
    """Return a random order of images that come class by class, or None if they do not.

    A validation split is the last of the training images, and needs some of each class.
    """
    shares = np.bincount(labels) / len(labels)
    changes = np.count_nonzero(labels[1:] != labels[:-1])
    if changes >= _MIXED * (len(labels) - 1) * (1 - (shares**2).sum()):
        return None
    return np.random.default_rng([seed, 1]).permutation(len(labels))
