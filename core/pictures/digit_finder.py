"""Finds the pixels of a digit in a picture: the connected pieces that stand out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.ink.components import Mask, box_around, label_components
from core.pictures.background import (
    EVERYWHERE,
    Gray,
    contrast_to_background,
    edge_values,
    reduce_picture,
)

_WINDOWS = (EVERYWHERE, 0.45, 0.22, 0.12)
"""Windows for estimating the background."""

_LEAST_CONTRAST = 8.0
"""Least difference between ink and background, in gray levels of 255."""

_LEAST_CLEARNESS = 4.0
"""How many standard deviations of the background the ink has to be away from it. Otsu's threshold
also splits pure noise: its halves are 2.7 apart if it is normal, and 3.5 if it is uniform."""

_CLEAR_ENOUGH = 5.0
"""Clearness above this counts as equal, so that the widest window is chosen."""

_SPECK = 0.04
"""Pieces smaller than this share of the digit's largest piece are specks."""

_NEAR = 0.3
"""Largest gap between pieces of a digit, as a fraction of the largest one's longer side."""

_SMALLEST = 0.03
"""Shortest longer side of a digit, as a fraction of the picture's; at least 6 pixels."""


class FoundDigit(NamedTuple):
    """A digit in a picture of working size, (h, w).

    Attributes
    ----------
    ink
        float32, (h, w), 0 is background, 1 is ink.
    mask
        bool, (h, w), the pixels it covers.
    score
        Confidence: the clearness, halved if the digit touches the edge.
    """

    ink: Gray
    mask: Mask
    score: float


def find_digit(pixels: NDArray[np.uint8]) -> FoundDigit | None:
    """Search with each window for the background, and return the digit with the best score.

    `pixels` are uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA. None if nothing stands out
    from the background.
    """
    colors = reduce_picture(pixels)
    looks = (_look(contrast_to_background(colors, window)) for window in _WINDOWS)
    return max((look for look in looks if look), key=lambda look: look.score, default=None)


def _look(contrast: Gray) -> FoundDigit | None:
    """Find the digit in the `contrast` to the background, (h, w)."""
    if np.ptp(contrast) < _LEAST_CONTRAST:
        return None
    threshold, background, spread, ink = _otsu(contrast)
    clearness = (ink - background) / (spread + 1)  # gray levels are whole numbers: count 1 as noise
    if ink - background < _LEAST_CONTRAST or clearness < _LEAST_CLEARNESS:
        return None
    dark = contrast > threshold
    digit = _digit(dark)
    if box_around(digit).side < max(6, _SMALLEST * max(digit.shape)):
        return None
    # A ramp from background to ink instead of a step keeps the edges soft.
    low = min(threshold, background + spread)
    soft = np.clip((contrast - low) / (ink - low), 0, 1) * _grown(digit)
    cut_off = edge_values(digit).any()
    return FoundDigit(soft, digit, min(clearness, _CLEAR_ENOUGH) / (2 if cut_off else 1))


def _otsu(contrast: Gray) -> tuple[float, float, float, float]:
    """Return a threshold, the mean and standard deviation below it, and the mean above it.

    The threshold maximizes the variance between the two classes: N. Otsu, "A threshold selection
    method from gray-level histograms", IEEE Trans. Systems, Man, and Cybernetics 9 (1979).
    """
    counts, edges = np.histogram(contrast, 256)
    levels = (edges[1:] + edges[:-1]) / 2
    sums, below = np.cumsum(counts * levels), np.cumsum(counts)[:-1]
    above = counts.sum() - below
    background, ink = sums[:-1] / below, (sums[-1] - sums[:-1]) / above
    best = int(np.argmax(below * above * (ink - background) ** 2))
    squares = (levels[: best + 1] - background[best]) ** 2
    spread = math.sqrt(np.average(squares, weights=counts[: best + 1]))
    return float(edges[best + 1]), float(background[best]), spread, float(ink[best])


def _digit(dark: Mask) -> Mask:
    """Return the digit's pixels: the largest piece, and nearby pieces that are not specks.

    Pieces that touch the picture's edge, such as the table or a shadow, count only if there are no
    others.
    """
    labels = label_components(dark)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0  # the background is not a piece
    inner = sizes.copy()
    inner[edge_values(labels)] = 0
    if inner.max() >= _SPECK * sizes.max():
        sizes = inner
    main = box_around(labels == sizes.argmax())
    reach = math.ceil(main.side * _NEAR)
    top, left = max(0, main.top - reach), max(0, main.left - reach)
    near = np.zeros(sizes.shape, np.bool_)
    near[labels[top : main.bottom + reach, left : main.right + reach]] = True
    digit: Mask = (near & (sizes >= _SPECK * sizes.max()))[labels]
    return digit


def _grown(mask: Mask) -> Mask:
    """Return the mask and all pixels next to it."""
    windows = sliding_window_view(np.pad(mask, 1), (3, 3))
    grown: Mask = np.any(windows, axis=(2, 3))
    return grown
