"""Smooths pictures of two colors that show grays as patterns of dots, as some scanners do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_DOTS = 0.004
"""The least share of pixels that differ from all four around them; in line art, it is smaller."""

_SPREAD = 2.0
"""Standard deviation, in pixels, of what the dots are smoothed with."""

_SMALL = 160
"""Pixels of the longer side below which a picture is smoothed less, in proportion."""


def without_dither(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture, uint8 (h, w) or (h, w, 3), whose dots are smoothed; itself if it has none.

    A picture with a transparent background, (h, w, 4), is returned as it is.
    """
    if pixels.shape[2:] == (4,) or min(pixels.shape[:2]) < 3:
        return pixels
    image = Image.fromarray(pixels)
    colors = image.getcolors(2)
    if not colors or len(colors) < 2:
        return pixels
    other = (pixels.reshape(*pixels.shape[:2], -1) != colors[0][1]).any(axis=2)
    inner = other[1:-1, 1:-1]
    around = (other[:-2, 1:-1], other[2:, 1:-1], other[1:-1, :-2], other[1:-1, 2:])
    is_dot = np.all([inner != beside for beside in around], axis=0)
    if is_dot.mean() < _DOTS:
        return pixels
    spread = _SPREAD * min(1, max(pixels.shape[:2]) / _SMALL)
    return np.asarray(image.filter(ImageFilter.GaussianBlur(spread)))
