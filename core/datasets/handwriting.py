"""How a glyph differs each time that somebody writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.pen_paths import PenPath

_GRID = 4
"""The field that bends a digit is given at this many by this many nodes."""

_STIFFNESS = 2.5
"""How far apart, in points of the glyph, the moves of two points are nearly independent."""

_WAVE = 17.5
"""The same for tremor and pressure, in points of the path."""


@dataclass(frozen=True)
class Hand:
    """How much hands differ: standard deviations, unless said otherwise.

    Lengths are in the glyphs' units, about a hundredth of a digit's height each.

    Attributes
    ----------
    jitter
        Of the points that the pen passes through.
    reach
        Of how much longer a stroke is at both ends, in first and last segments; it may be shorter.
    warp
        Of the nodes of the field that bends the digit as a whole.
    squeeze
        Of the logarithm of width over height.
    slant, slant_spread
        Mean and deviation of the shear to the right, per unit of height.
    turn
        Of the rotation, in radians.
    tremor
        Of the path's way aside, changing along the path.
    radius, radius_spread
        Median radius of the pen, and the deviation of its logarithm from digit to digit.
    pressure
        Of the logarithm of the radius, changing along the path.
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
    """Write many digits, each in a hand of its own.

    Parameters
    ----------
    paths
        The glyphs' paths.
    chosen
        intp, (n,): which of `paths` each digit is written as.
    rng
        Draws the hands; its state advances.
    hand
        How much the hands differ.

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
    """Return standard normal values, held to ±2 as a digit stops being readable beyond."""
    values: NDArray[np.float32] = np.clip(rng.standard_normal(shape, np.float32), -2, 2)
    return values


def _waves(
    shape: tuple[int, int, int], distance: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return noise that changes slowly along the second axis, (n, length, channels).

    Values `distance` apart are nearly independent; the standard deviation is about 1.
    """
    n, length, channels = shape
    nodes = np.arange(-distance, length + distance, distance)
    near = np.exp(-(((np.arange(length)[:, None] - nodes) / distance) ** 2)).astype(np.float32)
    near /= np.sqrt((near**2).sum(axis=1, keepdims=True))
    noise: NDArray[np.float32] = near @ _normal((n, len(nodes), channels), rng)
    return noise


def _trace(path: PenPath, n: int, hand: Hand, rng: np.random.Generator) -> NDArray[np.float32]:
    """Write one glyph n times, each time through other points: (n, length, 2)."""
    points = path.points + hand.jitter * _waves((n, *path.points.shape), _STIFFNESS, rng)
    points = points + hand.reach * _normal((n, 1, 1), rng) * (path.ends @ points)
    traced: NDArray[np.float32] = path.matrix @ points
    return traced


def _warp(points: NDArray[np.float32], hand: Hand, rng: np.random.Generator) -> NDArray[np.float32]:
    """Bend each digit as if the paper were stretched here and there."""
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
    # Points are rows, so a matrix stands to the right of them. Up is negative, hence the minus.
    slanted = np.array([[widening, 0 * widening], [-shear / widening, 1 / widening]])
    turned = np.array([[cos, sin], [-sin, cos]])
    moved: NDArray[np.float32] = points @ np.einsum("ijn,jkn->nik", slanted, turned)
    return moved
