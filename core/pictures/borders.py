"""What lies along the edges of a picture and is no digit: frames, strips, and the table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Box, Mask
from core.pictures.background import edge_values
from core.pictures.pieces import CONNECTED

_FULL = 0.9
"""A row or column with this share of ink is part of a frame."""

_INSIDE = 0.5
"""Just inside of a frame, there is less than this share."""

_INNER = 0.5
"""Least height and width of what is inside a frame, as a share of the picture's."""

_BAYS = 0.5
"""Of the background of a digit that fills the picture, this share is not enclosed."""

_SMALL = 0.04
"""What is smaller than this share of the largest piece is no digit."""

_FAT, _ALONG = 0.3, 0.6
"""Thickness of a shape that is no stroke, and length of the edge under it, in parts of its longer
side."""

_LIKE_A_STROKE = (0.5, 2.0)
"""A strip as thick as this, in strokes, may be the bar of a digit that fills the picture."""


def edge_share(mask: Mask) -> float:
    """Return the share of marked pixels along the four edges of a mask, (h, w)."""
    return float(edge_values(mask).mean())


def fills_picture(mask: Mask) -> bool:
    """Whether ink, (h, w), is a digit that a small picture was cropped to, however bold it is.

    It is in one piece that touches all four edges, but covers at most two corners; and its
    background is mostly at the edges.
    """
    _, count = ndimage.label(mask, CONNECTED)
    edges = mask[0], mask[-1], mask[:, 0], mask[:, -1]
    corners = mask[[0, 0, -1, -1], [0, -1, 0, -1]]
    if count != 1 or not all(edge.any() for edge in edges) or np.count_nonzero(corners) > 2:
        return False
    background, _ = ndimage.label(~mask)
    areas = np.bincount(background.ravel())[1:]
    at_edge = np.setdiff1d(edge_values(background), 0) - 1
    return bool(areas[at_edge].sum() > _BAYS * areas.sum())


def inside_frame(mask: Mask) -> Box:
    """Return the part inside the frame, or the strips, along the edges of the ink, (h, w).

    The whole if there are none, or if the only one may be the bar of a digit that fills the
    picture.
    """
    height, width = mask.shape
    whole = box = Box(0, height, 0, width)
    while (inner := _without_full_lines(mask, box)) != box:
        rows, columns = inner.bottom - inner.top, inner.right - inner.left
        if rows < _INNER * height or columns < _INNER * width:
            return whole
        box = inner
    if not _ends_at_once(mask, box):
        return whole
    strips = (box.top, height - box.bottom, box.left, width - box.right)
    is_on_opposite_sides = min(strips[:2]) > 0 or min(strips[2:]) > 0
    if is_on_opposite_sides or not any(strips):
        return box
    return whole if _is_bar(mask[box.top : box.bottom, box.left : box.right], strips) else box


def _without_full_lines(mask: Mask, box: Box) -> Box:
    """Leave out the rows and columns at the edges of `box` that are ink from end to end."""
    part = mask[box.top : box.bottom, box.left : box.right]
    rows, columns = (np.flatnonzero(part.mean(axis=axis) < _FULL) for axis in (1, 0))
    if not rows.size or not columns.size:
        return Box(box.top, box.top, box.left, box.left)
    return Box(
        box.top + int(rows[0]),
        box.top + int(rows[-1]) + 1,
        box.left + int(columns[0]),
        box.left + int(columns[-1]) + 1,
    )


def _ends_at_once(mask: Mask, box: Box) -> bool:
    """Whether the ink beside a frame is much less than in it; around a digit it fades out."""
    part = mask[box.top : box.bottom, box.left : box.right]
    height, width = mask.shape
    beside = (
        (box.top > 0, part[0]),
        (box.bottom < height, part[-1]),
        (box.left > 0, part[:, 0]),
        (box.right < width, part[:, -1]),
    )
    return all(line.mean() < _INSIDE for is_cut, line in beside if is_cut)


def _is_bar(inner: Mask, strips: tuple[int, int, int, int]) -> bool:
    """Whether a strip is as thick as a stroke, and a stroke leads from it to the opposite edge."""
    radius = ndimage.distance_transform_cdt(np.pad(inner, 1), "chessboard").max()
    thinnest, thickest = (2 * radius * factor for factor in _LIKE_A_STROKE)
    if not thinnest <= max(strips) <= thickest:
        return False
    is_across = inner[0].any() and inner[-1].any()
    is_along = inner[:, 0].any() and inner[:, -1].any()
    return bool((any(strips[:2]) and is_across) or (any(strips[2:]) and is_along))


def without_border_shapes(mask: Mask) -> Mask:
    """Leave out shapes that reach over the edge, such as the table, if there is ink inside.

    They are much thicker than what is inside, and either thick for their size or along the edge for
    most of it: the digits of a picture that was cropped to them are not.
    """
    labels, count = ndimage.label(mask, CONNECTED)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    touching = np.zeros(count + 1, np.bool_)
    touching[edge_values(labels)] = True
    inner = np.where(touching, 0, sizes)
    if not touching[1:].any() or inner.max() < _SMALL * sizes.max():
        return mask
    thick = _thickness(np.pad(mask, 1, mode="edge"), labels, count)  # as if it went on beyond
    inside = _thickness(np.pad(mask, 1), labels, count)
    along = np.bincount(edge_values(labels), minlength=count + 1)
    boxes = ndimage.find_objects(labels)
    sides = np.array([1, *(max(y.stop - y.start, x.stop - x.start) for y, x in boxes)])
    is_border = (2 * inside > _FAT * sides) | (along > _ALONG * sides)
    left_out: NDArray[np.bool_] = touching & is_border & (thick > 2 * thick[inner.argmax()])
    kept: Mask = mask & ~left_out[labels]
    return kept


def _thickness(padded: Mask, labels: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """Return the largest half thickness of each piece of a mask with a pixel around it."""
    radius = ndimage.distance_transform_cdt(padded, "chessboard")
    return np.asarray(ndimage.maximum(radius[1:-1, 1:-1], labels, np.arange(count + 1)), float)
