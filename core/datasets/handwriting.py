"""Random variation of glyphs: no two people write a digit alike, and nobody does twice.

A writer has habits that show in all of their digits: how they slant, how wide they write, how
careful and how hasty they are, whether curves become corners, whether strokes begin and end in
hooks, and with which pen. Each digit then deviates a little from these habits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.datasets.pen_paths import PenPath
from core.datasets.random_waves import Values, normal, waves
from core.datasets.tracing import Style, trace

_GRID = 4
"""The field that bends a digit has this many nodes along each axis."""

_WAVE = 17.5
"""Distance, in points of the path, at which tremor and pressure are almost independent."""

_FAITHFUL, _FREE = np.float32(0.95), np.float32(0.31)
"""Standard deviations between writers, and within the digits of one; their squares add up to 1."""

_TREMBLING = 0.5
"""Standard deviation of the logarithm of the tremor."""

_LIFTS_FROM = 1.15
"""An eighth of normal values are above it: these writers lift the pen at corners."""

_CURL = np.float32(2)
"""Largest angle by which a hook turns, in radians."""

_DRY = -np.inf
"""Radius of a pen that leaves no ink."""


@dataclass(frozen=True)
class Hand:
    """How much handwriting varies: standard deviations, unless stated otherwise.

    Lengths are in units of the glyphs, about 1/100 of a digit's height. Values marked † differ
    between writers; each digit of a writer deviates from them by about a third as much.

    Attributes
    ----------
    jitter
        Of the points that the pen passes through.
    warp
        Of the nodes of the field that bends the whole digit.
    placing, loose
        Of the displacement of each stroke; and of its rotation, in radians, and the logarithm of
        its length: strokes apart from the others are not where one expects them.
    care
        Of the logarithm, between writers, by which those above are multiplied.
    reach
        Of the extension of strokes at both ends, in lengths of the first and last segments; may be
        negative.
    hook
        Of the length of hooks at the ends of strokes†; half of the writers make none at the
        beginning, and half none at the end.
    angular
        How far curves become straight lines between their points†: half of the writers write none,
        the others up to this part.
    haste
        How far turns are cut short†, likewise.
    lifting
        Of the displacement of the pieces between corners, where the pen was lifted: an eighth of
        the writers do so.
    squeeze
        Of the logarithm of width over height†.
    slant, slant_spread
        Mean and deviation of the shear to the right, per unit of height†.
    turn
        Of the rotation, in radians†.
    tremor
        Of the sideways displacement along the path†.
    radius, radius_spread
        Median radius of the pen, and the deviation of its logarithm†.
    pressure
        Of the logarithm of the radius along the path.
    skip
        Share of the digits in which the pen skips a part of its path.
    softness
        How far the gray of a line's edge reaches into the line†, in pixels beyond the usual one;
        as a scanner draws it. At most; half of the writers have none.
    """

    jitter: float = 7.0
    warp: float = 6.0
    placing: float = 3.5
    loose: float = 0.09
    care: float = 0.25
    reach: float = 0.25
    hook: float = 10.0
    angular: float = 1.0
    haste: float = 1.0
    lifting: float = 4.0
    squeeze: float = 0.23
    slant: float = 0.09
    slant_spread: float = 0.24
    turn: float = 0.1
    tremor: float = 0.9
    radius: float = 6.2
    radius_spread: float = 0.26
    pressure: float = 0.18
    skip: float = 0.04
    softness: float = 1.5


class Writing(NamedTuple):
    """What :func:`core.datasets.stroke_renderer.render` takes.

    Attributes
    ----------
    points
        float32, (n, length, 2), in the glyphs' units; the middle of a digit is near the origin.
    radii
        float32, (n, length): the pen's radius at each point; minus infinity: no ink.
    counts
        intp, (n,): number of points of each path.
    softness
        float32, (n,): pixels, at least 1, over which the gray of a line's edge rises.
    """

    points: Values
    radii: Values
    counts: NDArray[np.intp]
    softness: Values


def write(
    paths: Sequence[PenPath],
    chosen: NDArray[np.intp],
    rng: np.random.Generator,
    hand: Hand = Hand(),
    writer: NDArray[np.intp] | None = None,
) -> Writing:
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
    writer
        intp, (n,): who writes each digit, counted from 0; None: each has a writer of its own.
    """
    n = len(chosen)
    habits = _Habits(np.arange(n) if writer is None else writer, rng)
    care = np.exp(hand.care * habits.shared((n, 1, 1)))
    style = _style(hand, care, habits)
    counts = np.array([len(path.matrix) for path in paths])[chosen]
    points = np.zeros((n, counts.max(), 2), np.float32)
    for index in np.unique(chosen):
        mine = np.flatnonzero(chosen == index)
        points[mine, : len(paths[index].matrix)] = trace(paths[index], style.of(mine), rng)
    points = _shear_and_turn(_warp(points, care * hand.warp, rng), hand, habits)
    trembling = hand.tremor * np.exp(_TREMBLING * habits.own((n, 1, 1)))
    points += trembling * waves(points.shape, _WAVE, rng)
    radii = hand.radius * np.exp(hand.radius_spread * habits.own((n, 1)))
    radii = radii * np.exp(hand.pressure * waves((*points.shape[:2], 1), _WAVE, rng)[..., 0])
    radii[_skipped(counts, points.shape[1], hand.skip, rng)] = _DRY
    softness = 1 + habits.some(hand.softness, (n,))
    return Writing(points, radii, counts, softness)


