"""Connected pieces of ink, and how far they are from each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Box, Mask

CONNECTED = np.ones((3, 3), np.bool_)
"""Pixels that touch at a corner are connected."""

_FEWEST = 4
"""Pixels of the smallest piece."""

_MOST = 3_000
"""Only this many pieces are considered, the largest: of a picture that is full of specks."""

_POINTS = 300
"""Points of an outline from which distances are measured."""


def grown(mask: Mask, reach: int = 1) -> Mask:
    """Return the mask, (h, w), and all pixels up to `reach` away from it.

    It is a dilation by a square; shifted copies are several times as fast as SciPy's.
    """
    tall = mask.copy()
    for shift in range(1, reach + 1):
        tall[shift:] |= mask[:-shift]
        tall[:-shift] |= mask[shift:]
    square = tall.copy()
    for shift in range(1, reach + 1):
        square[:, shift:] |= tall[:, :-shift]
        square[:, :-shift] |= tall[:, shift:]
    return square


class Pieces:
    """The connected pieces of a mask, n of them; corners connect.

    Attributes
    ----------
    boxes
        Of each, the box around it.
    areas, sides
        Of each, the number of its pixels, and the longer side of its box, (n,).
    at_edge
        Of each, whether it touches the edge of the mask, (n,).
    """

    def __init__(self, mask: Mask) -> None:
        self._labels, count = ndimage.label(mask, CONNECTED)
        areas = np.bincount(self._labels.ravel(), minlength=count + 1)
        areas[0] = 0
        kept = np.argsort(-areas, kind="stable")[:_MOST]
        self._numbers = np.sort(kept[areas[kept] >= _FEWEST])
        found = ndimage.find_objects(self._labels)
        slices = [found[number - 1] for number in self._numbers.tolist()]
        self.boxes = [Box(y.start, y.stop, x.start, x.stop) for y, x in slices]
        self.areas = areas[self._numbers]
        self.sides = np.array([box.side for box in self.boxes])
        height, width = mask.shape
        self.at_edge = np.array(
            [
                b.top == 0 or b.left == 0 or b.bottom == height or b.right == width
                for b in self.boxes
            ],
            np.bool_,
        )
        self._outline = cache(self._outline_of)

    def mask(self, pieces: Sequence[int], box: Box) -> Mask:
        """Return which pixels in a box belong to these pieces."""
        part = self._labels[box.top : box.bottom, box.left : box.right]
        mask: Mask = np.isin(part, self._numbers[list(pieces)])
        return mask

    def labels_around(self, piece: int) -> tuple[NDArray[np.int32], int]:
        """Return the numbers of all pieces in the box around one, 0 for none; and its own."""
        box = self.boxes[piece]
        part = self._labels[box.top : box.bottom, box.left : box.right]
        return part, int(self._numbers[piece])

    def distance(self, one: int, other: int) -> float:
        """Return how many pixels lie between two pieces."""
        a, b = self._outline(one), self._outline(other)
        return max(0.0, float(np.abs(a[:, None] - b).min()) - 1)

    def _outline_of(self, piece: int) -> NDArray[np.complex64]:
        """Return pixels on the outline, (m,), as x + iy."""
        box = self.boxes[piece]
        mask = self.mask([piece], box)
        y, x = np.nonzero(mask & ~ndimage.binary_erosion(mask))
        every = max(1, len(y) // _POINTS)
        points: NDArray[np.complex64] = (x + box.left + 1j * (y + box.top))[::every]
        return points.astype(np.complex64)


def typical_side(sides: NDArray[np.intp], areas: NDArray[np.intp]) -> float:
    """Return the longer side of a digit: the size of pieces that have most of the ink.

    `sides` and `areas` are those of the pieces, (n,), at least one.
    """
    logarithms = np.log(sides)
    candidates = np.linspace(logarithms.min(), logarithms.max(), 60)
    near = np.abs(logarithms - candidates[:, None]) < np.log(1.6)
    best = near[int((near @ areas).argmax())]
    return float(np.median(sides[best]))
