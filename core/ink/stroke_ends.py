"""Whether a line continues in the next one: the pen was lifted, or skipped, within a digit."""

from __future__ import annotations

import numpy as np

from core.ink.trace import Places

_TAIL = 0.5
"""Length of the end of a line that shows its direction, in widths of the pen."""

_STRAIGHT, _TOWARDS = np.cos(np.radians(60)), np.cos(np.radians(30))
"""A line continues in the next one if its direction changes by less than the first angle, and both
lead from the end to the beginning to within the second; the cosines."""


def continues(line: Places, after: Places, reach: float, pen: float) -> bool:
    """Return whether a line continues in the one that was drawn after it.

    Parameters
    ----------
    line, after
        Places of both, in the order of the pen.
    reach
        Largest distance from the end of the one to the beginning of the other, in units.
    pen
        Width of the pen, in units.
    """
    gap = complex(after[0] - line[-1])
    if abs(gap) > reach:
        return False
    way, way_after = _way(line[::-1], pen), -_way(after, pen)
    leads = min(_along(way, gap), _along(way_after, gap)) >= _TOWARDS * abs(gap)
    return bool(leads and _along(way, way_after) > _STRAIGHT)


def _way(line: Places, pen: float) -> complex:
    """Return the direction in which a line leaves at its beginning, 1 long; 0 of a dot."""
    begin = complex(line[0])
    inside = line[np.abs(line - begin) > _TAIL * pen]
    way = begin - complex(inside[0]) if len(inside) else 0j
    return way / (abs(way) or 1)


def _along(a: complex, b: complex) -> float:
    """Return the scalar product of two vectors."""
    return (a.conjugate() * b).real
