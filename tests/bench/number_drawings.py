"""Numbers to be told apart, made of single digits: of people's recordings, or of the generator's.

A digit here is its strokes: lists of points x and y, with y growing downward.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.datasets.glyphs import GLYPHS
from core.datasets.handwriting import write
from core.datasets.pen_paths import PenPath, pen_path
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import BRUSH, RASTER_SIDE, Drawing
from core.ink.recordings import Recording

Points = NDArray[np.float64]
MARGIN = 14


@dataclass(frozen=True)
class Digit:
    """A single digit, its strokes in the order of writing."""

    digit: int
    strokes: tuple[Points, ...]
    name: str = ""

    def moved(self, x: float, y: float, scale: float = 1.0) -> Digit:
        """Return it scaled, then moved."""
        return Digit(
            self.digit, tuple(scale * stroke + (x, y) for stroke in self.strokes), self.name
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        points = np.concatenate(self.strokes)
        return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

    def at_height(self, height: float) -> Digit:
        """Return it at the origin, its longer side scaled to `height`."""
        left, top, right, bottom = self.box
        scale = height / max(right - left, bottom - top, 1e-9)
        return self.moved(-left * scale, -top * scale, scale)


def recorded(recordings: Sequence[Recording]) -> list[Digit]:
    """Return people's digits."""
    return [
        Digit(each.digit, tuple(np.array(stroke) * (1, -1) for stroke in each.strokes))
        for each in recordings
    ]


@cache
def _paths() -> tuple[tuple[PenPath, tuple[int, ...]], ...]:
    """Return the path of each glyph, and where its second and further strokes begin."""
    result = []
    for glyph in GLYPHS:
        path, ends = pen_path(glyph), np.cumsum([len(stroke.points) for stroke in glyph.strokes])
        # The row of a stroke's first point picks this point alone.
        starts = [int(np.flatnonzero(path.matrix[:, first] == 1)[0]) for first in ends[:-1]]
        result.append((path, tuple(starts)))
    return tuple(result)


def generated(n: int, rng: np.random.Generator) -> list[Digit]:
    """Return digits of the generator, in equal numbers 0 to 9, every glyph by its weight."""
    paths = [path for path, _ in _paths()]
    weights = np.array([glyph.weight for glyph in GLYPHS])
    digits = np.array([glyph.digit for glyph in GLYPHS])
    chosen = np.empty(n, np.intp)
    for i in range(n):
        choices = np.flatnonzero(digits == i % 10)
        chosen[i] = rng.choice(choices, p=weights[choices] / weights[choices].sum())
    points, _, counts, *_ = write(paths, chosen, rng)
    return [
        Digit(
            GLYPHS[index].digit,
            tuple(np.split(points[i, : counts[i]].astype(float), _paths()[index][1])),
            GLYPHS[index].name,
        )
        for i, index in enumerate(chosen.tolist())
    ]


