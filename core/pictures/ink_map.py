"""From the pixels of any picture to soft ink: how much of each pixel is covered by a pen."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask
from core.pictures.background import (
    EVERYWHERE,
    Gray,
    contrast_to_background,
    edge_values,
    reduce_picture,
)
from core.pictures.page_on_table import without_table
from core.pictures.pieces import CONNECTED

PAGE_SIDE = 1_600
"""Longer side of a large picture's ink map, in pixels: digits of a page with 500 still have 40."""

_PALE, _DARK = 0.3, 0.5

_PALE_FOR = 5
"""Pixels for which a line may be pale beside dark ink."""

WINDOWS = (EVERYWHERE, 0.45, 0.22, 0.12)
"""Windows for estimating the background."""

_LEAST_CONTRAST = 8.0
"""Least difference between ink and background, in gray levels of 255."""

_LEAST_CLEARNESS = 4.0
"""How many standard deviations of the background the ink has to be away from it. Otsu's threshold
also splits pure noise: its halves are 2.7 apart if it is normal, and 3.5 if it is uniform."""

_CLEAR_ENOUGH = 5.0
"""Clearness above this counts as equal, so that the widest window is chosen."""


_MOST_INK, _MOST_AT_EDGE = 0.3, 0.2
"""Pens leave less than these shares of a page, and of its edge, under ink."""


class InkMap(NamedTuple):
    """What is written in a picture.

    Attributes
    ----------
    ink
        float32, (h, w), at a working scale: 0 is background, 1 is ink, and pixels on the edge of a
        line are in between. Above 0.5 counts as ink.
    scale
        How many pixels of the picture there are to one of `ink`, along each side; 1 or more.
    """

    ink: Gray
    scale: float


def inked(ink: Gray) -> Mask:
    """Return which pixels are ink, (h, w): dark ones, and paler ones that hang together with them.

    A pen's pressure varies along a line, and so does the gray of a scan. What is pale for longer is
    something else, such as a ruled line.
    """
    mask: Mask = ndimage.binary_dilation(ink > _DARK, CONNECTED, _PALE_FOR, mask=ink > _PALE)
    return mask


def ink_map(pixels: NDArray[np.uint8]) -> InkMap | None:
    """Return the ink of a picture; None if nothing stands out from the background.

    `pixels` are uint8, (h, w) gray, (h, w, 3) RGB or (h, w, 4) RGBA, upright; not mutated.
    """
    colors = without_table(reduce_picture(pixels, PAGE_SIDE), reduce_picture(pixels))
    found = (soft_ink(contrast_to_background(colors, window)) for window in WINDOWS)
    best = max((look for look in found if look), key=_plausible_and_clear, default=None)
    return best and InkMap(best.ink, max(pixels.shape[:2]) / max(best.ink.shape))


def _plausible_and_clear(look: SoftInk) -> tuple[bool, float]:
    """What is better is larger: a shadow or the table is large, and touches the edge."""
    dark = look.ink > _DARK
    is_shadow = dark.mean() > _MOST_INK or edge_values(dark).mean() > _MOST_AT_EDGE
    return not is_shadow, look.clearness


class SoftInk(NamedTuple):
    """Ink, float32 (h, w), 0…1; how far from the background it is, in standard deviations; and
    whether it is the ink of tiles."""

    ink: Gray
    clearness: float
    is_tiled: bool = False


def soft_ink(contrast: Gray) -> SoftInk | None:
    """Return what stands out in the `contrast` to the background, (h, w), in gray levels.

    Its clearness is at most 5.
    """
    if np.ptp(contrast) < _LEAST_CONTRAST:
        return None
    threshold, background, spread, ink = _otsu(contrast)
    clearness = (ink - background) / (spread + 1)  # gray levels are whole numbers: count 1 as noise
    if ink - background < _LEAST_CONTRAST or clearness < _LEAST_CLEARNESS:
        return None
    # A ramp from background to ink instead of a step keeps the edges soft; it is at 0.5 where the
    # threshold is.
    low = min(threshold, background + spread)
    levels = (low, threshold, max(ink, threshold + 1e-3))
    soft = np.interp(contrast, levels, (0, 0.5, 1)).astype(np.float32)
    return SoftInk(soft, min(clearness, _CLEAR_ENOUGH))


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
