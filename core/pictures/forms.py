"""Removes what is printed on a form around its digits: dots, lines and boxes."""

from __future__ import annotations

import numpy as np

from core.pictures.background import Gray
from core.pictures.dots import without_dots
from core.pictures.ink_map import inked
from core.pictures.outlines import without_outlines
from core.pictures.pieces import Pieces
from core.pictures.ruled_lines import without_lines

_MARK = 0.005, 0.2
"""Sides of what may be a digit, as shares of the longer side of the page."""

_WRITTEN = 10
"""A page with more marks is not blank; so it need not be searched for lines here."""


def without_forms(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without dots and outlines; itself if there are none.

    Ruled lines stay, unless nothing else is left: of a blank form, all ink is removed.
    """
    ink = without_dots(ink)
    rest = without_outlines(ink)
    if rest is ink or _is_written_on(ink):
        return rest
    # Without its outline, a grid would leave pieces of its lines.
    lines_off = without_lines(ink)
    return rest if inked(lines_off).any() else lines_off


def _is_written_on(ink: Gray) -> bool:
    """Whether there is much that is neither a line nor a speck."""
    smallest, largest = (share * max(ink.shape) for share in _MARK)
    sides = Pieces(inked(ink)).sides
    return int(np.count_nonzero((sides >= smallest) & (sides <= largest))) > _WRITTEN
