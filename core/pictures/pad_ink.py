"""Places a digit that was found in a picture on the pad."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.ink.boxes import box_around
from core.ink.drawing import BRUSH, FILLED, RASTER_SIDE
from core.pictures.background import Gray

_THIN = 0.7
"""Lines thinner than this share of the pad's brush are thickened to its width."""


def on_pad(ink: Gray) -> NDArray[np.uint8]:
    """Scale and center the digit; thicken its lines if they are much thinner than the pad's."""
    box = box_around(ink > 0.1)
    ink = ink[box.top : box.bottom, box.left : box.right]
    digit = _placed(ink, FILLED)
    missing = BRUSH - _thickness(digit)
    if missing <= (1 - _THIN) * BRUSH:
        return _in_bytes(digit)
    return _thickened(_in_bytes(_placed(ink, FILLED - missing)), missing / 2)


def _in_bytes(digit: Gray) -> NDArray[np.uint8]:
    return np.asarray(np.rint(digit * 255), np.uint8)


def _placed(ink: Gray, side: float) -> Gray:
    """Return the ink in the middle of an empty pad, with its longer side scaled to `side`."""
    height, width = (max(1, round(length * side / max(ink.shape))) for length in ink.shape)
    top, left = (RASTER_SIDE - height) // 2, (RASTER_SIDE - width) // 2
    placed = np.zeros((RASTER_SIDE, RASTER_SIDE), np.float32)
    resized = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    placed[top : top + height, left : left + width] = np.asarray(resized)
    return placed


def _thickness(digit: Gray) -> float:
    """Return the thickness of the lines in units.

    A line's area is its length times its thickness, and its outline is twice its length; the length
    of the outline is the sum of the ink's slopes.
    """
    box = box_around(digit > 0)
    # With two empty pixels around it; beside these, there are no slopes.
    digit = digit[max(box.top - 2, 0) : box.bottom + 2, max(box.left - 2, 0) : box.right + 2]
    return 2 * float(digit.sum() / np.hypot(*np.gradient(digit)).sum())


def _thickened(digit: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """Widen the lines by `radius` on each side: a maximum over a disk of this radius."""
    reach = math.ceil(radius)
    box = box_around(digit > 0)
    top, left = box.top - reach, box.left - reach
    part = np.pad(digit[box.top : box.bottom, box.left : box.right], 2 * reach)
    height, width = (side - 2 * reach for side in part.shape)
    thick = np.zeros((height, width), np.uint8)
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            if math.hypot(y - reach, x - reach) <= radius:
                np.maximum(thick, part[y : y + height, x : x + width], out=thick)
    placed = np.zeros_like(digit)
    placed[top : top + height, left : left + width] = thick
    return placed
