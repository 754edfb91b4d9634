"""Removes ruled lines and squares from the ink of a picture, but not the digits that cross them.

Of each column that a line crosses only a short run of ink goes: a longer one is a digit's.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.pieces import CONNECTED, Pieces, grown
from core.pictures.straight_lines import (
    SLENDER,
    STEEPEST,
    TOUCHING,
    Line,
    Runs,
    lines_in,
    run_lengths,
)

_FAINT = 0.2
"""Lines are often paler than ink: they are sought above this level."""

_SHORTEST = 0.15
"""The shortest line, as a part of the picture's longer side."""

_ACROSS = 0.98
"""A line this long, as a part of the picture's side, goes across the picture: no stroke does."""

_ALONG, _GRID = 0.9, 3
"""A piece of ink is a grid or a box if this many lines are as long as this part of it."""

_RULED = 4
"""A page with this many lines is ruled, even if all are broken: a digit has fewer strokes."""

_LYING, _FLAT = 0.3, 2.5
"""A lying line may be shorter than the picture by the first part of it, if its piece of ink is this
many times as long as it is high. A standing one would be a 1."""

_INK = 0.5
"""What is more is ink, and not the edge of a line."""

_STOUT = 6
"""The sides of boxes that touch each other are at least this many times as long as thick."""

_MOST_STROKES = 5
"""Straight strokes of a digit, at most: those of an 8. A row of ones has more, all standing."""

_REMNANT = 3.0
"""On a blank page, what is left of the lines is at most this many times as long as they are thick;
digits are larger."""

_THICKEST = 0.015
"""The thickest ruled line, as a part of the picture's longer side; what is between the images of a
figure may be thicker."""


class _Candidate(NamedTuple):
    """What may be a line, or the stroke of a digit.

    `piece` is the number of the piece of ink that it is a part of, `across` its length as a part of
    the picture's, and `along` as a part of the piece's; `flatness` is the piece's length over its
    height.
    """

    line: Line
    piece: int
    across: float
    along: float
    flatness: float


def without_lines(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without ruled lines; itself if there are none.

    Lines that may be the strokes of a digit, because nothing else is there, stay; of a blank page
    that is ruled, no ink is left.
    """
    mask = ink > _FAINT
    pieces, _ = ndimage.label(mask, CONNECTED)
    lying = _candidates(mask, pieces)
    standing = _candidates(np.ascontiguousarray(mask.T), pieces.T)
    in_piece = Counter(line.piece for line in [*lying, *standing] if line.along >= _ALONG)
    is_ruled = len(lying) + len(standing) >= _RULED
    chosen: tuple[list[Line], list[Line]] = ([], [])
    for found, kept in zip((lying, standing), chosen, strict=True):
        for line in found:
            is_flat = found is lying and line.across >= _LYING and line.flatness >= _FLAT
            if is_ruled or line.across >= _ACROSS or is_flat or in_piece[line.piece] >= _GRID:
                kept.append(line.line)
    if not any(chosen):
        return ink
    lines = _marked(mask, *chosen)
    rungs = _all_rungs(mask & ~lines, lines, SLENDER)
    lines |= rungs
    soft_edge = grown(lines) & ~mask
    rest = np.where(lines | soft_edge, np.float32(0), ink)
    if _is_blank(inked(rest), lines, rungs, *chosen):
        return np.zeros_like(ink)
    return rest if (rest > _INK).any() else ink


def _is_blank(
    left: Mask, lines: Mask, rungs: Mask, lying: list[Line], standing: list[Line]
) -> bool:
    """Whether all that was `left` without the lines, `rungs` among them, is remnants of lines.

    A digit of straight strokes has fewer lines, and a row of ones has no lying ones.
    """
    if not lying:
        return False
    stout = _all_rungs(left, lines, _STOUT)
    count = len(lying) + len(standing) + ndimage.label(rungs | stout, CONNECTED)[1]
    largest = Pieces(left & ~stout).sides.max(initial=0)
    thickest = _THICKEST * max(left.shape)
    thickness = min(thickest, max(line.thickness for line in lying))
    return bool(count > _MOST_STROKES and largest <= _REMNANT * thickness)


def _marked(mask: Mask, lying: list[Line], standing: list[Line]) -> Mask:
    """Return the short runs of ink on lines, (h, w).

    Where two lines cross, both runs are long until the lines around have gone.
    """
    lines = np.zeros_like(mask)
    for _ in range(2):
        rest = mask & ~lines
        for found, part, marks in ((lying, rest, lines), (standing, rest.T, lines.T)):
            runs = run_lengths(part)
            for line in found:
                _mark(marks, part, runs, line)
    return lines


def _all_rungs(rest: Mask, lines: Mask, slender: float) -> Mask:
    """Return the short lines between two lines, standing and lying, (h, w); see _rungs."""
    return _rungs(rest, lines, slender) | _rungs(rest.T, lines.T, slender).T


def _rungs(rest: Mask, lines: Mask, slender: float) -> Mask:
    """Return the short lines between two lines: the sides of the boxes of a form, (h, w).

    They are what is left of the ink that reaches from a line above to one below, and is at least
    `slender` times as long as it is thick.
    """
    labels, _ = ndimage.label(rest, CONNECTED)
    near = grown(lines, TOUCHING)
    areas = np.bincount(labels.ravel())
    found = np.zeros_like(rest)
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        ends = near[rows.start, columns], near[rows.stop - 1, columns]
        thickness = areas[number] / height
        is_slender = height >= slender * thickness and width <= STEEPEST * height + 2 * thickness
        if is_slender and all(end.any() for end in ends):
            found[rows, columns] |= labels[rows, columns] == number
    return found


def _candidates(mask: Mask, pieces: NDArray[np.int32]) -> list[_Candidate]:
    """Return what may be nearly horizontal lines; `pieces` are the labels of connected ink."""
    boxes, candidates = ndimage.find_objects(pieces), []
    for line, length in lines_in(mask, _SHORTEST * max(mask.shape)):
        on_line = pieces[line.rows, line.columns]
        if not on_line.any():  # it was fitted between two stripes
            continue
        piece = int(np.bincount(on_line[on_line > 0]).argmax())
        high, wide = (side.stop - side.start for side in boxes[piece - 1])
        sizes = length / mask.shape[1], length / wide, wide / high
        candidates.append(_Candidate(line, piece, *sizes))
    return candidates


def _mark(found: Mask, mask: Mask, runs: Runs, line: Line) -> None:
    """Mark the short runs of ink on a line, in place."""
    longest = int(line.thickness) + 2
    for beside in (-1, 0, 1):
        rows = np.clip(line.rows + beside, 0, len(mask) - 1)
        short = mask[rows, line.columns] & (runs[rows, line.columns] <= longest)
        rows, columns = rows[short], line.columns[short]
        for direction in (-1, 1):
            going, y = np.ones(len(rows), np.bool_), rows
            for _ in range(longest):
                going = going & (y >= 0) & (y < len(mask))
                going[going] = mask[y[going], columns[going]]
                found[y[going], columns[going]] = True
                y = y + direction
