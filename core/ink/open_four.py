"""Tells the two strokes of an open 4, which do not touch, from two digits side by side."""

from __future__ import annotations

_LOWER = 0.12
"""How much lower than the left part the stem reaches at least."""

_STEM = 0.2
"""Largest width of the stem in any row: no 7, 9 or 1 with a base line."""

_GAP = 0.3
"""Largest gap between both."""


def is_open_four(lower: float, gap: float, stem: float, height: float) -> bool:
    """Return whether two strokes, of which one is left of the other, are an open 4.

    All in the same unit; the limits are parts of `height`.

    Parameters
    ----------
    lower
        How much lower the right stroke reaches.
    gap
        The distance between both.
    stem
        The largest width of the right stroke in any row.
    height
        Of the higher of the two.
    """
    return lower > _LOWER * height and gap <= _GAP * height and stem <= _STEM * height
