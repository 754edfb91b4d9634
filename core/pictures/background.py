"""Estimates the background of a picture, and how much each pixel differs from it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.ink.boxes import box_around
from core.pictures.picture_decoding import reduced

WORKING_SIDE = 400
"""Longer side, in pixels, of a picture in working size."""

EVERYWHERE = math.inf
"""The window for a uniform background."""

_ONE_COLOR = 8.0
"""The largest spread of what counts as a single color, in gray levels."""

_COARSE_SIDE = 40
"""Longer side, in pixels, of the reduced picture in which medians are computed."""

Gray = NDArray[np.float32]


def reduce_picture(pixels: NDArray[np.uint8], side: int = WORKING_SIDE) -> Gray:
    """Return a picture with no side longer than `side`, opaque, with its noise smoothed.

    `pixels` are those of :func:`core.pictures.digit_finder.find_digit`; the result is float32,
    (h, w, 1 or 3), gray levels of 0…255.
    """
    image = reduced(Image.fromarray(pixels), side)
    if image.mode == "RGBA":
        image = Image.fromarray(_opaque(np.asarray(image)))
    image = image.filter(ImageFilter.GaussianBlur(min(1, max(image.size) // 100 / 4)))
    small = np.asarray(image, np.float32)
    return small.reshape(*small.shape[:2], -1)


def _opaque(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fill the transparent parts of a picture with its paper.

    If all that is visible has one color, or little is visible, that is the ink, light on black.
    """
    colors, cover = pixels[..., :3], pixels[..., 3]
    visible = cover > cover.max() / 2
    if not visible.any():
        return np.zeros(visible.shape, np.uint8)
    box = box_around(visible)
    is_one_color = colors[visible].std(axis=0).max() < _ONE_COLOR and not visible.all()
    if is_one_color or visible[box.top : box.bottom, box.left : box.right].mean() < 0.5:
        return cover
    paper, share = np.median(colors[visible], axis=0), cover[..., None] / np.float32(255)
    return np.asarray(np.rint(colors * share + paper * (1 - share)), np.uint8)


def contrast_to_background(colors: Gray, window: float) -> Gray:
    """Return how much each pixel differs from the background.

    Measured along the direction in which the colors vary most, so that ink of any color counts. Ink
    is positive: it has fewer pixels, farther from the background, so the skew must be positive.

    Parameters
    ----------
    colors
        float32, (h, w, colors), a picture in working size; not mutated.
    window
        Width of the window whose median is the background, as a fraction of the picture's longer
        side. A narrow one follows shadows, a wide one leaves bold lines whole.

    Returns
    -------
    NDArray[np.float32]
        (h, w), in gray levels; ink is above the background.
    """
    if window == EVERYWHERE:
        background = np.median(edge_values(colors), axis=0)
    else:
        planes = np.moveaxis(colors, 2, 0)
        background = np.stack([_local_background(plane, window) for plane in planes], axis=2)
    departure = (colors - background).reshape(-1, colors.shape[2])
    _, axes = np.linalg.eigh(departure.T @ departure)
    contrast = departure @ axes[:, -1] / np.float32(math.sqrt(colors.shape[2]))
    skew = np.dot(contrast * contrast, contrast)
    gray: Gray = (contrast if skew > 0 else -contrast).reshape(colors.shape[:2])
    return gray


def _local_background(plane: Gray, window: float) -> Gray:
    """Return the background of one color channel, (h, w), as windowed medians.

    Beyond the edges, changes of brightness are extrapolated.
    """
    height, width = plane.shape
    scale = min(1, _COARSE_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    coarse = np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX))
    reach = int(max(size) * window / 2)
    padded = np.pad(coarse, reach, mode="reflect", reflect_type="odd")
    windows = sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
    median = Image.fromarray(np.median(windows, axis=(2, 3)))
    return np.asarray(median.resize((width, height), Image.Resampling.BILINEAR))


def edge_values(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values along the four edges of `values`, (h, w, …), as (2h + 2w, …)."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
