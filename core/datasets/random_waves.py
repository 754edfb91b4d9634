"""Random numbers for handwriting: bounded, and where needed slowly varying."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


def normal(shape: tuple[int, ...], rng: np.random.Generator) -> Values:
    """Return standard normal values, clipped to ±2 so that digits stay readable."""
    values: Values = np.clip(rng.standard_normal(shape, np.float32), -2, 2)
    return values


def waves(shape: tuple[int, int, int], distance: float, rng: np.random.Generator) -> Values:
    """Return noise that varies slowly along the second axis, (n, length, channels).

    Values `distance` apart are almost independent; the standard deviation is about 1.
    """
    n, length, channels = shape
    nodes = np.arange(-distance, length + distance, distance)
    near = np.exp(-(((np.arange(length)[:, None] - nodes) / distance) ** 2)).astype(np.float32)
    near /= np.sqrt((near**2).sum(axis=1, keepdims=True))
    noise: Values = near @ normal((n, len(nodes), channels), rng)
    return noise