def _style(hand: Hand, care: Values, habits: _Habits) -> Style:
    n = len(care)
    lifts = habits.shared((n, 1, 1)) > _LIFTS_FROM
    return Style(
        jitter=care * hand.jitter,
        reach=np.full((n, 1, 1), hand.reach, np.float32),
        placing=care * hand.placing,
        loose=care * hand.loose,
        angular=habits.some(hand.angular, (n, 1, 1)),
        haste=habits.some(hand.haste, (n, 1, 1)),
        lifting=np.where(lifts, np.float32(hand.lifting), np.float32(0)),
        hooks=habits.some(2 * hand.hook, (n, 2)),
        curls=np.tanh(habits.own((n, 2))) * _CURL,
    )


class _Habits:
    """Draws what digits of one writer have in common."""

    def __init__(self, writer: NDArray[np.intp], rng: np.random.Generator) -> None:
        self._writer, self._rng = writer, rng

    def shared(self, shape: tuple[int, ...]) -> Values:
        """Return standard normal values, (n, …), the same for all digits of a writer."""
        drawn = normal((int(self._writer.max()) + 1, *shape[1:]), self._rng)
        return drawn[self._writer]

    def own(self, shape: tuple[int, ...]) -> Values:
        """Return the same with a deviation of each digit; the variance stays 1."""
        values: Values = _FAITHFUL * self.shared(shape) + _FREE * normal(shape, self._rng)
        return values

    def some(self, most: float, shape: tuple[int, ...]) -> Values:
        """Return 0 for half of the writers, and up to `most` for the others."""
        return np.asarray(most * np.clip(self.own(shape) / 2, 0, 1), np.float32)


def _warp(points: Values, warp: Values, rng: np.random.Generator) -> Values:
    """Bend each digit, as on a rubber sheet."""
    nodes = np.linspace(-60, 60, _GRID, dtype=np.float32)
    near = np.exp(-(((points[..., None] - nodes) / (nodes[1] - nodes[0])) ** 2))
    moves = warp * normal((2, len(points), _GRID, _GRID), rng)
    bent = (near[..., 0, :] @ moves * near[..., 1, :]).sum(axis=-1)
    warped: Values = points + np.moveaxis(bent, 0, -1)
    return warped


def _shear_and_turn(points: Values, hand: Hand, habits: _Habits) -> Values:
    """Squeeze each digit, then slant it, then turn it."""
    squeeze, slant, turn = (habits.own((len(points),)) for _ in range(3))
    widening = np.exp(hand.squeeze * squeeze / 2)
    shear = hand.slant + hand.slant_spread * slant
    cos, sin = np.cos(hand.turn * turn), np.sin(hand.turn * turn)
    # Points are rows, so matrices multiply from the right. Up is negative, hence the minus.
    slanted = np.array([[widening, 0 * widening], [-shear / widening, 1 / widening]])
    turned = np.array([[cos, sin], [-sin, cos]])
    return np.asarray(points @ np.einsum("ijn,jkn->nik", slanted, turned), np.float32)


def _skipped(
    counts: NDArray[np.intp], length: int, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return where the pen leaves no ink, (n, length)."""
    chance, middle, half = rng.random((3, len(counts), 1))
    along = np.arange(length) / counts[:, None]
    dry = np.abs(along - 0.2 - 0.6 * middle) < 0.01 + 0.03 * half
    return np.asarray(dry & (chance < share))
