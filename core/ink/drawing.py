"""A drawing on the pad: strokes of a round pen, and the image that the network sees.

The window draws with it, and `evaluate --pen` replays recordings with it, so both produce the same
images.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.arrays import SIDE
from core.ink.boxes import box_around
from core.ink.normalization import Frame, input_frame, normalize_drawing

RASTER_SIDE = 280
"""Width and height of a drawing in units, independent of the size and display of the pad."""

BRUSH = 22.0
"""Default width of the pen in units: a digit that fills the pad then has about the proportions of
MNIST's."""

_GRID = 64
"""Positions are rounded to 1/64 of a unit, so that an event on the screen and a line of a recording
give exactly the same point, however its position was computed."""

_FARTHEST = 100 * RASTER_SIDE
"""Positions are limited to this distance from the pad's corner, where single precision still places
a line to a hundredth of a unit."""

_FLATNESS = 0.25
"""Largest distance, in units, between a curve and the straight pieces that approximate it."""

_MOST_UNDONE = 500
"""How many changes can be undone."""

FILLED = 200
"""Longer side, in units, of a digit as large as people draw it."""


class Vertex(NamedTuple):
    """A point of the pen's line, and the width of the line there, in units."""

    x: float
    y: float
    width: float


def blank_ink() -> NDArray[np.uint8]:
    """Return a pad without ink, uint8 (280, 280)."""
    return np.zeros((RASTER_SIDE, RASTER_SIDE), np.uint8)


@dataclass
class Stroke:
    """What the pen draws between touching down and lifting.

    Attributes
    ----------
    points
        Recorded positions of the pen.
    line
        The line that is drawn, in straight pieces: a quadratic B-spline, which runs smoothly from
        midpoint to midpoint, with the points between as control points.
    patch
        The ink of the line, uint8, (h, w): of the whole pad while the pen is down, and then of the
        part with ink.
    corner
        Row and column of the pad at which `patch` begins.
    """

    points: list[Vertex] = field(default_factory=list)
    line: list[Vertex] = field(default_factory=list)
    patch: NDArray[np.uint8] = field(default_factory=blank_ink, compare=False, repr=False)
    corner: tuple[int, int] = field(default=(0, 0), compare=False)

    def extend(self, x: float, y: float, width: float) -> None:
        """Add a point; the line continues to half-way there."""
        point = Vertex(_on_grid(x), _on_grid(y), width)
        self.points.append(point)
        if len(self.points) == 1:
            self.line.append(point)
            return
        control = self.points[-2]
        begin, end = self.line[-1], _between(control, point, 0.5)
        bend = math.hypot(begin.x - 2 * control.x + end.x, begin.y - 2 * control.y + end.y) / 4
        pieces = max(1, math.ceil(math.sqrt(bend / _FLATNESS)))
        for piece in range(1, pieces + 1):
            t = piece / pieces
            self.line.append(_between(_between(begin, control, t), _between(control, end, t), t))

    def finish(self) -> None:
        """Complete the line to its last point, where the pen was lifted."""
        if self.line[-1] != self.points[-1]:
            self.line.append(self.points[-1])

    def crop(self) -> None:
        """Keep only the part of the pad that has ink, which is some 10 of 78 kB."""
        if self.patch.any():
            box = box_around(self.patch > 0)
            self.corner = box.top, box.left
            self.patch = self.patch[box.top : box.bottom, box.left : box.right].copy()

    def add_to(self, ink: NDArray[np.uint8]) -> None:
        """Add the ink of the line to `ink`, uint8 (280, 280), in place."""
        (top, left), (height, width) = self.corner, self.patch.shape
        window = ink[top : top + height, left : left + width]
        np.maximum(window, self.patch, out=window)


def _on_grid(position: float) -> float:
    return round(max(-_FARTHEST, min(position, _FARTHEST)) * _GRID) / _GRID


def _between(a: Vertex, b: Vertex, t: float) -> Vertex:
    """Interpolate linearly between a and b; t is 0…1."""
    return Vertex(*(p + t * (q - p) for p, q in zip(a, b, strict=True)))


@dataclass(frozen=True, eq=False)
class Picture:
    """An image placed on the pad.

    Attributes
    ----------
    ink
        uint8, (280, 280): 0 is background, 255 is ink.
    image
        uint8, (28, 28), the input of the network if nothing is drawn on top; None: computed from
        the ink.
    """

    ink: NDArray[np.uint8]
    image: NDArray[np.uint8] | None = None

    def add_to(self, ink: NDArray[np.uint8]) -> None:
        """Add the picture's ink to `ink`, uint8 (280, 280), in place."""
        np.maximum(ink, self.ink, out=ink)


