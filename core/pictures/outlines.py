"""Closed lines around digits: frames, the boxes of a form, and circles around answers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.ink.boxes import Mask, holding
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.pieces import CONNECTED, Pieces, grown, typical_side

_THIN = 0.5
"""A line is less than this share of the shape that it encloses."""

_RECTANGLE, _COMPACT = 0.9, 0.7
"""A rectangle fills at least the first share of the smallest rectangle around it; what encloses
digits, such as a circle, at least the second of the upright box."""

BOLD = 0.6
"""A bold digit is at most as thick as this part of its longer side."""

_DIGIT_FILLS = 0.81
"""And it fills less than this share of the smallest rectangle around it; paper fills more."""

_TURNS = np.radians(np.arange(90))
_COSINES, _SINES = np.cos(_TURNS), np.sin(_TURNS)
"""Of the angles at which a rectangle may lie."""

_BULGE, _REACHING = 0.06, 2
"""Digits reach out of a box by the first share of its shorter side, or more, on at most the second
number of its sides. The curves of a 0 do on more."""

_DIGIT = 0.3
"""The longer side of a digit is at least this share of the shorter side of the hole around it."""

_LARGE = 0.25
"""A large hole has at least this share of the largest one's area."""

_SQUARE, _LINE = 0.75, 0.12
"""The shorter side of a box is at least the first part of the longer one, because a digit that is
drawn as a rectangle is narrow; and its line is at most as thick as the second part of it."""

_TICKS = 0.005
"""Less than this share of a box around digits, unless it is askew, is beyond its sides."""

_LEAST = 0.9
"""A box that a digit touches is at least this part as large as most of what is in no box."""

_LEAST_ASPECT = 0.6
"""The shorter side of a box, and of what reaches out of it, is at least this part of the longer."""

_INK = 0.5
"""A line goes on inward while more than this share of the shape's rim is ink."""


class Outline(NamedTuple):
    """A piece of ink, and what it encloses.

    Attributes
    ----------
    line
        bool, (h, w), the box around the piece: its ink.
    shape
        bool, (h, w): the ink and what is enclosed.
    holes, digits
        How many large holes it has, and how many of them hold ink that may be a digit.
    """

    line: Mask
    shape: Mask
    holes: int
    digits: int

    @property
    def is_thin(self) -> bool:
        """Whether it is a line, and not an area."""
        return bool(self.line.sum() < _THIN * self.shape.sum())

    @property
    def sides(self) -> tuple[float, float]:
        """The shorter and the longer side of the smallest rectangle around it, which may be askew.

        In pixels.
        """
        rows = np.arange(len(self.shape))
        left = self.shape.argmax(axis=1)
        right = self.shape.shape[1] - self.shape[:, ::-1].argmax(axis=1)
        y, x = np.concatenate([rows, rows, rows + 1, rows + 1]), np.tile(np.append(left, right), 2)
        down = np.ptp(np.outer(_COSINES, y) + np.outer(_SINES, x), axis=1)
        across = np.ptp(np.outer(_COSINES, x) - np.outer(_SINES, y), axis=1)
        smallest = (down * across).argmin()
        shorter, longer = sorted((float(down[smallest]), float(across[smallest])))
        return shorter, longer

    @property
    def thickness(self) -> float:
        """How thick its ink is at most, as a part of its longer side."""
        radius = ndimage.distance_transform_cdt(np.pad(self.line, 1), "chessboard").max()
        return float((2 * radius - 1) / max(self.line.shape))

    @property
    def is_bold_digit(self) -> bool:
        """Whether it is bold, but neither thick enough for an area nor shaped like one."""
        shorter, longer = self.sides
        is_full = self.shape.sum() >= _DIGIT_FILLS * shorter * longer
        return self.thickness < BOLD and not is_full

    @property
    def is_rectangle(self) -> bool:
        """Whether its shape is a rectangle, at any angle."""
        shorter, longer = self.sides
        return bool(self.shape.sum() >= _RECTANGLE * shorter * longer)

    @property
    def is_around_digits(self) -> bool:
        """Whether it is a line around digits, one in each large hole, and no digit."""
        is_compact = bool(self.shape.mean() >= _COMPACT)
        return self.holes == self.digits > 0 and self.is_thin and is_compact

    def inside(self) -> Mask:
        """Return what the line encloses, (h, w); what touches the line counts."""
        rings, thickness = _rings(self.line, self.shape)
        inside: Mask = rings > thickness
        return inside

    def box(self) -> Mask | None:
        """Return the line of an upright box, (h, w), without strokes across it; None if it is none.

        Digits may touch the line.
        """
        rows, columns = (np.flatnonzero(self.shape.mean(axis=k) >= _COMPACT) for k in (1, 0))
        if not rows.size or not columns.size:
            return None
        middle = np.ix_(*(np.arange(along[0], along[-1] + 1) for along in (rows, columns)))
        shape, line = self.shape[middle], self.line[middle]
        height, width = self.shape.shape
        reaches = [rows[0], height - 1 - rows[-1], columns[0], width - 1 - columns[-1]]
        if np.count_nonzero(np.array(reaches) >= _BULGE * min(height, width)) > _REACHING:
            return None
        shorter, longer = sorted(shape.shape)
        if self.is_around_digits:
            beyond_sides = self.shape.sum() - shape.sum()
            is_box = self.holes == 1 and beyond_sides < _TICKS * self.shape.sum()
        else:
            is_box = shorter >= _SQUARE * longer
        if shape.mean() < _RECTANGLE or not is_box:
            return None
        rings, thickness = _rings(line, shape)
        if thickness > _LINE * shorter:
            return None
        found, within = np.zeros_like(self.line), np.zeros_like(self.line)
        found[middle] = line & (rings <= thickness)
        within[middle] = line & (rings > thickness)
        beyond = self.line & ~found & ~within
        near = grown(within, thickness + 1)
        if self.is_around_digits:  # what no digit reaches, such as the ticks of a plot's axes
            pieces, _ = ndimage.label(beyond, CONNECTED)
            ticks = beyond & ~np.isin(pieces, pieces[near & beyond])
            found |= ticks
            beyond &= ~ticks
        return found & ~(near & grown(beyond, thickness + 1))


