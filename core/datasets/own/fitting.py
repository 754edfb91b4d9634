"""Fits pictures of any size to 28×28 gray levels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.arrays import PIXELS, SIDE
from core.errors import DataError
from core.wording import numeral

SHORTEST_SIDE, LONGEST_SIDE = 4, 1_000
"""Pixels of an image in an array. Pictures in files may be smaller and larger."""

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
    # Both average without overshooting: beside an edge, no level appears that was not there.
    resampling = Image.Resampling.HAMMING if scale < 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(gray).resize(size, resampling, reducing_gap=3))
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


def image_shape(shape: tuple[int, ...], what: str) -> tuple[int, ...]:
    """Return the shape of one image: (h, w), or (h, w, 3) for colors.

    Parameters
    ----------
    shape
        As in the file: also flattened, (h·h,), or (h, w, 1).
    what
        What has this shape, at the start of messages.

    Raises
    ------
    DataError
        If it is none of these, or a side is shorter than 4 or longer than 1,000.
    """
    size = shape
    if len(shape) == 1:
        side = math.isqrt(shape[0])
        size = (side, side) if side * side == shape[0] else ()
    elif len(shape) == 3 and shape[2] == 1:
        size = shape[:2]
    is_possible = len(size) == 2 or (len(size) == 3 and size[2] == 3)
    if not is_possible or not all(SHORTEST_SIDE <= length <= LONGEST_SIDE for length in size[:2]):
        shown = "×".join(map(str, shape)) or "no"
        raise DataError(
            f"{what} has {shown} values for each image. Save 28×28, another height and width of "
            f"{SHORTEST_SIDE} to {numeral(LONGEST_SIDE)}, or these flattened in rows of 784."
        )
    return size


class FittedImages:
    """Images of one size that come in chunks, kept as (n, 784).

    Memory grows with what has come, whatever was announced.

    Parameters
    ----------
    size
        (h, w) or (h, w, 3) of each image.
    """

    def __init__(self, size: tuple[int, ...]) -> None:
        self._size = size
        self._chunks: list[NDArray[np.uint8]] = []

    @property
    def is_fitted(self) -> bool:
        """Whether the images had another size than 28×28."""
        return self._size[:2] != (SIDE, SIDE)

    def add(self, values: NDArray[np.uint8]) -> None:
        """Add the pixels of whole images."""
        if self._size == (SIDE, SIDE):
            self._chunks.append(values.reshape(-1, PIXELS))
        else:
            self._chunks.append(np.stack([fit(image) for image in values.reshape(-1, *self._size)]))

    def all(self) -> NDArray[np.uint8]:
        """Return all images, uint8 (n, 784), writable; may be called once."""
        images = np.concatenate(self._chunks)
        self._chunks.clear()
        return images
