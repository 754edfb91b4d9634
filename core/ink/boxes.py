"""Masks of pixels, and the boxes around them."""

from __future__ import annotations

from collections.abc import Sequence
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

    def holds(self, other: Box) -> bool:
        """Return whether no part of the other box is outside of this one."""
        return (
            self.top <= other.top
            and self.bottom >= other.bottom
            and self.left <= other.left
            and self.right >= other.right
        )

    def joined(self, other: Box) -> Box:
        """Return the box around both."""
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )


def holding(boxes: Sequence[Box]) -> Mask:
    """Return which of n boxes holds which other, (n, n): of `[a, b]`, a holds b."""
    top, bottom, left, right = np.array(boxes).T
    holds: Mask = (top[:, None] <= top) & (bottom[:, None] >= bottom)
    holds &= (left[:, None] <= left) & (right[:, None] >= right)
    np.fill_diagonal(holds, False)
    return holds


def box_around(mask: Mask) -> Box:
    """Return the bounding box of the marked pixels of `mask`, (h, w); at least one is marked."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
