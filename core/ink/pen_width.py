"""How bold the lines of a digit are for the network, whatever the pen and the size of the digit.

A digit is scaled to the size of MNIST's, and its lines with it: with the same pen, a small digit
gets lines as bold as no image that the network learned from. So lines that are too bold or too thin
for their digit are drawn again.
"""

from __future__ import annotations

import math

from core.ink.drawing import Stroke, blank_ink, draw_line

_THINNEST, _BOLDEST = 0.08, 0.13
"""Widths of the pen, in multiples of the digit's longer side: 0.11 is that of the pad's pen on a
digit that fills the pad."""

_STEP = 1.25
"""Ratio of neighboring widths: while a digit grows, its lines are seldom drawn again."""

_LEAST = 2.0
"""Width of the thinnest line, in units: that of a dot, which has no size."""


def network_width(width: float, side: float) -> float:
    """Return the width of a digit's lines for the network, in units.

    It is that of the pen if it suits the digit; otherwise the largest step of at most 0.13 of the
    digit's longer side, and at least 2.

    Parameters
    ----------
    width
        Of the pen that drew it, in units.
    side
        The longer side of the digit, from middle to middle of its lines, in units; 0 of a dot.
    """
    if _THINNEST * side <= width <= _BOLDEST * side:
        return width
    widest = max(_LEAST, _BOLDEST * side)
    return _LEAST * _STEP ** math.floor(math.log(widest / _LEAST, _STEP) + 1e-9)


class RedrawnStroke:
    """A stroke with another width of the pen.

    Parameters
    ----------
    stroke
        Not mutated.
    scale
        How many times as wide it becomes.

    Attributes
    ----------
    scale
        As above.
    ink
        uint8, (280, 280), changed in place.
    """

    def __init__(self, stroke: Stroke, scale: float) -> None:
        self.scale = scale
        self.ink = blank_ink()
        self._stroke = stroke
        self._drawn = 0

    def follow(self) -> None:
        """Draw what the stroke has gained since the last call."""
        begin, self._drawn = self._drawn, len(self._stroke.line)
        if begin == self._drawn:
            return
        new = self._stroke.line[max(begin - 1, 0) :]
        line = [vertex._replace(width=self.scale * vertex.width) for vertex in new]
        if begin == 0:
            draw_line((self.ink,), line[:1])  # as on the pad: the line may become thinner
        draw_line((self.ink,), line)
