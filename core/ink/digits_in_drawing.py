"""The digits of a drawing, in reading order: a number is predicted digit by digit.

A drawing is cut by the geometry of its strokes (:mod:`core.ink.trace_groups`). Each digit gets the
ink of its own strokes, and so is sized and centered by itself, with lines as bold as the network
knows them (:mod:`core.ink.pen_width`). A picture shows one digit: it was cut before it was placed
(:mod:`core.pictures.digits_in_picture`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from core.ink.boxes import Box, box_around
from core.ink.drawing import RASTER_SIDE, Drawing, Picture, Stroke, blank_ink
from core.ink.normalization import Frame, input_frame, normalize_drawing
from core.ink.pen_width import RedrawnStroke, network_width
from core.ink.scribble import is_scribble
from core.ink.trace import Trace
from core.ink.trace_groups import grouped

_MOST_DIGITS = 8
"""More have no room on the pad: such a drawing is a scribble."""

_MOST_PARTS = 24
"""A drawing of more strokes is not cut, and is a scribble: three for each digit are many."""


@dataclass(frozen=True, eq=False)
class DrawnDigit:
    """A digit of a drawing. Nobody writes to its arrays.

    Attributes
    ----------
    ink
        uint8, (280, 280), as it is drawn: 0 is background, 255 is ink.
    network_ink
        uint8, (280, 280): the same, with lines as wide as the network gets them.
    image
        uint8, (28, 28): the input of the network.
    parts
        Indices in the drawing of the strokes and pictures that it consists of. A tap far from all
        digits is in none.
    is_scribble
        Whether it looks like no digit.
    is_example
        Whether it is an image of a data set, unchanged.
    """

    ink: NDArray[np.uint8]
    network_ink: NDArray[np.uint8]
    image: NDArray[np.uint8]
    parts: tuple[int, ...]
    is_scribble: bool = False
    is_example: bool = False

    @property
    def box(self) -> Box:
        """The part of the drawing that it fills; it is not blank."""
        return box_around(self.ink > 0)

    @property
    def frame(self) -> Frame:
        """Where the image lies on the drawing."""
        return Frame(0, 0, RASTER_SIDE) if self.is_example else input_frame(self.network_ink)


class DigitsInDrawing:
    """Cuts a drawing into its digits, again and again while it is drawn.

    Keeps what it knows of finished strokes, and the digits that did not change.

    Parameters
    ----------
    drawing
        What is cut; not changed.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._items: tuple[Stroke | Picture, ...] = ()
        self._traces: list[Trace] = []
        self._redrawn: WeakKeyDictionary[Trace, RedrawnStroke] = WeakKeyDictionary()
        self._digits: dict[tuple[tuple[Trace, int], ...], DrawnDigit] = {}

    def update(self, as_one: bool = False) -> tuple[DrawnDigit, ...]:
        """Return the digits as they are now; none if the drawing is blank.

        They are in rows from top to bottom, each from left to right. With `as_one`, the drawing is
        one image of whatever it may be, and no scribble. A digit that is the same object as before
        has not changed.
        """
        drawing = self._drawing
        if drawing.is_blank:
            return ()  # the traces are kept: clearing can be undone
        if drawing.example is not None or as_one:
            ink, parts = drawing.ink.copy(), tuple(range(len(drawing.items)))
            is_example = drawing.example is not None
            return (DrawnDigit(ink, ink, drawing.image(), parts, is_example=is_example),)
        self._trace()
        groups = grouped(self._traces) if len(self._traces) <= _MOST_PARTS else None
        is_too_much = groups is None or len(groups) > _MOST_DIGITS
        if is_too_much or not groups:
            groups = [self._traces]
        # A stroke only ever grows.
        states = [tuple((trace, trace.size) for trace in group) for group in groups]
        before, self._digits = self._digits, {}
        for state, group in zip(states, groups, strict=True):
            self._digits[state] = before.get(state) or self._digit(group, is_too_much)
        return tuple(self._digits.values())

    def _digit(self, traces: Sequence[Trace], is_doubted: bool) -> DrawnDigit:
        """Return a digit, which is a scribble if it `is_doubted` or looks like none."""
        on_pad = [trace for trace in traces if not trace.is_empty]
        side, width = _side(on_pad), max(trace.width for trace in traces)
        scale = network_width(width, side) / width if width else 1.0
        ink, network_ink = blank_ink(), blank_ink()
        for trace in traces:
            self._items[trace.index].add_to(ink)
            self._add_for_network(trace, network_ink, scale)
        if not network_ink.any():
            network_ink = ink  # of a bold line beside the pad, only the edge is on it
        lines = [trace.places for trace in on_pad if trace.is_line]
        doubted = is_doubted or (bool(lines) and is_scribble(lines, side + width))
        parts = tuple(trace.index for trace in traces)
        image = normalize_drawing(network_ink)
        return DrawnDigit(ink, network_ink, image, parts, doubted)

    def _add_for_network(self, trace: Trace, ink: NDArray[np.uint8], scale: float) -> None:
        """Add an item to `ink`, (280, 280), in place; a stroke `scale` times as wide."""
        item = self._items[trace.index]
        if isinstance(item, Picture) or scale == 1:
            item.add_to(ink)
            return
        redrawn = self._redrawn.get(trace)
        if redrawn is None or redrawn.scale != scale:
            redrawn = self._redrawn[trace] = RedrawnStroke(item, scale)
        redrawn.follow()
        np.maximum(ink, redrawn.ink, out=ink)

    def _trace(self) -> None:
        """Follow what was drawn since the last time, and forget what was undone."""
        items = self._drawing.items
        same = 0
        while same < min(len(items), len(self._items)) and items[same] is self._items[same]:
            same += 1
        del self._traces[same:]
        self._items = items
        for index in range(max(same - 1, 0), len(items)):
            if index == len(self._traces):
                # Distances serve to cut the drawing.
                earlier = self._traces if index < _MOST_PARTS else ()
                self._traces.append(Trace(index, earlier))
            self._traces[index].follow(items[index])


def _side(traces: Sequence[Trace]) -> float:
    """Return the longer side of a digit, from middle to middle of its lines, in units."""
    if not traces:
        return 0.0
    height = max(trace.bottom for trace in traces) - min(trace.top for trace in traces)
    width = max(trace.right for trace in traces) - min(trace.left for trace in traces)
    return max(height, width)
