"""Removes what is printed on a form around its digits: dots, lines and boxes."""

from __future__ import annotations

from core.pictures.background import Gray
from core.pictures.dots import without_dots
from core.pictures.ink_map import inked
from core.pictures.outlines import without_outlines
from core.pictures.ruled_lines import without_lines


def without_forms(ink: Gray) -> Gray:
    """Return the ink, float32 (h, w), without dots and outlines; without any if the page is blank.

    Ruled lines stay if there is more.
    """
    ink = without_dots(ink)
    rest = without_outlines(ink)
    if rest is ink:
        return ink
    # Without its outline, a grid would leave pieces of its lines.
    lines_off = without_lines(ink)
    return rest if inked(lines_off).any() else lines_off
