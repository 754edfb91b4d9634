"""Random variation of glyphs: no two people write a digit alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.pen_paths import PenPath

_GRID = 4
"""The field that bends a digit has this many nodes along each axis."""

_STIFFNESS = 2.5
"""Distance, in points of the glyph, at which the displacements of points are almost independent."""

_WAVE = 17.5
"""The same for tremor and pressure, in points of the path."""


@dataclass(frozen=True)
class Hand:
    """How much handwriting varies: standard deviations, unless stated otherwise.

    Lengths are in units of the glyphs, about 1/100 of a digit's height.

    Attributes
    ----------
    jitter
        Of the points that the pen passes through.
    reach
        Of the extension of strokes at both ends, in lengths of the first and last segments; may be
        negative.
    warp
        Of the nodes of the field that bends the whole digit.
    squeeze
        Of the logarithm of width over height.
    slant, slant_spread
        Mean and deviation of the shear to the right, per unit of height.
    turn
        Of the rotation, in radians.
    tremor
        Of the sideways displacement along the path.
    radius, radius_spread
        Median radius of the pen, and the deviation of its logarithm between digits.
    pressure
        Of the logarithm of the radius along the path.
    """

    jitter: float = 7.0
    reach: float = 0.2
    warp: float = 6.0
    squeeze: float = 0.18
    slant: float = 0.09
    slant_spread: float = 0.25
    turn: float = 0.1
    tremor: float = 1.0
    radius: float = 7.0
    radius_spread: float = 0.28
    pressure: float = 0.18


def write(
    paths: Sequence[PenPath],
    chosen: NDArray[np.intp],
    rng: np.random.Generator,
    hand: Hand = Hand(),
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """Write many digits, each with its own variation.

    Parameters
    ----------
    paths
        The glyphs' paths.
    chosen
        intp, (n,): the index in `paths` of each digit.
    rng
        Source of the variation; its state advances.
    hand
        Strength of the variation.

    Returns
    -------
    points, radii, counts
        As :func:`core.datasets.stroke_renderer.render` takes them: float32 (n, length, 2) in the
        glyphs' units with the middle of a digit near the origin, float32 (n, length), intp (n,).
    """
    counts = np.array([len(path.matrix) for path in paths])[chosen]
    points = np.zeros((len(chosen), counts.max(), 2), np.float32)
    for index in np.unique(chosen):
        mine = np.flatnonzero(chosen == index)
        points[mine, : len(paths[index].matrix)] = _trace(paths[index], len(mine), hand, rng)
    points = _shear_and_turn(_warp(points, hand, rng), hand, rng)
    points += hand.tremor * _waves(points.shape, _WAVE, rng)
    radii = hand.radius * np.exp(hand.radius_spread * _normal((len(chosen), 1), rng))
    radii = radii * np.exp(hand.pressure * _waves((*points.shape[:2], 1), _WAVE, rng)[..., 0])
    return points, radii, counts


def _normal(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return standard normal values, clipped to ±2 so that digits stay readable."""
    values: NDArray[np.float32] = np.clip(rng.standard_normal(shape, np.float32), -2, 2)
    return values


def _waves(
    shape: tuple[int, int, int], distance: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return noise that varies slowly along the second axis, (n, length, channels).

    Values `distance` apart are almost independent; the standard deviation is about 1.
    """
    n, length, channels = shape
    nodes = np.arange(-distance, length + distance, distance)
    near = np.exp(-(((np.arange(length)[:, None] - nodes) / distance) ** 2)).astype(np.float32)
    near /= np.sqrt((near**2).sum(axis=1, keepdims=True))
    noise: NDArray[np.float32] = near @ _normal((n, len(nodes), channels), rng)
    return noise


def _trace(path: PenPath, n: int, hand: Hand, rng: np.random.Generator) -> NDArray[np.float32]:
    """Write one glyph n times, each through other points: (n, length, 2)."""
    points = path.points + hand.jitter * _waves((n, *path.points.shape), _STIFFNESS, rng)
    points = points + hand.reach * _normal((n, 1, 1), rng) * (path.ends @ points)
    traced: NDArray[np.float32] = path.matrix @ points
    return traced


def _warp(points: NDArray[np.float32], hand: Hand, rng: np.random.Generator) -> NDArray[np.float32]:
    """Bend each digit, as on a rubber sheet."""
    nodes = np.linspace(-60, 60, _GRID, dtype=np.float32)
    near = np.exp(-(((points[..., None] - nodes) / (nodes[1] - nodes[0])) ** 2))
    moves = hand.warp * _normal((2, len(points), _GRID, _GRID), rng)
    bent = (near[..., 0, :] @ moves * near[..., 1, :]).sum(axis=-1)
    warped: NDArray[np.float32] = points + np.moveaxis(bent, 0, -1)
    return warped


def _shear_and_turn(
    points: NDArray[np.float32], hand: Hand, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Squeeze each digit, then slant it, then turn it."""
    squeeze, slant, turn = _normal((3, len(points)), rng)
    widening = np.exp(hand.squeeze * squeeze / 2)
    shear = hand.slant + hand.slant_spread * slant
    cos, sin = np.cos(hand.turn * turn), np.sin(hand.turn * turn)
    # Points are rows, so matrices multiply from the right. Up is negative, hence the minus.
    slanted = np.array([[widening, 0 * widening], [-shear / widening, 1 / widening]])
    turned = np.array([[cos, sin], [-sin, cos]])
    moved: NDArray[np.float32] = points @ np.einsum("ijn,jkn->nik", slanted, turned)
    return moved
