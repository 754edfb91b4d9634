"""Which strokes are of one digit, where several digits stand side by side.

Two groups of strokes are two digits if they are about equally high, do not touch, and at every
height at which both have ink, the same one is further left. So a digit that leans may reach over
its neighbor, but no digit lies close to another and between its left and its right end. Two that
touch are two digits if they are about equally high and hardly overlap, and if they are neither the
halves of a 0 nor a line drawn over another one. All others are joined, the closest first: a bar
belongs to the 5 that it is above, a serif to its 1, the left part of a 4 or 9 to its stem, which is
straight and reaches lower, or to which the left part leads, and a line to the one drawn next if it
continues there.

A group that is far from all others, and less than a quarter as high as the highest, belongs to no
digit: a tap of the pen, a point, a minus.

Lengths below are parts of the height of the higher of two groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from core.ink.open_four import ends_at_stem, is_open_four, leads_to_stem
from core.ink.stroke_ends import continues
from core.ink.trace import Trace

_TALL = 0.5
"""Least height of a digit beside the other; lower are bars, serifs and dots."""

_TOUCH = 0.03
"""Lines that come this close to each other are joined."""

_LEVEL = 0.5
"""Digits side by side have at least this part of the lower one's height in common."""

_LOWER, _HIGHER = 0.2, 0.25
"""Of digits that touch, the right one reaches no farther below the left one than the first, as the
stem of a 4 does, and the left one no farther above the right one than the second, as the stem of a
6 does."""

_FEWEST = 3
"""Rows in which both have ink, at least."""

_THROUGH = 0.08
"""Digits that touch overlap at no height by more than this."""

_UNDER = 0.05
"""If the left one reaches this far under the right one, it is a 4 that was begun with its stem."""

_OVER, _MOST = 0.08, 0.8
"""A line is drawn over another one if it is closer to it than the first in the second part of the
rows."""

_CLOSED, _OPEN = 0.15, 0.2
"""The halves of a 0 are closer to each other than the first above and below, and farther apart than
the second between."""

_FAR, _FAR_ABOVE, _FAR_IN_WIDTHS = 0.45, 0.9, 1.5
"""Groups that are farther apart than the first, and than the third in widths of the pen, are of two
digits. The second counts if one lies above the other and is no dot, as the bar of a 5."""

_DOT = 0.15
"""A dot is less wide than this."""

_LOW = 0.25
"""What is less high than this part of the highest group, and far from all, is no digit."""

_CONTINUES = 0.15
"""A line continues in the next one if that begins this close to its end, and their ink touches."""

_BAR = 0.1
"""The bar of a 4 comes this close to the end of its left part."""

_SAME_ROW = 0.2
"""Digits in a row have more than this part of the lower one's height in common."""

_WITHIN = 0.2
"""A group that lies between the ends of another, and this close to it, is part of its digit."""

_CLOSE = 0.15
"""Of groups closer than this, a bar goes with the one that was drawn just before it."""

_Rank = tuple[bool, float, bool, float]
"""How much two groups belong together; the least rank is that of the closest."""


class _Group:
    """Traces of one digit, in the order of drawing."""

    def __init__(self, traces: Sequence[Trace]) -> None:
        self.traces = traces
        self.top = min(trace.top for trace in traces)
        self.bottom = max(trace.bottom for trace in traces)
        self.height = self.bottom - self.top
        tall = [trace for trace in traces if trace.height >= _TALL * self.height]
        # A bar may reach over the next digit; what makes up the digit's height does not.
        self.main = tall or traces
        self.left = min(trace.left for trace in self.main)
        self.right = max(trace.right for trace in self.main)

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """The least x in each row, without bars and serifs."""
        lows = [trace.low for trace in self.main]
        low: NDArray[np.float64] = np.minimum.reduce(lows) if len(lows) > 1 else lows[0]
        return low

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """The largest x in each row, without bars and serifs."""
        highs = [trace.high for trace in self.main]
        high: NDArray[np.float64] = np.maximum.reduce(highs) if len(highs) > 1 else highs[0]
        return high


