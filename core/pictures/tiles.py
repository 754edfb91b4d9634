"""Tiles: areas of one size with digits in them, such as the images of a figure."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.ink.boxes import Box, Mask, box_around
from core.pictures.pieces import CONNECTED, grown

_SHORTEST = 12
"""Shorter side of the smallest tile, in pixels."""

_PEN = 2
"""What is at most twice as thick, in pixels, is no part of a tile, but a letter, or a tick of an
axis."""

_ACROSS = 0.5
"""The outer rows and columns of a tile have at least this share of its piece's length; those of a
letter that touches it have less."""

_CLEAR, _NOTCHED = 0.9, 0.6
"""A tile fills the first share of its rectangle; where a digit reaches its edge, the second."""

_NARROWEST = 0.6
"""A tile is at least this wide, in parts of its height; a bold 1 is narrower."""

_ALIKE = 0.1
"""Tiles differ in height and width by at most this share of what is usual."""

_MOST = 0.6
"""The tiles' share of all areas, at least."""

_AREA = 0.5
"""The share of the tiles that stands out, at least; of boxes drawn with a thick line it is less."""


def tiles_in(mask: Mask) -> tuple[Box, Mask] | None:
    """Return the box around all tiles and which of its pixels are in one, (h, w); None without.

    `mask`, (h, w), is what stands out in a picture. There are at least two upright rectangles of
    one size, and few other areas.
    """
    # Large pictures take SciPy's binary_fill_holes several times as long.
    outside, _ = ndimage.label(np.pad(~mask, 1, constant_values=True))
    filled = outside[1:-1, 1:-1] != outside[0, 0]
    labels, _ = ndimage.label(grown(~grown(~filled, _PEN), _PEN), CONNECTED)
    parts = {
        number: part
        for number, part in enumerate(ndimage.find_objects(labels), 1)
        if min(labels[part].shape) >= _SHORTEST
    }
    if len(parts) < 2:
        return None
    areas = np.bincount(labels.ravel())
    all_areas, areas = areas[1:].sum(), areas[list(parts)]
    boxes = [
        _rectangle(labels[part] == number, part[0].start, part[1].start)
        for number, part in parts.items()
    ]
    top, bottom, left, right = np.array(boxes).T
    sizes = np.stack([bottom - top, right - left], axis=1)
    share = areas / np.maximum(sizes.prod(axis=1), 1)
    is_clear = (share >= _CLEAR) & (sizes[:, 1] >= _NARROWEST * sizes[:, 0])
    is_clear &= sizes.min(axis=1) >= _SHORTEST
    usual = np.unique(sizes[is_clear], axis=0)
    is_like = (np.abs(sizes - usual[:, None]) <= _ALIKE * usual[:, None]).all(axis=2)
    is_like &= share >= _NOTCHED
    # Letters may be more than the tiles, and a single area larger.
    is_like = is_like[is_like.sum(axis=1) > 1]
    if not len(is_like):
        return None
    is_tile = is_like[(is_like @ areas).argmax()]
    if areas[is_tile].sum() < _MOST * all_areas:
        return None
    tiles = np.zeros_like(mask)
    for index in np.flatnonzero(is_tile):
        tiles[top[index] : bottom[index], left[index] : right[index]] = True
    if mask[tiles].mean() < _AREA:
        return None
    box = box_around(tiles)
    return box, tiles[box.top : box.bottom, box.left : box.right]


def _rectangle(shape: Mask, top: int, left: int) -> Box:
    """Return the rectangle of a shape, (h, w), without what touches it; its corner is given."""
    rows, columns = (np.flatnonzero(shape.mean(axis=axis) >= _ACROSS) for axis in (1, 0))
    if not rows.size or not columns.size:
        return Box(top, top, left, left)
    return Box(
        top + int(rows[0]),
        top + int(rows[-1]) + 1,
        left + int(columns[0]),
        left + int(columns[-1]) + 1,
    )
