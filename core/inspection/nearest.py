"""The training images that are nearest to an image, and what they say it is.

The nearest neighbor rule is from Cover and Hart, "Nearest Neighbor Pattern Classification" (IEEE
Transactions on Information Theory, 1967): an image is taken for what the training image nearest to
it is, or for what most of the k nearest ones are. It learns nothing and compares with everything,
which makes it a foil to the network.

Near is meant pixel by pixel: the distance of images a and b is the root of

    |a − b|² = |a|² − 2·a·b + |b|²

in which |b|² is computed once for each training image, so that an image to compare with costs one
matrix product. All of these are whole numbers below 2⁵³, hence exact in float64.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, Images, LabeledImages, Labels

MOST = 10
"""How many neighbors are shown and vote."""

_BLOCK = 512
"""Images that are turned into float64 at a time: 3 MB, which stay in the cache. All 60,000 together
would take 376 MB, and more time."""


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The training images nearest to an image, the nearest first; of equals, the first in the set.

    Attributes
    ----------
    indices
        intp, (k,): in the training set.
    labels
        uint8, (k,).
    distances
        float64, (k,): 0 for an equal image, and 28 between a black and a white one.
    """

    indices: NDArray[np.intp]
    labels: Labels
    distances: NDArray[np.float64]

    @cached_property
    def votes(self) -> list[tuple[int, int]]:
        """Labels and how many neighbors have each, most first; of equals, that of the nearest."""
        return Counter(self.labels.tolist()).most_common()


class NearestImages:
    """Finds the images of one set that are nearest to another image.

    Several threads may search at once.

    Parameters
    ----------
    images
        The set; at least one image.
    """

    def __init__(self, images: LabeledImages) -> None:
        self._images = images
        self._squares = np.empty(len(images.images))
        for rows, block in _blocks(images.images):
            np.einsum("ij,ij->i", block, block, out=self._squares[rows])

    def find(self, image: Images, count: int = MOST) -> Neighbors:
        """Return the `count` nearest images to `image`, (784,) or (28, 28); fewer if the set is."""
        image = image.reshape(PIXELS).astype(np.float64)
        squared = np.empty_like(self._squares)
        for rows, block in _blocks(self._images.images):
            np.matmul(block, image, out=squared[rows])
        squared *= -2
        squared += self._squares
        squared += image @ image
        indices = _smallest(squared, count)
        return Neighbors(indices, self._images.labels[indices], np.sqrt(squared[indices]) / 255)


def _blocks(images: Images) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield all images in float64, a block at a time; each block overwrites the one before."""
    scratch = np.empty((min(_BLOCK, len(images)), PIXELS))
    for start in range(0, len(images), _BLOCK):
        rows = slice(start, min(start + _BLOCK, len(images)))
        block = scratch[: rows.stop - start]
        np.copyto(block, images[rows])
        yield rows, block


def _smallest(values: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the indices of the smallest values in rising order; of equals, the first."""
    if count < len(values):
        bound = np.partition(values, count - 1)[count - 1]
        candidates = np.flatnonzero(values <= bound)
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(values[candidates], kind="stable")][:count]
