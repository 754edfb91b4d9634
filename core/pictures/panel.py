"""A panel in a picture: paper on a table, a box of a form, or a picture inside a picture."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.ink.boxes import Box, Mask
from core.pictures.pieces import CONNECTED

_SHORTEST = 12
"""Shorter side of the smallest panel, in pixels."""

_LEAST_ASPECT = 0.4
"""Narrower is no panel, but a stroke."""


_LEAST_AREA = 0.15
"""Smallest share of the picture."""


def panel_in(mask: Mask) -> tuple[Box, Mask] | None:
    """Return the box and the filled shape, (h, w), of the largest piece if it is a panel.

    It is a rectangle, filled or not, or thicker than a stroke.
    """
    labels, _ = ndimage.label(mask, CONNECTED)
    boxes = [
        Box(rows.start, rows.stop, columns.start, columns.stop)
        for rows, columns in ndimage.find_objects(labels)
    ]
    areas = [(box.bottom - box.top) * (box.right - box.left) for box in boxes]
    largest = int(np.argmax(areas))
    box = boxes[largest]
    if areas[largest] < _LEAST_AREA * mask.size:
        return None
    piece = labels[box.top : box.bottom, box.left : box.right] == largest + 1
    if min(piece.shape) < max(_SHORTEST, _LEAST_ASPECT * box.side):
        return None
    filled = ndimage.binary_fill_holes(np.pad(piece, 1))[1:-1, 1:-1]
    is_rectangle = filled.mean() >= 0.9
    if is_rectangle and piece.sum() < 0.5 * filled.sum():
        return box, filled  # its outline
    radius = ndimage.distance_transform_cdt(np.pad(piece, 1), "chessboard").max()
    thickness = (2 * radius - 1) / box.side
    is_filled = piece.sum() >= 0.5 * filled.sum() and filled.mean() >= 0.6
    is_panel = thickness >= (0.2 if is_rectangle else 0.45)
    return (box, filled) if is_filled and is_panel else None
