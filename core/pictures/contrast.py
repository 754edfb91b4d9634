"""How much each pixel of a picture differs from its background, and where ink begins."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from core.pictures.background import Gray

TINY = 64
"""In smaller pictures the light is even, and soft gray values matter."""


class Contrast(NamedTuple):
    """The difference to a background, along one direction of color.

    The direction is the one in which the colors vary most, so that ink of any color counts.

    Attributes
    ----------
    background
        float32, (1, 1, colors).
    direction
        float32, (colors,): ink is positive.
    """

    background: Gray
    direction: Gray

    def of(self, colors: Gray) -> Gray:
        """Return the contrast of each pixel of `colors`, (h, w, colors), in gray levels."""
        return np.asarray((colors - self.background) @ self.direction, np.float32)

    def reversed(self) -> Contrast:
        """Return the contrast of the other polarity."""
        return self._replace(direction=-self.direction)


def uniform_contrast(colors: Gray) -> Contrast:
    """Return the contrast to the mean color of a picture, (h, w, colors); of either polarity."""
    background = colors.mean(axis=(0, 1), keepdims=True)
    return Contrast(background, _direction(colors - background))


def _direction(departure: Gray) -> Gray:
    """Return the direction of the largest spread of `departure`, (h, w, colors).

    Its length is such that equal steps of all colors are as large as the steps of each.
    """
    flat = departure.reshape(-1, departure.shape[2])
    _, axes = np.linalg.eigh(flat.T @ flat)
    return np.asarray(axes[:, -1] / math.sqrt(departure.shape[2]), np.float32)


class Levels(NamedTuple):
    """Levels of a contrast: the threshold between background and ink, the middle of the background
    and its noise (one standard deviation), and full ink."""

    threshold: float
    background: float
    noise: float
    ink: float

    @property
    def clearness(self) -> float:
        """How many standard deviations the ink is away from the background."""
        return (self.ink - self.background) / (self.noise + 1)  # levels are whole: 1 is noise


def levels_of(contrast: Gray) -> Levels | None:
    """Return the levels of a contrast; None if it is all the same.

    The threshold maximizes the variance between the two classes: N. Otsu, "A threshold selection
    method from gray-level histograms", IEEE Trans. Systems, Man, and Cybernetics 9 (1979). The
    noise is estimated by the median of the deviations, which soft edges of lines leave alone.
    """
    if np.ptp(contrast) < 1:
        return None
    counts, edges = np.histogram(contrast, 256)
    levels = (edges[1:] + edges[:-1]) / 2
    sums, below = np.cumsum(counts * levels), np.cumsum(counts)[:-1]
    above = counts.sum() - below
    background, ink = sums[:-1] / below, (sums[-1] - sums[:-1]) / above
    threshold = float(edges[np.argmax(below * above * (ink - background) ** 2) + 1])
    is_ink = contrast > threshold
    middle = float(np.median(contrast[~is_ink]))
    noise = 1.4826 * float(np.median(np.abs(contrast[~is_ink] - middle)))
    # A pencil's line is grainy; of a few pixels without noise the gray values are true.
    is_exact = not noise and max(contrast.shape) < TINY
    full = float(contrast[is_ink].max() if is_exact else contrast[is_ink].mean())
    return Levels(threshold, middle, noise, full)
