"""Where everything in the diagram of the flow is: the image, the layers' units, the ten outputs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect

from core.arrays import SIDE
from gui.flow.strip import Strip
from gui.widgets.theme import SPACE

LINE = 4 * SPACE
"""Height of a caption's line."""
NARROW = 5
"""The form of a caption that has three lines, the narrowest possible."""
_MARGIN = 2 * SPACE
_PITCH, _SHARE = {True: 16, False: 28}, {True: 0.5, False: 0.87}
"""By whether there are edges: the largest distance from a unit to the next; and which share of the
width between the image and the outputs the units may take."""
_MOST_ZOOM = 10
DIGIT, _BAR, _SMALL_BAR, _PERCENT = 18, 50, 8, 58
_MANY_LAYERS = 6
_WIDE = 900
"""From this many hidden layers on, the image is small, and below this width the outputs, too."""
_ROW, _SMALL_ROW, _LEAST_ROW = 24, 14, 11
"""Heights of an output's row: the largest that fits is taken."""

Unit = tuple[int, int]
"""A layer, 0 for the pixels of the image, and a unit of it; both count from 0."""


@dataclass(frozen=True)
class Block:
    """Where a layer's units are: the image's pixels, squares in a few columns, or the outputs.

    Attributes
    ----------
    left
        Where the strip begins, whose own left is 0.
    strip
        The squares.
    caption
        The room for the words below.
    """

    left: int
    strip: Strip
    caption: QRect

    @property
    def rect(self) -> QRect:
        """All squares and their frames."""
        strip = self.strip
        width = strip.columns * strip.pitch + strip.frame
        return QRect(self.left, strip.top, width, strip.height)

    def square(self, unit: int) -> QRect:
        """Return where a unit's square is."""
        return self.strip.square(unit).translated(self.left, 0)

    def unit_at(self, place: QPoint) -> int | None:
        """Return the unit whose square or frame is at a place, or None."""
        return self.strip.unit_at(place - QPoint(self.left, 0))

    def ends(self, units: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return where units' edges begin and end, x and y, (n, 2).

        In the middle of the frame below a square, along which an edge hides no other unit; or in
        the square's own middle, where there is no frame or only one column.
        """
        strip = self.strip
        row, column = np.divmod(units, strip.columns)
        middle = (strip.pitch + strip.frame) / 2
        is_below = strip.frame and strip.columns > 1
        below = strip.pitch + strip.frame / 2 if is_below else middle
        return np.stack([column, row], axis=1) * strip.pitch + (
            self.left + middle,
            strip.top + below,
        )

    def nearest(self, column: int, y: int) -> int:
        """Return the unit of a column, -1 for the last one, whose middle is nearest to a height."""
        strip = self.strip
        row = min(max((y - strip.top) // strip.pitch, 0), strip.rows - 1)
        unit = row * strip.columns + column % strip.columns
        return unit if unit < strip.units else strip.units - 1


@dataclass(frozen=True)
class FlowLayout:
    """All blocks from the image, ``blocks[0]``, to the outputs, ``blocks[-1]``.

    Attributes
    ----------
    row
        Height of an output's row, in whose middle its square is.
    right
        Where the outputs' rows end.
    lines
        Which form the captions have, as in :func:`gui.flow.flow_words.in_lines`.
    names
        Width of what the outputs are called.
    """

    blocks: tuple[Block, ...]
    row: int
    right: int
    lines: int
    names: int = DIGIT

    def output_row(self, digit: int) -> QRect:
        """Return where an output is, with its digit, bar and percentage."""
        square = self.blocks[-1].square(digit)
        top = square.center().y() - self.row // 2
        return QRect(square.left(), top, self.right - square.left(), self.row)

    def output_bar(self, digit: int) -> QRect:
        """Return where the bar of an output is, full."""
        row = self.output_row(digit)
        height = min(self.row - 2 * SPACE, 2 * SPACE)
        top = row.center().y() - height // 2
        left = row.left() + self.blocks[-1].strip.pitch + self.names
        return QRect(left, top, self.right - _PERCENT - left, height)

    def unit_at(self, place: QPoint) -> Unit | None:
        """Return the unit, pixel or output at a place, or None."""
        for digit in range(self.blocks[-1].strip.units):
            if self.output_row(digit).contains(place):
                return len(self.blocks) - 1, digit
        for layer, block in enumerate(self.blocks[:-1]):
            unit = block.unit_at(place)
            if unit is not None:
                return layer, unit
        return None

    def square(self, unit: Unit) -> QRect:
        """Return where a unit's square is."""
        return self.blocks[unit[0]].square(unit[1])

    def neighbor(self, unit: Unit, right: int, down: int) -> Unit:
        """Return the unit beside another, or that of the next layer beyond a block's edge."""
        layer, index = unit
        strip = self.blocks[layer].strip
        row, column = divmod(index, strip.columns)
        row, column = min(max(row + down, 0), strip.rows - 1), column + right
        beside = row * strip.columns + column
        if 0 <= column < strip.columns and beside < strip.units:
            return layer, beside
        if right and 0 <= layer + right < len(self.blocks):
            y = self.square(unit).center().y()
            return layer + right, self.blocks[layer + right].nearest(0 if right > 0 else -1, y)
        return unit


@lru_cache(maxsize=8)
def arrange_flow(
    sizes: tuple[int, ...],
    width: int,
    height: int,
    lines: int,
    has_edges: bool = True,
    names: int = DIGIT,
) -> FlowLayout:
    """Arrange a network of these layer sizes, with captions of this many lines.

    `names` is the width of what the outputs are called.
    """
    caption = (lines if lines < NARROW else 3) * LINE
    bottom = height - caption - 2 * SPACE
    low = bottom - SPACE
    hidden = len(sizes) - 2
    is_deep = hidden >= _MANY_LAYERS
    is_tight = is_deep and width < _WIDE
    rows = range(_SMALL_ROW if is_tight else _ROW, _LEAST_ROW, -1)
    row = next((row for row in rows if row * sizes[-1] < low), _LEAST_ROW)
    zoom = max(min(low // SIDE, width // ((7 if is_deep else 5) * SIDE), _MOST_ZOOM), 1)
    right = width - _MARGIN
    outputs = right - _PERCENT - (_SMALL_BAR if is_tight else _BAR) - names - row
    inputs = _MARGIN + zoom * SIDE
    room = outputs - inputs
    share, pitch = _SHARE[has_edges], _PITCH[has_edges]
    strips = [
        _centered(sizes[0], SIDE, zoom, low),
        *(_within(units, int(share * room / hidden), low, pitch) for units in sizes[1:-1]),
        _centered(sizes[-1], 1, row, low),
    ]
    widths = [strip.columns * strip.pitch + strip.frame for strip in strips[1:-1]]
    gap = max(room - sum(widths), 0) / (hidden + 1)
    x, lefts = inputs + gap, [_MARGIN]
    for of_layer in widths:
        lefts.append(round(x))
        x += of_layer + gap
    lefts.append(outputs)
    captions = [QRect(_MARGIN, bottom + 2 * SPACE, inputs - _MARGIN + round(gap / 2), caption)]
    for left, of_layer in zip(lefts[1:], widths, strict=False):
        slot = QRect(left, bottom + 2 * SPACE, of_layer, caption)
        captions.append(slot.adjusted(-round(gap / 2), 0, round(gap / 2), 0))
    captions.append(QRect(outputs, bottom + 2 * SPACE, right - outputs, caption))
    return FlowLayout(tuple(map(Block, lefts, strips, captions)), row, right, lines, names)


def still_there(unit: Unit | None, before: tuple[int, ...], sizes: tuple[int, ...]) -> Unit | None:
    """Return a unit of a network, or None if one of other layer sizes has it no longer."""
    if unit is None or len(before) != len(sizes):
        return None
    return unit if unit[1] < sizes[unit[0]] else None


def _within(units: int, width: int, height: int, most: int) -> Strip:
    """Return the largest squares for this many units that fit into a width and a height."""
    for pitch in range(most, 0, -1):
        columns = math.ceil(units / max((height - 1) // pitch, 1))
        if columns * pitch <= width:
            break
    return _centered(units, columns, pitch, height)


def _centered(units: int, columns: int, pitch: int, height: int) -> Strip:
    """Return a strip in the middle of a height that begins below a margin."""
    strip = Strip(units, columns, pitch, 0)
    return replace(strip, top=SPACE + max((height - strip.height) // 2, 0))
