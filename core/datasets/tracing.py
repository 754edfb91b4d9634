"""Traces a glyph as one digit after the other was written: through other points each time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.datasets.pen_paths import HOOK, PenPath
from core.datasets.random_waves import Values, normal, waves

_STIFFNESS = 2.5
"""Distance, in points of the glyph, at which the displacements of points are almost independent."""


class Style(NamedTuple):
    """How digits are traced; the first axis of each array, float32, is the digit.

    Attributes
    ----------
    jitter, reach, placing, loose
        (n, 1, 1): standard deviations, see :class:`core.datasets.handwriting.Hand`.
    angular, haste
        (n, 1, 1), 0…1: how far curves are straight lines, and how far turns are cut short.
    lifting
        (n, 1, 1): standard deviation of the displacement of each piece between corners.
    hooks, curls
        (n, 2): the lengths of hooks at the beginning and at the end of strokes, and the angles by
        which they turn, in radians.
    """

    jitter: Values
    reach: Values
    placing: Values
    loose: Values
    angular: Values
    haste: Values
    lifting: Values
    hooks: Values
    curls: Values

    def of(self, digits: np.ndarray) -> Style:
        """Return the style of some digits, given by their indices or a mask."""
        return Style(*(values[digits] for values in self))


def trace(path: PenPath, style: Style, rng: np.random.Generator) -> Values:
    """Write one glyph n times: the points of the pen's path, (n, length, 2)."""
    n = len(style.jitter)
    points = path.points + style.jitter * waves((n, *path.points.shape), _STIFFNESS, rng)
    reach = style.reach * normal((n, len(path.points), 1), rng)
    points = points + reach * (path.ends @ points)
    curved = path.matrix @ points
    traced: Values = curved + style.angular * (path.straight @ points - curved)
    traced += style.haste * (path.hasty @ points - curved)
    traced += style.lifting * normal((n, path.piece[-1] + 1, 2), rng)[:, path.piece]
    for stroke in path.strokes:
        mine = traced[:, stroke]
        mine += style.placing * normal((n, 1, 2), rng)
        mine += style.loose * _loosened(mine, rng)
        for end, points_to_end in enumerate((mine[:, ::-1], mine)):
            points_to_end[:, -HOOK:] += _hook(
                points_to_end[:, -HOOK - 1] - points_to_end[:, -HOOK - 4],
                style.hooks[:, end],
                style.curls[:, end],
            )
    return traced


def _loosened(stroke: Values, rng: np.random.Generator) -> Values:
    """Return how points of a stroke, (n, points, 2), move when it is turned and stretched.

    By an angle, and a share of its length, with standard deviations of 1, around its middle.
    """
    turn, stretch = normal((2, len(stroke), 1), rng)
    x, y = np.moveaxis(stroke - stroke.mean(axis=1, keepdims=True), 2, 0)
    return np.stack([stretch * x - turn * y, stretch * y + turn * x], axis=2)


def _hook(heading: Values, length: Values, curl: Values) -> Values:
    """Return how far the points of a hook, (n, HOOK, 2), are from the end that it continues.

    The pen sets out in its `heading`, (n, 2), and has turned by `curl` at the end.
    """
    angle = np.arctan2(heading[:, 1], heading[:, 0])[:, None]
    angle = angle + curl[:, None] * (np.arange(1, HOOK + 1) / HOOK)
    steps = np.stack([np.cos(angle), np.sin(angle)], axis=2) * (length / HOOK)[:, None, None]
    return np.cumsum(steps, axis=1).astype(np.float32)
