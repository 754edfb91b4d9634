"""Sizes and centers a digit as MNIST does.

MNIST's digits were scaled so that the longest side of their ink is 20 pixels, then placed in a
28×28 image by their center of mass (LeCun, Cortes and Burges, "The MNIST database of handwritten
digits", 1998). A network that learned from such images reads nothing else well, so drawings go
through the same steps.

Measured on the 60,000 training images: the center of mass, counted in pixel indices and weighted by
the gray values, is in [13.5, 14.5) in both directions, so a digit is moved by whole pixels until
its rounded center is pixel 14; and the darkest pixel of every image is 254 or 255, so the gray
values were stretched to the full range.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.arrays import SIDE

INK_SIDE = 20
"""The longest side of a digit's ink in pixels."""

_CENTER = SIDE // 2
"""Row and column that hold the center of mass."""


class Frame(NamedTuple):
    """A square on a drawing, in its pixels: where the network's input lies on it."""

    left: float
    top: float
    side: float


def normalize_drawing(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a drawing of any size as an image like MNIST's.

    Parameters
    ----------
    ink
        uint8, (h, w): 0 is background, 255 is ink; not mutated.

    Returns
    -------
    NDArray[np.uint8]
        (28, 28): the ink's longest side is 20 pixels, its aspect ratio is kept, its darkest pixel
        is 255 and its center of mass is in the middle. All zeros for a blank drawing.

    Raises
    ------
    ValueError
        If `ink` is not a two-dimensional uint8 array.
    """
    if ink.ndim != 2 or ink.dtype != np.uint8:
        raise ValueError(f"a drawing must be uint8 (h, w), not {ink.dtype} {ink.shape}")
    centered: NDArray[np.uint8] = center(_shrunk(ink).image[None])[0]
    return centered


def input_frame(ink: NDArray[np.uint8]) -> Frame:
    """Return where the 28×28 image that :func:`normalize_drawing` makes of `ink` lies on it.

    `ink` is uint8, (h, w), not blank.
    """
    shrunk = _shrunk(ink)
    top, left = (
        # The middle of the ink is in the middle of its pixels, and center() moves these.
        float(middle - (size / 2 + _shift(profile[None])[0]) / shrunk.scale)
        for middle, size, profile in zip(
            shrunk.middle,
            shrunk.size,
            (shrunk.image.sum(axis=1, dtype=np.int32), shrunk.image.sum(axis=0, dtype=np.int32)),
            strict=True,
        )
    )
    return Frame(left, top, SIDE / shrunk.scale)


class _Shrunk(NamedTuple):
    """A drawing in the upper left corner of an image, (28, 28).

    `middle` is where the ink's middle is on the drawing, `size` its height and width in the image,
    and `scale` how many of the image's pixels there are to one of the drawing's.
    """

    image: NDArray[np.uint8]
    middle: tuple[float, float] = (0, 0)
    size: tuple[int, ...] = (0, 0)
    scale: float = 1.0


def _shrunk(ink: NDArray[np.uint8]) -> _Shrunk:
    image = np.zeros((SIDE, SIDE), np.uint8)
    rows = np.flatnonzero(ink.any(axis=1))
    columns = np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return _Shrunk(image)
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = INK_SIDE / max(crop.shape)
    shrunk = _resampling(crop.shape[0], scale) @ crop @ _resampling(crop.shape[1], scale).T
    shrunk *= 255 / shrunk.max()
    image[: shrunk.shape[0], : shrunk.shape[1]] = np.rint(shrunk)
    middle = rows[0] + crop.shape[0] / 2, columns[0] + crop.shape[1] / 2
    return _Shrunk(image, middle, shrunk.shape, scale)


def center(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Move each image by whole pixels so that its center of mass is in the middle.

    Takes and returns uint8, (n, 28, 28). A digit moves only as far as all of its ink stays inside
    the image; a blank image stays blank.
    """
    shift_y = _shift(images.sum(axis=2, dtype=np.int32))
    shift_x = _shift(images.sum(axis=1, dtype=np.int32))
    # Only background is pushed over an edge, so only background wraps round to the other side.
    y = (np.arange(SIDE) - shift_y[:, None]) % SIDE
    x = (np.arange(SIDE) - shift_x[:, None]) % SIDE
    each = np.arange(len(images))[:, None, None]
    moved: NDArray[np.uint8] = images[each, y[:, :, None], x[:, None]]
    return moved


def _shift(profile: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return how many pixels each image moves along one axis.

    `profile` is (n, 28): the ink of each row or column. The result, (n,), may be negative.
    """
    index = np.arange(SIDE)
    mass = np.maximum(profile.sum(axis=1), 1)
    shift = _CENTER - np.floor(profile @ index / mass + 0.5).astype(np.intp)
    inked = profile > 0
    first = inked.argmax(axis=1)
    last = SIDE - 1 - inked[:, ::-1].argmax(axis=1)
    inside: NDArray[np.intp] = np.clip(shift, -first, SIDE - 1 - last)
    return inside


@lru_cache(maxsize=64)  # while one draws inside what is drawn already, they stay the same
def _resampling(length: int, scale: float) -> NDArray[np.float32]:
    """Return the matrix, (ceil(length · scale), length), that resamples one axis.

    Each row averages the window of the input that its output pixel covers. When enlarging, the
    window stays one pixel wide, which interpolates linearly. A side that does not fill its last
    output pixel is centered in its pixels.
    """
    size = int(np.ceil(length * scale - 1e-6))
    window = max(1.0, 1 / scale)
    middle = length / 2 + (np.arange(size) + 0.5 - size / 2) / scale
    pixel = np.arange(length)
    begin = np.maximum(pixel, middle[:, None] - window / 2)
    end = np.minimum(pixel + 1, middle[:, None] + window / 2)
    return np.asarray(np.maximum(end - begin, 0) / window, np.float32)
