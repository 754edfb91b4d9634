"""Fits pictures of any size to 28×28 gray levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.arrays import PIXELS, SIDE

_WHITE = 224
"""Where all that is visible is lighter on average, transparent parts are black instead of white."""


def fit(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture as 28×28 gray levels, flattened: uint8 (784,).

    It keeps its proportions, in the middle of a background that continues that of its borders. One
    of 28×28 gray levels keeps its values.

    Parameters
    ----------
    pixels
        uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA. Transparent parts are white, as a page
        is, or black where all that is visible is white.
    """
    gray = _gray(pixels)
    height, width = gray.shape
    if (height, width) == (SIDE, SIDE):
        return np.asarray(gray).reshape(PIXELS)
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Lanczos averages over an area where it reduces, and is smooth where it enlarges.
    small = np.asarray(
        Image.fromarray(gray).resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    )
    if small.shape == (SIDE, SIDE):
        return small.reshape(PIXELS)
    fitted = np.full((SIDE, SIDE), round(border_median(gray)), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    fitted[top : top + size[1], left : left + size[0]] = small
    return fitted.reshape(PIXELS)


def border_median(gray: NDArray[np.uint8]) -> float:
    """Return the median of the outermost pixels of a picture, (h, w)."""
    border = np.concatenate([gray[0], gray[-1], gray[1:-1, 0], gray[1:-1, -1]])
    return float(np.median(border))


def _gray(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the brightness of each pixel, by the weights of ITU-R 601, as uint8 (h, w)."""
    if pixels.ndim == 2:
        return pixels
    gray = np.asarray(Image.fromarray(pixels[..., :3]).convert("L"))
    if pixels.shape[2] < 4 or pixels[..., 3].min() == 255:
        return gray
    cover = pixels[..., 3].astype(np.float32) / 255
    total = cover.sum()
    is_white = total > 0 and (gray * cover).sum() / total >= _WHITE
    behind = 0 if is_white else 255
    return np.asarray(np.rint(gray * cover + behind * (1 - cover)), np.uint8)
