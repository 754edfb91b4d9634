"""Cuts the ink of a picture into its digits.

Connected pieces of ink are the beginning. Their sizes tell how large a digit is, and this which of
them are parts of one digit, such as the bar of a 5, and which are specks.

Lengths below are in multiples of the typical digit's longer side, unless stated otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from core.ink.boxes import Box, Mask, holding
from core.ink.open_four import is_open_four
from core.pictures.background import Gray
from core.pictures.ink_map import inked
from core.pictures.pieces import Pieces, grown, typical_side
from core.pictures.reading_order import rows_of
from core.pictures.ruled_lines import without_lines

_LARGEST, _SMALLEST = 2.5, 0.05
"""Larger pieces are no digits, and smaller ones are specks."""

_HIGHEST, _WIDEST = 1.5, 1.45
"""Height and width of the largest digit of several pieces."""

_HIGHEST_OF_FEW = 2.2
"""Of few pieces, the typical one may be half a digit: the pen skipped in the middle of a 1."""

_REACH = 0.42
"""No piece is this far from the rest of its digit: 0.3 of the largest."""

_LARGE_HAND = 1.4
"""Gaps are in proportion to their own digit, if it is not larger than this."""

_WHOLE = 0.45
"""The lowest digit."""

_LYING, _LONG = 0.3, 0.6
"""Or, of a digit that is wide, such as a 5 with a long bar: the lowest, and its least width."""

_FEW = 3
"""So few pieces or digits of full size do not tell what is typical."""

_ALIKE, _FLAT = 0.6, 0.4
"""Few digits are at least the first part of the highest one's height; if they are as wide as that,
at least the second."""

_EDGE = 0.04
"""Pieces that touch the picture's edge count if others have less than this part of the area."""

_CROPPED = 0.5
"""If a picture was cropped to its digits, two pieces or more touch its edge, with more of the ink
than this."""


_AT_AN_EDGE, _HEAVIEST = 2, 2.5
"""If a page was cropped to its ink, at most the first number of digits touch each edge, and have at
most the second times as much ink as most others."""

SMALLEST = 6
"""Pixels of the longer side of the smallest digit."""


class CutDigit(NamedTuple):
    """A digit: the box around it, its own ink, and the row of digits that it stands in, from 0.

    `ink` is float32, 0…1, of the box and a pixel around it; what belongs to others is 0.
    """

    box: Box
    ink: Gray
    row: int = 0


def cut_digits(ink: Gray) -> list[CutDigit]:
    """Return the digits in reading order.

    Parameters
    ----------
    ink
        float32, (h, w), as in :class:`core.pictures.ink_map.InkMap`, without the lines around
        digits that :mod:`core.pictures.outlines` finds; not mutated.
    """
    ink = without_lines(ink)
    pieces = Pieces(inked(ink))
    if not pieces.boxes:
        return []
    usable = ~pieces.at_edge
    if not usable.any() or pieces.areas[usable].max() < _EDGE * pieces.areas.max():
        usable[:] = True
    side = typical_side(pieces.sides[usable], pieces.areas[usable])
    if side < SMALLEST:
        return []
    fits = (pieces.sides <= _LARGEST * side) & (pieces.sides >= _SMALLEST * side)
    cut = fits & pieces.at_edge
    is_cropped = cut.sum() > 1 and pieces.areas[cut].sum() > _CROPPED * pieces.areas[fits].sum()
    usable = fits if is_cropped else fits & usable
    extreme = _extreme_digits(pieces, fits, side, ink.shape)
    usable = usable | extreme
    few = int((pieces.sides[usable] >= _WHOLE * side).sum()) <= _FEW
    # Of few digits, and of one at the edge, one piece may reach over it.
    chosen = np.flatnonzero(fits if few or extreme.any() else usable).tolist()
    groups = [group for group in _joined(pieces, chosen, side, few) if usable[group[1]].any()]
    digits = [_cut(ink, pieces, group, box) for box, group in _whole(groups, side)]
    rows = rows_of([digit.box for digit in digits], side)
    return [digits[k]._replace(row=number) for number, row in enumerate(rows) for k in row]


def _extreme_digits(pieces: Pieces, fits: Mask, side: float, size: tuple[int, ...]) -> Mask:
    """Return which pieces, (n,), are the outermost digits of a page that was cropped to its ink.

    One or two pieces, as large as the digits of the page, touch each of the four edges; none if one
    edge is free, or cuts through several digits.
    """
    top, bottom, left, right = np.array(pieces.boxes).T
    is_whole = fits & (bottom - top >= _WHOLE * side) & (pieces.sides <= _HIGHEST * side)
    inner: Mask = is_whole & ~pieces.at_edge
    if not inner.any():
        return inner
    typical = np.median(pieces.areas[inner])
    extreme = is_whole & pieces.at_edge & (pieces.areas <= _HEAVIEST * typical)
    touches = np.stack([top == 0, bottom == size[0], left == 0, right == size[1]])
    touching = (touches & extreme).sum(axis=1)
    is_cropped = touching.min() >= 1 and touching.max() <= _AT_AN_EDGE
    found: Mask = extreme & is_cropped
    return found