def _rings(line: Mask, shape: Mask) -> tuple[NDArray[np.intp], int]:
    """Return of each pixel how far from the shape's outer edge it is, (h, w), from 1, 0 outside;
    and of how many such rings, from the outside, the most is ink: the thickness of the line."""
    depth = ndimage.distance_transform_edt(np.pad(shape, 1))[1:-1, 1:-1]
    rings = np.ceil(depth).astype(np.intp)
    share = ndimage.mean(line, rings, np.arange(1, rings.max() + 1))
    return rings, int(np.append(share > _INK, False).argmin())


def without_outlines(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without lines around digits; itself if there are none."""
    pieces = Pieces(inked(ink))
    if not pieces.boxes:
        return ink
    holds = holding(pieces.boxes).any(axis=1)
    typical = typical_side(pieces.sides[~holds], pieces.areas[~holds])
    shorter = np.array([min(b.bottom - b.top, b.right - b.left) for b in pieces.boxes])
    is_wide = (shorter >= _LEAST_ASPECT * pieces.sides) & (pieces.sides >= _LEAST * typical)
    lines = np.zeros(ink.shape, np.bool_)
    for piece in np.flatnonzero(holds | is_wide).tolist():
        box, outline = pieces.boxes[piece], outline_of(*pieces.labels_around(piece))
        found = outline.box()
        if found is None and outline.is_around_digits:
            found = outline.line
        if found is not None:
            lines[box.top : box.bottom, box.left : box.right] |= found
    return np.where(grown(lines), np.float32(0), ink) if lines.any() else ink


def outline_of(labels: NDArray[np.int32], piece: int) -> Outline:
    """Return the outline that a piece may be; `labels`, (h, w), are those in the box around it."""
    line = labels == piece
    shape = ndimage.binary_fill_holes(np.pad(line, 1))[1:-1, 1:-1]
    holes, count = ndimage.label(shape & ~line)
    areas = np.bincount(holes.ravel(), minlength=count + 1)[1:]
    large = areas >= _LARGE * areas.max(initial=1)
    widths = [min(holes[where].shape) for where in ndimage.find_objects(holes)]
    held = np.where(holes > 0, labels, 0)
    with_digit = np.zeros(count, np.bool_)
    for number, where in enumerate(ndimage.find_objects(held), 1):
        if where is not None:
            hole = int(holes[where][held[where] == number][0]) - 1
            with_digit[hole] |= max(held[where].shape) >= _DIGIT * widths[hole]
    return Outline(line, shape, int(large.sum()), int((large & with_digit).sum()))