def grouped(traces: Sequence[Trace]) -> list[list[Trace]]:
    """Return the traces of each digit, in rows from left to right.

    `traces` are all those of a drawing in the order of drawing; those without a place are left out,
    and those that belong to no digit.
    """
    groups = [_Group([trace]) for trace in traces if not trace.is_empty]
    pairs = [ranked for a, b in combinations(groups, 2) for ranked in _ranked(a, b)]
    while pairs:
        _, a, b = min(pairs, key=lambda pair: pair[0])
        merged = _Group(sorted([*a.traces, *b.traces], key=lambda trace: trace.index))
        groups = [group for group in groups if group is not a and group is not b]
        pairs = [pair for pair in pairs if not {id(a), id(b)} & {id(pair[1]), id(pair[2])}]
        pairs += [ranked for other in groups for ranked in _ranked(other, merged)]
        groups.append(merged)
    highest = max((group.height for group in groups), default=0.0)
    digits = [group for group in groups if group.height >= _LOW * highest]
    return [list(group.traces) for row in _rows(digits) for group in row]


def _rows(groups: Sequence[_Group]) -> list[list[_Group]]:
    """Return groups in rows from top to bottom, each from left to right."""
    rows: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: group.left + group.right):
        for row in rows:
            lower = min(row[-1].height, group.height)
            if _in_common(row[-1], group) > _SAME_ROW * lower:
                row.append(group)
                break
        else:
            rows.append([group])
    return sorted(rows, key=lambda row: row[0].top)


def _ranked(a: _Group, b: _Group) -> list[tuple[_Rank, _Group, _Group]]:
    """Return two groups with their rank if they may be of one digit; otherwise nothing."""
    height = max(a.height, b.height)
    if _are_beside(a, b, height):
        return []
    gap = _distance(a.traces, b.traces)
    if _are_far_apart(a, b, height, gap):
        return []
    touches = gap <= _TOUCH * height
    first, second = sorted((a, b), key=lambda group: group.traces[0].index)
    follows = first.traces[-1].index == second.traces[0].index - 1 and second.height < first.height
    apart = float(not _share_columns(a, b)) if touches else max(gap, _CLOSE * height)
    rank = not touches, apart, not follows, gap
    return [(rank, a, b)]


def _share_columns(a: _Group, b: _Group) -> bool:
    """Whether half of the narrower of two groups is above or below the other, or inside of it."""
    both = min(a.right, b.right) - max(a.left, b.left)
    narrower = min(a.right - a.left, b.right - b.left)
    return both > narrower / 2


def _distance(some: Sequence[Trace], others: Sequence[Trace]) -> float:
    return min(
        a.near[b.index] if a.index > b.index else b.near[a.index] for a in some for b in others
    )


def _are_far_apart(a: _Group, b: _Group, height: float, gap: float) -> bool:
    """Whether two groups are too far apart for one digit; `height` is that of the higher one."""
    above, below = sorted((a, b), key=lambda group: group.top)
    is_above = above.bottom <= below.top and above.left <= below.right and below.left <= above.right
    is_low, is_wide = above.height < _TALL * height, above.right - above.left > _DOT * height
    width = max(trace.width for trace in (*a.traces, *b.traces))
    return gap > max(
        (_FAR_ABOVE if is_above and is_low and is_wide else _FAR) * height, _FAR_IN_WIDTHS * width
    )


