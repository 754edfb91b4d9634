"""The path of the pen through the points of a glyph, as matrices.

The path is linear in the points, so its matrices are computed once per glyph; then a few matrix
products give the paths of many variations.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.datasets.glyphs import Glyph

_Number = TypeVar("_Number", np.float64, np.intp)

SPACING = 1.6
"""Distance between points of the path, in units of the glyph: 1/100 of its height."""

HOOK = 8
"""Points that a hook adds to the path at each end of a stroke."""

_DENSE = 40
"""Points per segment for measuring the length of a curve."""

_HASTE = 8.0
"""Points over which a hasty hand averages the path: standard deviation of a Gaussian."""


@dataclass(frozen=True, eq=False)
class PenPath:
    """Computes the path from the points that the pen passes through.

    Attributes
    ----------
    points
        float32, (points, 2): x and y of the glyph's points, stroke by stroke; the middle of the
        glyph is at the origin.
    matrix
        float32, (length, points): ``matrix @ points`` are the points of the path. The first and the
        last `HOOK` + 1 points of each stroke lie on its ends.
    straight, hasty
        float32, (length, points): the same path with straight lines instead of curves, and with
        all turns cut short.
    ends
        float32, (points, points): ``points + reach * (ends @ points)`` extends each stroke at both
        ends by `reach` times its first and last segment.
    strokes
        The slice of the path that each stroke is.
    piece
        intp, (length,): which piece a point of the path belongs to; a new one begins at each corner
        and with each stroke.
    """

    points: NDArray[np.float32]
    matrix: NDArray[np.float32]
    straight: NDArray[np.float32]
    hasty: NDArray[np.float32]
    ends: NDArray[np.float32]
    strokes: tuple[slice, ...]
    piece: NDArray[np.intp]


def pen_path(glyph: Glyph) -> PenPath:
    """Compute the path of a glyph, with points `SPACING` apart."""
    points = np.concatenate([stroke.points for stroke in glyph.strokes])
    points -= (points.min(axis=0) + points.max(axis=0)) / 2
    ends = np.zeros((len(points), len(points)))
    written: list[_Written] = []
    first = 0
    for stroke in glyph.strokes:
        last = first + len(stroke.points) - 1
        breaks = [first, *(first + corner for corner in stroke.corners), last]
        written.append(_write_stroke(breaks, points))
        ends[first, [first, first + 1]] = 1, -1
        ends[last, [last, last - 1]] = 1, -1
        first = last + 1
    lengths = np.cumsum([0, *(len(stroke.piece) for stroke in written)]).tolist()
    pieces = np.cumsum([0, *(stroke.piece[-1] + 1 for stroke in written)]).tolist()
    return PenPath(
        points.astype(np.float32),
        np.concatenate([stroke.curved for stroke in written]).astype(np.float32),
        np.concatenate([stroke.straight for stroke in written]).astype(np.float32),
        np.concatenate([stroke.hasty for stroke in written]).astype(np.float32),
        ends.astype(np.float32),
        tuple(slice(a, b) for a, b in pairwise(lengths)),
        np.concatenate([stroke.piece + n for stroke, n in zip(written, pieces, strict=False)]),
    )


class _Written(NamedTuple):
    """The rows of a stroke, as those of :class:`PenPath`; its pieces are counted from 0."""

    curved: NDArray[np.float64]
    straight: NDArray[np.float64]
    hasty: NDArray[np.float64]
    piece: NDArray[np.intp]


def _write_stroke(breaks: list[int], points: NDArray[np.float64]) -> _Written:
    """Return the path through the points from the first to the last of `breaks`.

    The others are corners.
    """
    curved: list[NDArray[np.float64]] = []
    straight: list[NDArray[np.float64]] = []
    piece = []
    for index, (a, b) in enumerate(pairwise(breaks)):
        through = np.eye(len(points))[a : b + 1]
        curve = _spline(through)
        before, part = _evenly_spaced(curve @ points)
        for rows, matrix in ((curved, curve), (straight, _polyline(through))):
            rows.append((1 - part) * matrix[before] + part * matrix[before + 1])
        piece.append(np.full(len(before), index))
    path = _held(np.concatenate(curved))
    return _Written(
        path, _held(np.concatenate(straight)), _averaged(path), _held(np.concatenate(piece))
    )


def _held(rows: NDArray[_Number]) -> NDArray[_Number]:
    """Return the rows with the first and the last `HOOK` times more."""
    return np.concatenate([rows[:1].repeat(HOOK, axis=0), rows, rows[-1:].repeat(HOOK, axis=0)])


def _spline(through: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix of a dense Catmull-Rom spline through points, each a row of the identity.

    Beyond its ends, the curve continues straight (E. Catmull and R. Rom, "A class of local
    interpolating splines", 1974).
    """
    padded = np.concatenate(
        [[2 * through[0] - through[1]], through, [2 * through[-1] - through[-2]]]
    )
    t = (np.arange(_DENSE) / _DENSE)[:, None]
    segments = [
        p1
        + t / 2 * (p2 - p0)
        + t**2 / 2 * (2 * p0 - 5 * p1 + 4 * p2 - p3)
        + t**3 / 2 * (3 * (p1 - p2) + p3 - p0)
        for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*segments, through[-1:]])


def _polyline(through: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix of straight lines through the same points, as dense as the spline."""
    t = (np.arange(_DENSE) / _DENSE)[:, None]
    segments = [(1 - t) * p1 + t * p2 for p1, p2 in pairwise(through)]
    return np.concatenate([*segments, through[-1:]])


def _evenly_spaced(curve: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return where points about `SPACING` apart lie on a dense curve, (dense, 2).

    Each point is at row `before`, (n,), plus `part`, (n, 1), of the way to the next row.
    """
    steps = np.hypot(*np.diff(curve, axis=0).T)
    traveled = np.concatenate([[0], np.cumsum(steps)])
    wanted = np.linspace(0, traveled[-1], int(np.ceil(traveled[-1] / SPACING)) + 1)
    position = np.interp(wanted, traveled, np.arange(len(curve)))
    before = np.minimum(position.astype(np.intp), len(curve) - 2)
    return before, (position - before)[:, None]


def _averaged(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows of a stroke averaged along it; its ends stay where they are."""
    index = np.arange(len(path))
    width = np.minimum(_HASTE, 0.3 * np.minimum(index, index[::-1]) + 1e-6)[:, None]
    near = np.exp(-0.5 * ((index[:, None] - index) / width) ** 2)
    averaged: NDArray[np.float64] = near @ path / near.sum(axis=1, keepdims=True)
    return averaged