Group = tuple[Box, list[int]]
"""Pieces of one digit, and the box around them."""


def _joined(pieces: Pieces, chosen: list[int], side: float, few: bool) -> list[Group]:
    """Join pieces that belong to one digit, the closest first."""
    boxes = np.array([pieces.boxes[piece] for piece in chosen]).reshape(-1, 4)
    top, bottom, left, right = boxes.T
    gap = np.maximum(
        np.maximum(top[:, None] - bottom, top - bottom[:, None]),
        np.maximum(left[:, None] - right, left - right[:, None]),
    )
    pairs = [
        (pieces.distance(chosen[i], chosen[j]), chosen[i], chosen[j])
        for i, j in np.argwhere(np.triu(gap < _REACH * side, 1)).tolist()
    ]
    groups: dict[int, Group] = {piece: (pieces.boxes[piece], [piece]) for piece in chosen}
    for distance, one, other in sorted(pairs):
        (a, mine), (b, others) = groups[one], groups[other]
        if mine is others:
            continue
        if _belong_together(a, b, distance, side, few) or (
            few and _are_open_four(pieces, groups[one], groups[other], distance)
        ):
            group = (a.joined(b), mine + others)
            groups.update(dict.fromkeys(group[1], group))
    return list({id(members): (box, members) for box, members in groups.values()}.values())


def _belong_together(a: Box, b: Box, distance: float, side: float, few: bool) -> bool:
    """Whether two groups are parts of one digit; their `distance` is in pixels."""
    both = a.joined(b)
    height, width = both.bottom - both.top, both.right - both.left
    if height > (_HIGHEST_OF_FEW if few else _HIGHEST) * side or width > _WIDEST * side:
        return False
    near = distance / np.clip(both.side, side, _LARGE_HAND * side)
    lower, higher = sorted((a.bottom - a.top, b.bottom - b.top))
    above = a.shares_columns(b)
    return bool(
        (near <= 0.16 and lower < 0.5 * side)  # a part that is too small for a digit
        or (near <= 0.12 and lower < 0.7 * min(side, 1.3 * higher))
        or (near <= 0.09 and (width < height or above > 0.3))  # halves: the pen skipped
        or (near <= 0.3 and above >= 0.5 and lower < 0.4 * higher)  # the bar of a 5
        or (few and near <= 0.2 and above >= 0.2)  # two strokes of a 4
    )


def _are_open_four(pieces: Pieces, one: Group, other: Group, distance: float) -> bool:
    """Whether two groups are the left part of a 4 and its stem, however far they lean."""
    (left, _), (right, stem) = sorted((one, other), key=lambda group: group[0].left)
    mask = pieces.mask(stem, right)
    rows = mask[mask.any(axis=1)]
    widths = rows.shape[1] - rows[:, ::-1].argmax(axis=1) - rows.argmax(axis=1)
    line = 2 * float(ndimage.distance_transform_cdt(np.pad(mask, 1)).max())
    height = max(left.bottom - left.top, right.bottom - right.top)
    return is_open_four(right.bottom - left.bottom, distance, widths.max() - line, height)


def _whole(groups: list[Group], side: float) -> list[Group]:
    """Return the groups that are digits by their size, and are no frames around others."""
    whole = []
    for box, pieces in groups:
        height, width = box.bottom - box.top, box.right - box.left
        if height >= _WHOLE * side or (height >= _LYING * side and width >= _LONG * side):
            whole.append((box, pieces))
    if not whole:
        return []
    if len(whole) <= _FEW:
        highest = max(box.bottom - box.top for box, _ in whole)
        whole = [group for group in whole if _is_like(group[0], highest)]
    holds = holding([box for box, _ in whole])
    return [group for group, held in zip(whole, holds, strict=True) if not held.any()]


def _is_like(box: Box, highest: int) -> bool:
    """Whether one of few digits is not too small beside the highest; a wide 0 may be lower."""
    height = box.bottom - box.top
    return height >= _ALIKE * highest or (
        height >= _FLAT * highest and box.right - box.left >= _ALIKE * highest
    )


def _cut(ink: Gray, pieces: Pieces, group: list[int], box: Box) -> CutDigit:
    """Cut out a digit with the soft edge of its lines."""
    around = Box(max(0, box.top - 1), box.bottom + 1, max(0, box.left - 1), box.right + 1)
    mine = grown(pieces.mask(group, around))
    return CutDigit(box, ink[around.top : around.bottom, around.left : around.right] * mine)
