"""The path of the pen through the points of a glyph, as a matrix.

The path is linear in the points, so its matrix is computed once per glyph; then a single matrix
product gives the paths of many variations.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.datasets.glyphs import Glyph

SPACING = 1.6
"""Distance between points of the path, in units of the glyph: 1/100 of its height."""

_DENSE = 40
"""Points per segment for measuring the length of a curve."""


@dataclass(frozen=True, eq=False)
class PenPath:
    """Computes the path from the points that the pen passes through.

    Attributes
    ----------
    points
        float32, (points, 2): x and y of the glyph's points, stroke by stroke; the middle of the
        glyph is at the origin.
    matrix
        float32, (length, points): ``matrix @ points`` are the points of the path.
    ends
        float32, (points, points): ``points + reach * (ends @ points)`` extends each stroke at both
        ends by `reach` times its first and last segment.
    """

    points: NDArray[np.float32]
    matrix: NDArray[np.float32]
    ends: NDArray[np.float32]


def pen_path(glyph: Glyph) -> PenPath:
    """Compute the path of a glyph, with points `SPACING` apart."""
    points = np.concatenate([stroke.points for stroke in glyph.strokes])
    points -= (points.min(axis=0) + points.max(axis=0)) / 2
    pieces: list[NDArray[np.float64]] = []
    ends = np.zeros((len(points), len(points)))
    first = 0
    for stroke in glyph.strokes:
        last = first + len(stroke.points) - 1
        breaks = [first, *(first + corner for corner in stroke.corners), last]
        pieces += [
            _evenly_spaced(_spline(np.arange(a, b + 1), len(points)), points)
            for a, b in pairwise(breaks)
        ]
        ends[first, [first, first + 1]] = 1, -1
        ends[last, [last, last - 1]] = 1, -1
        first = last + 1
    return PenPath(
        points.astype(np.float32),
        np.concatenate(pieces).astype(np.float32),
        ends.astype(np.float32),
    )


def _spline(through: NDArray[np.intp], points: int) -> NDArray[np.float64]:
    """Return the matrix of a dense Catmull-Rom spline through some of the points.

    Beyond its ends, the curve continues straight (E. Catmull and R. Rom, "A class of local
    interpolating splines", 1974).
    """
    pick = np.eye(points)[through]
    padded = np.concatenate([[2 * pick[0] - pick[1]], pick, [2 * pick[-1] - pick[-2]]])
    t = (np.arange(_DENSE) / _DENSE)[:, None]
    segments = [
        p1
        + t / 2 * (p2 - p0)
        + t**2 / 2 * (2 * p0 - 5 * p1 + 4 * p2 - p3)
        + t**3 / 2 * (3 * (p1 - p2) + p3 - p0)
        for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*segments, pick[-1:]])


def _evenly_spaced(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate rows of a dense curve's matrix, so that points are about `SPACING` apart."""
    steps = np.hypot(*np.diff(matrix @ points, axis=0).T)
    traveled = np.concatenate([[0], np.cumsum(steps)])
    wanted = np.linspace(0, traveled[-1], int(np.ceil(traveled[-1] / SPACING)) + 1)
    position = np.interp(wanted, traveled, np.arange(len(matrix)))
    before = np.minimum(position.astype(np.intp), len(matrix) - 2)
    part = (position - before)[:, None]
    rows: NDArray[np.float64] = (1 - part) * matrix[before] + part * matrix[before + 1]
    return rows
