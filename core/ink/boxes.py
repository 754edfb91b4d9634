"""Connected components of marked pixels, and the boxes around them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Box(NamedTuple):
    """Rows top…bottom and columns left…right, both without the last."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def side(self) -> int:
        """The longer side, in pixels."""
        return max(self.bottom - self.top, self.right - self.left)

    def shares_columns(self, other: Box) -> float:
        """Return how much of the narrower box's width both have in common, up to 1."""
        common = min(self.right, other.right) - max(self.left, other.left)
        return common / min(self.right - self.left, other.right - other.left)

    def joined(self, other: Box) -> Box:
        """Return the box around both."""
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )


def box_around(mask: Mask) -> Box:
    """Return the bounding box of the marked pixels of `mask`, (h, w); at least one is marked."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def label_components(mask: Mask) -> NDArray[np.intp]:
    """Label the connected components of marked pixels; corners connect.

    A union-find: each pixel points to an earlier one of its component, at first to itself. While
    neighbors point to different pixels, the later of these is made to point to the earlier, until
    all pixels of a component point to its first.

    Parameters
    ----------
    mask
        bool, (h, w); not mutated.

    Returns
    -------
    NDArray[np.intp]
        (h, w): 0 where nothing is marked; otherwise the number of the component's first pixel, with
        marked pixels counted from 1, row by row.
    """
    numbers = np.cumsum(mask, dtype=np.intp).reshape(mask.shape) * mask
    a, b = _neighbors(numbers)
    first = np.arange(numbers.max() + 1)
    while (apart := first[a] != first[b]).any():
        a, b = first[a[apart]], first[b[apart]]
        np.minimum.at(first, np.maximum(a, b), np.minimum(a, b))
        while (first[first] != first).any():
            first = first[first]
    labels: NDArray[np.intp] = first[numbers]
    return labels


def _neighbors(numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers, (2, n), of all pairs of neighboring marked pixels."""
    beside = (
        (numbers[1:], numbers[:-1]),
        (numbers[:, 1:], numbers[:, :-1]),
        (numbers[1:, 1:], numbers[:-1, :-1]),
        (numbers[1:, :-1], numbers[:-1, 1:]),
    )
    pairs = []
    for a, b in beside:
        both = (a > 0) & (b > 0)
        pairs.append(np.stack([a[both], b[both]]))
    return np.hstack(pairs)