def _are_beside(a: _Group, b: _Group, height: float) -> bool:
    """Whether two groups are digits side by side; `height` is that of the higher one."""
    lower = min(a.height, b.height)
    if lower < _TALL * height or _in_common(a, b) < _LEVEL * lower:
        return False
    gap = _distance(a.main, b.main)
    if gap <= _TOUCH * height:
        a, b = (b, a) if b.left < a.left else (a, b)
        are_apart = _only_touch(a, b, height)
    elif gap <= _WITHIN * height and (_lies_within(a, b) or _lies_within(b, a)):
        return False
    else:
        a, b = (b, a) if _is_left_of(b, a) else (a, b)
        are_apart = _is_left_of(a, b)
    return are_apart and not _is_open_four(a, b, height) and not _continues(a, b, height)


def _only_touch(left: _Group, right: _Group, height: float) -> bool:
    """Whether two groups that touch are beside each other, and neither is a part of the other."""
    reaches_lower = right.bottom - left.bottom > _LOWER * height
    reaches_higher = right.top - left.top > _HIGHER * height
    apart = right.low - left.high
    (rows,) = np.nonzero(np.isfinite(apart))
    if reaches_lower or reaches_higher or len(rows) < _FEWEST:
        return False
    gaps, last = apart[rows] / height, rows[-1]
    is_through = gaps.min() < -_THROUGH
    is_over = np.quantile(np.abs(gaps), _MOST) < _OVER
    lowest = left.high[last + 1 :].max(initial=-np.inf)
    is_under = lowest > right.low[last] + _UNDER * height
    return not (is_through or is_over or is_under or _are_halves(gaps))


def _are_halves(gaps: NDArray[np.float64]) -> bool:
    """Whether two groups are the halves of a 0: close above and below, and apart between.

    `gaps` are those between them in each row, (n,), as parts of the height.
    """
    above, between, below = np.array_split(gaps, 3)
    return bool(max(above.min(), below.min()) < _CLOSED and np.median(between) > _OPEN)


def _in_common(a: _Group, b: _Group) -> float:
    """Return how many units of height both have; less than 0 if one is above the other."""
    return min(a.bottom, b.bottom) - max(a.top, b.top)


def _continues(a: _Group, b: _Group, height: float) -> bool:
    """Whether a line of one group continues in the one drawn next, of the other; no bar does."""
    for one, other in product(a.main, b.main):
        line, after = sorted((one, other), key=lambda trace: trace.index)
        pen = min(one.width, other.width)
        reach = min(pen, _CONTINUES * height)
        if after.index == line.index + 1 and continues(line.places, after.places, reach, pen):
            return True
    return False


def _is_left_of(a: _Group, b: _Group) -> bool:
    """Whether a is left of b in every row in which both have ink."""
    return a.right < b.left or bool((b.low - a.high).min() > 0)


def _lies_within(a: _Group, b: _Group) -> bool:
    """Whether a lies between the left and the right end of b."""
    return b.left <= a.left and a.right <= b.right


def _is_open_four(left: _Group, right: _Group, height: float) -> bool:
    """Whether two groups are the left part of a 4 and its stem."""
    gap = _distance(left.traces, right.traces)
    stem = _widest_row(right.main if _has_bar(right, left, height) else right.traces)
    beside = [trace.places for trace in right.traces]
    is_lower = is_open_four(right.bottom - left.bottom, gap, stem, height)
    if len(left.traces) > 1 or not left.traces[0].is_line:
        return is_lower
    line = left.traces[0].places
    return (is_lower and ends_at_stem(line, beside, gap, height)) or leads_to_stem(
        line, beside, stem, height
    )


def _has_bar(right: _Group, left: _Group, height: float) -> bool:
    """Whether the right group has a bar that begins where a line of the left one ends."""
    bars = [trace.places for trace in right.traces if trace not in right.main]
    ends = [end for trace in left.traces for end in trace.places[[0, -1]]]
    return any(np.abs(bar - end).min() <= _BAR * height for bar in bars for end in ends)


def _widest_row(traces: Sequence[Trace]) -> float:
    """Return the largest distance between two places of a row."""
    low = np.minimum.reduce([trace.low for trace in traces])
    high = np.maximum.reduce([trace.high for trace in traces])
    return float((high - low).max())
