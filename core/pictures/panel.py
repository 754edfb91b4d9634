"""A panel in a picture: paper on a table, a box of a form, or a picture inside a picture."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.ink.boxes import Box, Mask
from core.pictures.outlines import outline_of
from core.pictures.pieces import CONNECTED

_SHORTEST = 12
"""Shorter side of the smallest panel, in pixels."""

_LEAST_ASPECT = 0.4
"""Narrower is no panel, but a stroke, unless there are several digits in it."""

_BAND = 0.25
"""Narrower with two holes is no 8."""

_LEAST_AREA, _LEAST_BAND = 0.15, 0.04
"""Smallest share of the picture; and of a band with several digits that has nothing large beside
it: the letters and ticks of a figure are smaller than the digits of its row."""

_MOST_HOLES = 2
"""Holes of a digit, at most: an 8 has two. A sheet with several digits has more, one for each."""

_SMALLEST_DISC = 28
"""Smaller discs, in pixels, may be a bold 0."""

_ROUND, _DISC, _SLENDER = 0.06, 0.03, 0.5
"""The sides of a disc differ by at most the first share, and the part of its box that it fills
differs from a circle's by at most the second. The largest circle in what is cut out of the disc has
less than the third share of the area that is cut out."""

_BESIDE = 0.3
"""Beside a line around digits nothing has this part of its longer side, so it is no digit."""


def panel_in(mask: Mask) -> tuple[Box, Mask] | None:
    """Return the box of the largest piece and the shape in it, (h, w), if it is a panel.

    It is a rectangle, which may be askew, a line around a digit, or thicker than a stroke. Of a
    line, the shape is what is inside. Several boxes that touch are no panel.
    """
    labels, _ = ndimage.label(mask, CONNECTED)
    boxes = [
        Box(rows.start, rows.stop, columns.start, columns.stop)
        for rows, columns in ndimage.find_objects(labels)
    ]
    areas = [(box.bottom - box.top) * (box.right - box.left) for box in boxes]
    largest = int(np.argmax(areas))
    box = boxes[largest]
    if areas[largest] < _LEAST_BAND * mask.size:
        return None
    outline = outline_of(labels[box.top : box.bottom, box.left : box.right], largest + 1)
    shape = outline.shape
    is_several = outline.is_thin and outline.holes > 1 and outline.digits
    shorter, longer = outline.sides
    is_row = outline.is_rectangle and not outline.is_thin and outline.holes > 1
    is_narrow = shorter < _LEAST_ASPECT * longer and not is_row
    beside = max((other.side for other in boxes if not box.holds(other)), default=0)
    is_main = is_row and beside < _BESIDE * shorter
    is_small = shorter < _SHORTEST or (areas[largest] < _LEAST_AREA * mask.size and not is_main)
    if is_several or is_narrow or is_small:
        return None
    if outline.is_around_digits or (outline.is_rectangle and outline.is_thin):
        return (box, outline.inside()) if beside < _BESIDE * box.side else None
    is_filled = not outline.is_thin and shape.mean() >= 0.6
    if outline.is_rectangle:
        is_band = is_row and shorter < _BAND * longer
        is_panel = outline.thickness >= 0.2 or outline.holes > _MOST_HOLES or is_band
    else:
        is_area = outline.thickness >= 0.45 and not outline.is_bold_digit
        is_panel = is_area or _is_badge(mask[box.top : box.bottom, box.left : box.right], shape)
    return (box, shape) if is_filled and is_panel else None


def _is_badge(mask: Mask, shape: Mask) -> bool:
    """Whether a shape, (h, w), is a disc out of which a digit is cut; of a bold 0 it is an oval.

    `mask`, (h, w), is what stands out there: the disc around the digit, and in its loops.
    """
    height, width = shape.shape
    is_round = abs(height - width) <= _ROUND * max(height, width)
    if min(height, width) < _SMALLEST_DISC or not is_round or abs(shape.mean() - np.pi / 4) > _DISC:
        return False
    cut = shape & ~mask
    radius = ndimage.distance_transform_edt(np.pad(cut, 1)).max()
    return bool(np.pi * radius**2 < _SLENDER * np.count_nonzero(cut))
