"""Whether an image shows a 6 whose top curls back to its loop, which looks like an 8 that is open.

A network predicts an 8 for many such digits, and is certain. The lines say what it is: those of
such a 6 enclose one area and have one end, which hangs down from the top. An 8 whose upper loop is
open has two ends.

Of the 8s among MNIST's training images, 0.17 % look like such a 6; of the 719 8s of 30 people (UCI
Pen-Based Recognition of Handwritten Digits) none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

_SCALE = 2
"""The image is enlarged by this factor, so that lines a pixel apart stay apart."""

_INK = 0.4
"""What is more, of 1, is ink."""

_SMALLEST = 2
"""Pixels of the enlarged image: what is smaller is no hole."""

_SPUR = 5
"""Pixels of the enlarged image: a middle line that branches off for less is a rough edge of ink."""

_HANGS = 0.1
"""How far the end is below the top, at least, as a fraction of the height."""

_PLACES = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.int32)
"""The bit that stands for each neighbor of a pixel, clockwise from the one above."""

_BITS = np.arange(256)[:, None] >> np.arange(8) & 1
_COUNT = _BITS.sum(axis=1)
_GROUPS = ((_BITS == 0) & (np.roll(_BITS, -1, axis=1) == 1)).sum(axis=1)
"""Of each of the 256 neighborhoods: which neighbors are on, how many, and in how many groups."""

_IS_END = (_GROUPS <= 1) & (_COUNT <= 2)
"""Whether a pixel with this neighborhood is the end of a line."""

_UP, _RIGHT, _DOWN, _LEFT = (_BITS[:, place] == 1 for place in (0, 2, 4, 6))
_IS_EDGE = (_COUNT >= 2) & (_COUNT <= 6) & (_GROUPS == 1)
_IS_THINNED = (
    _IS_EDGE & ~(_RIGHT & _DOWN & (_UP | _LEFT)),
    _IS_EDGE & ~(_UP & _LEFT & (_RIGHT | _DOWN)),
)
"""Whether a pixel with this neighborhood is removed, in each of the two steps of Zhang and Suen
1984, "A fast parallel algorithm for thinning digital patterns"."""


def is_curled_six(image: NDArray[np.uint8]) -> bool:
    """Return whether an image shows a 6 whose top curls back to its loop.

    Parameters
    ----------
    image
        uint8, (28, 28), 0 is background, 255 is ink; not mutated.
    """
    ink = np.pad(ndimage.zoom(image / 255, _SCALE, order=1) > _INK, 1)
    areas, _ = ndimage.label(~ink)
    sizes = np.bincount(areas[~ink])
    sizes[areas[0, 0]] = 0  # around the digit
    holes = np.flatnonzero(sizes >= _SMALLEST)
    if len(holes) != 1:
        return False
    rows = np.flatnonzero(ink.any(axis=1))
    if np.nonzero(areas == holes[0])[0].mean() < (rows[0] + rows[-1]) / 2:
        return False
    lines = _shortened(_middle_lines(ink), _SPUR)
    ends = np.argwhere(lines & _IS_END[_neighbors(lines)])
    if len(ends) != 1:
        return False
    top = np.argwhere(lines)[0]
    down, right = ends[0] - top
    return bool(down > _HANGS * (rows[-1] - rows[0]) and right > 0)


def _middle_lines(ink: Mask) -> Mask:
    """Return the middle lines of ink, one pixel wide."""
    lines, size = ink, -1
    while size != (size := int(np.count_nonzero(lines))):
        for is_thinned in _IS_THINNED:
            lines = lines & ~is_thinned[_neighbors(lines)]
    return lines


def _shortened(lines: Mask, pixels: int) -> Mask:
    """Return lines, one pixel wide, without this many pixels at each end."""
    for _ in range(pixels):
        lines = lines & ~_IS_END[_neighbors(lines)]
    return lines


def _neighbors(mask: Mask) -> NDArray[np.int32]:
    """Return the neighborhood of each pixel: the sum of the bits of those neighbors that are on."""
    bits: NDArray[np.int32] = ndimage.correlate(mask.astype(np.int32), _PLACES, mode="constant")
    return bits