class Drawing:
    """Strokes and pictures in their order, and the resulting ink.

    Attributes
    ----------
    items
        Strokes and pictures on the pad.
    ink
        uint8, (280, 280): 0 is background, 255 is ink. Changed in place.
    """

    def __init__(self) -> None:
        self.items: tuple[Stroke | Picture, ...] = ()
        self.ink = blank_ink()
        self._before: deque[tuple[Stroke | Picture, ...]] = deque(maxlen=_MOST_UNDONE)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return not self.items

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    @property
    def example(self) -> NDArray[np.uint8] | None:
        """The image of a data set that was placed, if nothing is drawn on it."""
        if len(self.items) == 1 and isinstance(self.items[0], Picture):
            return self.items[0].image
        return None

    def image(self) -> NDArray[np.uint8]:
        """Return the input of the network, uint8 (28, 28), sized and placed like MNIST."""
        return normalize_drawing(self.ink) if self.example is None else self.example

    def input_frame(self) -> Frame:
        """Return where that image lies on the drawing, which is not blank."""
        return input_frame(self.ink) if self.example is None else Frame(0, 0, RASTER_SIDE)

    # --- the pen --------------------------------------------------------------------------

    def begin(self, x: float, y: float, width: float = BRUSH) -> Stroke:
        """Put the pen down; return the new stroke."""
        stroke = Stroke()
        self._change((*self.items, stroke))
        self.extend(x, y, width)
        return stroke

    def extend(self, x: float, y: float, width: float = BRUSH) -> None:
        """Continue the newest stroke."""
        stroke = self._newest_stroke()
        drawn = len(stroke.line)
        stroke.extend(x, y, width)
        draw_line((self.ink, stroke.patch), stroke.line[max(0, drawn - 1) :])

    def end(self) -> None:
        """Lift the pen."""
        stroke = self._newest_stroke()
        drawn = len(stroke.line)
        stroke.finish()
        if len(stroke.line) > drawn:
            draw_line((self.ink, stroke.patch), stroke.line[drawn - 1 :])
        stroke.crop()

    def _newest_stroke(self) -> Stroke:
        stroke = self.items[-1]
        assert isinstance(stroke, Stroke)
        return stroke

    # --- the whole ------------------------------------------------------------------------

    def place(self, ink: NDArray[np.uint8]) -> None:
        """Replace everything with ink, uint8 (280, 280)."""
        self._put(Picture(ink.copy()))

    def place_example(self, image: NDArray[np.uint8]) -> None:
        """Replace everything with an image of a data set, uint8 (28, 28).

        Unless something is drawn on top, it is the input of the network, unchanged.
        """
        self._put(Picture(enlarged(image), image))

    def clear(self) -> None:
        """Remove everything; :meth:`undo` restores it."""
        if self.items:
            self._change(())
            self.ink[:] = 0

    def undo(self) -> None:
        """Undo the last stroke, picture or clearing, if there is one."""
        if self._before:
            self.items = self._before.pop()
            self.ink[:] = 0
            for item in self.items:
                item.add_to(self.ink)

    def _put(self, picture: Picture) -> None:
        self._change((picture,))
        self.ink[:] = picture.ink

    def _change(self, items: tuple[Stroke | Picture, ...]) -> None:
        self._before.append(self.items)
        self.items = items


def enlarged(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an image, uint8 (28, 28), as ink, (280, 280): each pixel becomes a square."""
    side = RASTER_SIDE // SIDE
    return np.kron(image, np.ones((side, side), np.uint8))


def draw_line(inks: Sequence[NDArray[np.uint8]], line: list[Vertex]) -> None:
    """Draw straight antialiased pieces between vertices, in place; a dot for a single one."""
    if len(line) == 1:
        _draw_piece(inks, line[0], line[0])
    for a, b in pairwise(line):
        _draw_piece(inks, a, b)


def _draw_piece(inks: Sequence[NDArray[np.uint8]], a: Vertex, b: Vertex) -> None:
    """Ink all pixels closer to the piece from a to b than half the pen's width there."""
    reach = max(a.width, b.width) / 2 + 1
    left, right = (max(0, math.floor(x)) for x in (min(a.x, b.x) - reach, max(a.x, b.x) + reach))
    top, bottom = (max(0, math.floor(y)) for y in (min(a.y, b.y) - reach, max(a.y, b.y) + reach))
    right, bottom = min(right + 1, RASTER_SIDE), min(bottom + 1, RASTER_SIDE)
    # Pixel i's center is at i + 0.5.
    x = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - a.x)
    y = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - a.y)
    dx, dy = b.x - a.x, b.y - a.y
    # A dot has no length to divide by.
    squared = dx * dx + dy * dy or 1.0
    along: NDArray[np.float32] = x * np.float32(dx / squared) + y * np.float32(dy / squared)
    np.clip(along, 0, 1, out=along)
    away_x, away_y = x - along * np.float32(dx), y - along * np.float32(dy)
    radius = np.float32(a.width / 2) + along * np.float32((b.width - a.width) / 2)
    # A pixel whose center is on the edge is half ink.
    cover = radius + np.float32(0.5) - np.sqrt(away_x * away_x + away_y * away_y)
    np.clip(cover, 0, 1, out=cover)
    piece = np.rint(cover * 255).astype(np.uint8)
    for ink in inks:
        window = ink[top:bottom, left:right]
        np.maximum(window, piece, out=window)