def with_gaps(fours: Sequence[Digit], rng: np.random.Generator) -> Iterator[Digit]:
    """Take fours of two strokes apart: 0.02 to 0.15 of the height is between left part and stem.

    The stem is the straighter stroke, and may have been drawn first.
    """
    for four in fours:
        if len(four.strokes) != 2:
            continue
        height = four.box[3] - four.box[1]
        # A recording's points may be farther apart than the gap.
        dense = [_dense(stroke, height / 100) for stroke in four.strokes]
        left, stem = sorted(dense, key=_straightness)
        gap = rng.uniform(0.02, 0.15) * height
        free = np.abs(left[:, None] - stem).max(axis=2).min(axis=1) > 0
        distance = np.linalg.norm(left[:, None] - stem, axis=2).min(axis=1)
        # The left part ends where it first comes close to the stem.
        close = np.flatnonzero((distance < gap) & free)
        late = close[close > len(left) // 3]
        if len(late) and late[0] > 4:
            parts = left[: late[0]], stem
            yield Digit(4, parts if left is dense[0] else parts[::-1], "with a gap")


def _straightness(stroke: Points) -> float:
    """Return the distance between the ends of a stroke, as a part of its length: 1 if straight."""
    length = np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum()
    return float(np.linalg.norm(stroke[-1] - stroke[0]) / max(length, 1e-9))


def side_by_side(
    digits: Sequence[Digit], gap: float, rng: np.random.Generator, height: float = 130.0
) -> list[Digit]:
    """Write digits beside each other into a pad: sizes differ by up to a sixth, base lines too.

    `gap` is what is left free between two neighbors where they are closest, at the same height, as
    a part of the height; if they lean, one may begin above or below where the other ends.
    """
    placed: list[Digit] = []
    for digit in digits:
        own = height * np.exp(rng.uniform(-0.16, 0.16))
        left, top, right, bottom = digit.box
        scale = own / max(bottom - top, (right - left) / 1.5, 1e-9)
        new = digit.moved(-left * scale, -bottom * scale, scale)
        new = new.moved(0, rng.uniform(-0.08, 0.08) * height)
        if placed:
            new = new.moved(_clearance(placed[-1], new, height) + gap * height, 0)
        placed.append(new)
    boxes = np.array([digit.box for digit in placed])
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    room = RASTER_SIDE - 2 * MARGIN
    scale = min(1.0, room / (right - left), room / (bottom - top))
    free = RASTER_SIDE - 2 * MARGIN - scale * np.array([right - left, bottom - top])
    x, y = MARGIN + rng.uniform(0, 1, 2) * free - scale * np.array([left, top])
    return [digit.moved(x, y, scale) for digit in placed]


def _clearance(one: Digit, other: Digit, height: float) -> float:
    """Return how far `other` must move right to touch `one` at some height, nearly."""
    rows = height / 16
    right, left = _profile(one, rows, max), _profile(other, rows, min)
    common = [right[row] - left[row] for row in right if row in left]
    return max(common) if common else one.box[2] - other.box[0]


def _profile(digit: Digit, rows: float, outermost) -> dict[int, float]:
    """Return the outermost x at each height, also of the two rows beside it."""
    profile: dict[int, float] = {}
    for stroke in digit.strokes:
        dense = _dense(stroke, rows / 3)
        for x, y in dense:
            for row in range(int(y // rows) - 1, int(y // rows) + 2):
                profile[row] = outermost(profile.get(row, x), x)
    return profile


def _dense(stroke: Points, step: float) -> Points:
    along = np.append(0, np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1)))
    at = np.linspace(0, along[-1], 1 + int(along[-1] / step))
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def draw(digits: Sequence[Digit], brush: float = BRUSH, step: float = 4.0) -> Drawing:
    """Draw digits one after the other, with points as close as a mouse sends them."""
    drawing = Drawing()
    for digit in digits:
        for stroke in digit.strokes:
            points = _dense(stroke, step).tolist()
            drawing.begin(*points[0], brush)
            for x, y in points[1:]:
                drawing.extend(x, y, brush)
            drawing.end()
    return drawing


def is_cut_correctly(number: Sequence[Digit], step: float) -> bool:
    """Whether a number is cut into exactly its digits; see :func:`draw`."""
    ends = np.cumsum([0, *(len(digit.strokes) for digit in number)]).tolist()
    expected = [tuple(range(*ends)) for ends in pairwise(ends)]
    return [digit.parts for digit in DigitsInDrawing(draw(number, step=step)).update()] == expected


def scribble(kind: str, rng: np.random.Generator) -> Points:
    """Return a random zigzag, coil or tangle of about 200 units."""
    if kind == "zigzag":
        passes = int(rng.integers(6, 14))
        x = np.linspace(0, rng.uniform(80, 220), passes)
        points = np.stack([x, 200.0 * (np.arange(passes) % 2)], axis=1)
        points += rng.normal(0, 10, points.shape)
    elif kind == "coil":
        angles = np.linspace(0, 2 * np.pi * rng.uniform(4, 9), 200)
        points = 80 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        points[:, 0] += np.linspace(0, rng.uniform(0, 80), 200)
    else:
        nodes = rng.uniform(0, 200, (int(rng.integers(10, 18)), 2))
        at = np.linspace(0, len(nodes) - 1, 400)
        near = np.exp(-((at[:, None] - np.arange(len(nodes))) ** 2) / 0.5)
        points = near @ nodes / near.sum(axis=1, keepdims=True)
    return points - points.min(axis=0) + 30
