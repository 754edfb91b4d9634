"""Images that occur twice or more in a set, exactly or nearly.

Two images are duplicates if they are at most :data:`NEAR` apart: the distance of two images is the
root of the summed squares of their pixels' differences, on a scale from 0 to 1 for a pixel. Noise
of one gray level in a hundred adds 0.3; different drawings of the same digit are 3 and more apart.

Comparing all pairs of 60,000 images would take minutes. Two bounds leave out most of them, and none
that are duplicates: the lengths of two images, as vectors, differ by no more than their distance;
and so do the means of the images over 4×4 pixels, as vectors times 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.arrays import SIDE, Images
from core.progress import Progress, no_progress

NEAR = 1.0
"""The largest distance of two images that count as the same."""

_POOL = 4
_BLOCK = 512
_WIDEST = 4_096
"""Images that a block is compared with at a time: 8 MB of distances."""

_LINKS = 8
"""Of an image to later ones; one would do for a group of equals, and millions would fill memory."""

_MARGIN = 1.001
"""The means are compared in float32, whose rounding must lose no pair."""


@dataclass(frozen=True, eq=False)
class Duplicates:
    """What occurs more than once.

    Attributes
    ----------
    groups
        Each the indices of two or more training images that are the same, ascending; in the order
        of their first images.
    in_test
        Indices of the training images that are also in the test set, ascending.
    """

    groups: tuple[NDArray[np.intp], ...]
    in_test: NDArray[np.intp]


def find_duplicates(
    images: Images, test_images: Images, progress: Progress = no_progress
) -> Duplicates:
    """Compare training images, (n, 784), with each other and with those of the test set.

    `progress` is called with the images done, and may raise Cancelled.
    """
    n = len(images)
    everything = np.concatenate([images, test_images])
    group_of = _groups(everything, progress)
    order = np.argsort(group_of, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(group_of[order])) + 1)
    several = [part for part in parts if len(part) > 1]
    in_test = [part[part < n] for part in several if part[-1] >= n]
    in_training = (part[part < n] for part in several if part[0] < n)
    groups = sorted(in_training, key=lambda part: int(part[0]))
    return Duplicates(
        tuple(part for part in groups if len(part) > 1),
        np.sort(np.concatenate(in_test)) if in_test else np.empty(0, np.intp),
    )


def _groups(images: Images, progress: Progress) -> NDArray[np.int32]:
    """Return a number for each image, the same for duplicates and for duplicates of these."""
    first_of: dict[bytes, int] = {}
    first = np.array([first_of.setdefault(image.tobytes(), i) for i, image in enumerate(images)])
    different = np.flatnonzero(first == np.arange(len(images)))
    links = [np.stack([np.arange(len(images)), first]), *_near(images, different, progress)]
    starts, ends = np.concatenate(links, axis=1)
    graph = coo_array((np.ones(len(starts), bool), (starts, ends)), shape=(len(images),) * 2)
    _, numbers = connected_components(graph, directed=False)
    found: NDArray[np.int32] = numbers
    return found


def _near(
    images: Images, chosen: NDArray[np.intp], progress: Progress
) -> Iterator[NDArray[np.intp]]:
    """Yield pairs of near ones among the chosen images, (2, pairs)."""
    lengths, means = _measure(images[chosen])
    order = np.argsort(lengths, kind="stable")
    chosen, lengths, means = chosen[order], lengths[order], means[order]
    # With −|a|²/2 and 1 beside a, and 1 and −|b|²/2 beside b, the product is −|a − b|²/2 at once.
    halves, ones = -0.5 * np.vecdot(means, means)[:, np.newaxis], np.ones((len(means), 1))
    rows = np.concatenate([means, halves, ones], axis=1, dtype=np.float32)
    columns = np.concatenate([means, ones, halves], axis=1, dtype=np.float32)
    for start in range(0, len(chosen), _BLOCK):
        progress(start, len(chosen))
        stop = min(start + _BLOCK, len(chosen))
        last = int(np.searchsorted(lengths, lengths[stop - 1] + NEAR, side="right"))
        for left in range(start, last, _WIDEST):
            right = min(left + _WIDEST, last)
            is_near = rows[start:stop] @ columns[left:right].T >= -0.5 * (NEAR * _MARGIN) ** 2
            a, b = np.nonzero(is_near)
            a, b = a + start, b + left
            is_later = b > a
            a, b = a[is_later], b[is_later]
            # The place of each pair among those of its row, which are in order.
            place = np.arange(len(a)) - np.searchsorted(a, a)
            a, b = a[place < _LINKS], b[place < _LINKS]
            yield _verified(images, chosen[a], chosen[b])
    progress(len(chosen), len(chosen))


def _measure(images: Images) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return the lengths of images, (n,), and 4 times their means over 4×4 pixels, (n, 49)."""
    n, side = len(images), SIDE // _POOL
    lengths, means = np.empty(n), np.empty((n, side * side), np.float32)
    for start in range(0, n, _BLOCK):
        block = images[start : start + _BLOCK].astype(np.float32) / 255
        lengths[start : start + _BLOCK] = np.sqrt(np.einsum("ij,ij->i", block, block))
        tiles = block.reshape(-1, side, _POOL, side, _POOL)
        means[start : start + _BLOCK] = _POOL * tiles.mean(axis=(2, 4)).reshape(len(block), -1)
    return lengths, means


def _verified(images: Images, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return those pairs that are duplicates by all of their pixels, (2, pairs)."""
    is_near = np.zeros(len(a), bool)
    for start in range(0, len(a), _BLOCK):
        rows = slice(start, start + _BLOCK)
        difference = images[a[rows]].astype(np.int32) - images[b[rows]]
        is_near[rows] = np.einsum("ij,ij->i", difference, difference) <= (NEAR * 255) ** 2
    return np.stack([a[is_near], b[is_near]])
