"""Which strokes are of one digit, where several digits stand side by side.

Two groups of strokes are two digits if they are about equally high, do not touch, and at every
height at which both have ink, the same one is further left. So a digit that leans may reach over
its neighbor, but no digit lies close to another and between its left and its right end. All others
are joined, the closest first: a bar belongs to the 5 that it is above, a serif to its 1, and the
left part of an open 4 to its stem, which is straight and reaches lower, or to which the left part
leads.

Lengths below are parts of the height of the higher of two groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.ink.open_four import is_open_four, leads_to_stem
from core.ink.trace import Trace

_TALL = 0.5
"""Least height of a digit beside the other; lower are bars, serifs and dots."""

_TOUCH = 0.03
"""Lines that come this close to each other are joined."""

_LEVEL = 0.5
"""Digits side by side have at least this part of the lower one's height in common."""

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

    def widest_row(self) -> float:
        """Return the largest distance between two places of a row."""
        low = np.minimum.reduce([trace.low for trace in self.traces])
        high = np.maximum.reduce([trace.high for trace in self.traces])
        return float((high - low).max())


def grouped(traces: Sequence[Trace]) -> list[list[Trace]]:
    """Return the traces of each digit, from left to right.

    `traces` are all those of a drawing in the order of drawing; those without a place are left out.
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
    return [list(group.traces) for group in sorted(groups, key=_middle)]


def _middle(group: _Group) -> float:
    return group.left + group.right


def _ranked(a: _Group, b: _Group) -> list[tuple[_Rank, _Group, _Group]]:
    """Return two groups with their rank if they may be of one digit; otherwise nothing."""
    height = max(a.height, b.height)
    if _are_beside(a, b, height):
        return []
    gap = _distance(a.traces, b.traces)
    touches = gap <= _TOUCH * height
    first, second = sorted((a, b), key=lambda group: group.traces[0].index)
    follows = first.traces[-1].index == second.traces[0].index - 1 and second.height < first.height
    rank = not touches, 0.0 if touches else max(gap, _CLOSE * height), not follows, gap
    return [(rank, a, b)]


def _distance(some: Sequence[Trace], others: Sequence[Trace]) -> float:
    return min(
        a.near[b.index] if a.index > b.index else b.near[a.index] for a in some for b in others
    )


def _are_beside(a: _Group, b: _Group, height: float) -> bool:
    """Whether two groups are digits side by side; `height` is that of the higher one."""
    lower = min(a.height, b.height)
    common = min(a.bottom, b.bottom) - max(a.top, b.top)
    if lower < _TALL * height or common < _LEVEL * lower:
        return False
    reach = _WITHIN if _lies_within(a, b) or _lies_within(b, a) else _TOUCH
    if _distance(a.main, b.main) <= reach * height:
        return False
    if _is_left_of(a, b):
        return not _is_open_four(a, b, height)
    return _is_left_of(b, a) and not _is_open_four(b, a, height)


def _is_left_of(a: _Group, b: _Group) -> bool:
    """Whether a is left of b in every row in which both have ink."""
    return a.right < b.left or bool((b.low - a.high).min() > 0)


def _lies_within(a: _Group, b: _Group) -> bool:
    """Whether a lies between the left and the right end of b."""
    return b.left <= a.left and a.right <= b.right


def _is_open_four(left: _Group, right: _Group, height: float) -> bool:
    """Whether two groups are the left part of a 4 and its stem."""
    gap, stem = _distance(left.traces, right.traces), right.widest_row()
    if is_open_four(right.bottom - left.bottom, gap, stem, height):
        return True
    if len(left.traces) > 1 or not left.traces[0].is_line:
        return False
    beside = [trace.places for trace in right.traces]
    return leads_to_stem(left.traces[0].places, beside, stem, height)
