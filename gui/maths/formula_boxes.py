"""What typeset formulas are made of: boxes that stand on a line, side by side or within others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.widgets.typeface import formula_font


@dataclass(frozen=True)
class Box:
    """Something to paint on a line.

    Attributes
    ----------
    width, above, below
        Logical pixels; the heights are from the line that it stands on.
    paint(painter, x, y)
        Paints it with its left end at x, on a line at y, in the painter's pen.
    """

    width: float
    above: float
    below: float
    paint: Callable[[QPainter, float, float], None]


def text(text: str, size: float, is_italic: bool, tight: bool = False) -> Box:
    """Return letters or figures; `tight`: with the heights of what is seen, not of the type."""
    font = formula_font(size, is_italic)
    metrics = QFontMetricsF(font)
    ink = metrics.tightBoundingRect(text)
    # An italic letter leans out of its advance, into what is raised behind it.
    lean = max(0.0, ink.right() - metrics.horizontalAdvance(text)) if is_italic else 0.0
    above, below = (-ink.top(), ink.bottom()) if tight else (0.75 * size, 0.22 * size)
    width = ink.width() if tight else metrics.horizontalAdvance(text) + lean
    left = ink.left() if tight else 0.0

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.setFont(font)
        painter.drawText(QPointF(x - left, y), text)

    return Box(width, above, below, paint)


def space(width: float) -> Box:
    """Return nothing, so wide."""
    return Box(width, 0, 0, lambda _painter, _x, _y: None)


def side_by_side(boxes: list[Box]) -> Box:
    """Return boxes one after the other, on one line."""

    def paint(painter: QPainter, x: float, y: float) -> None:
        for box in boxes:
            box.paint(painter, x, y)
            x += box.width

    return Box(
        sum(box.width for box in boxes),
        max((box.above for box in boxes), default=0),
        max((box.below for box in boxes), default=0),
        paint,
    )


_NOTHING = Box(0, 0, 0, lambda _painter, _x, _y: None)


def with_indices(base: Box, low: Box | None, high: Box | None, size: float) -> Box:
    """Put indices to the lower and the upper right of something."""
    low, high = low or _NOTHING, high or _NOTHING
    drop, rise = 0.22 * size, max(0.38 * size, base.above - 0.3 * size)
    gap = 0.04 * size

    def paint(painter: QPainter, x: float, y: float) -> None:
        base.paint(painter, x, y)
        low.paint(painter, x + base.width, y + drop)
        high.paint(painter, x + base.width + gap, y - rise)

    return Box(
        base.width + gap + max(low.width, high.width),
        max(base.above, rise + high.above),
        max(base.below, drop + low.below),
        paint,
    )


def with_limits(base: Box, low: Box | None, high: Box | None, size: float) -> Box:
    """Put limits under and over a sum."""
    low, high = low or _NOTHING, high or _NOTHING
    width = max(base.width, low.width, high.width)
    gap = 0.08 * size
    drop, rise = base.below + gap + low.above, base.above + gap + high.below

    def paint(painter: QPainter, x: float, y: float) -> None:
        base.paint(painter, x + (width - base.width) / 2, y)
        low.paint(painter, x + (width - low.width) / 2, y + drop)
        high.paint(painter, x + (width - high.width) / 2, y - rise)

    return Box(width + gap, rise + high.above, drop + low.below, paint)


def fraction(top: Box, bottom: Box, size: float) -> Box:
    """Return a fraction, whose bar is where a minus sign would be."""
    axis, gap, margin = 0.26 * size, 0.12 * size, 0.1 * size
    width = max(top.width, bottom.width) + 2 * margin

    def paint(painter: QPainter, x: float, y: float) -> None:
        top.paint(painter, x + (width - top.width) / 2, y - axis - gap - top.below)
        bottom.paint(painter, x + (width - bottom.width) / 2, y - axis + gap + bottom.above)
        _rule(painter, QLineF(x, y - axis, x + width, y - axis))

    above = axis + gap + top.below + top.above
    return Box(width, above, gap + bottom.above + bottom.below - axis, paint)


def root(inner: Box, size: float) -> Box:
    """Return the square root of something."""
    tick, gap = 0.5 * size, 0.1 * size

    def paint(painter: QPainter, x: float, y: float) -> None:
        roof, foot = y - inner.above - gap, y + inner.below
        corner = QPointF(x + tick, roof)
        start = QPointF(x, y - 0.3 * size)
        turn = QPointF(x + 0.25 * size, foot)
        _rule(painter, QLineF(start, turn))
        _rule(painter, QLineF(turn, corner))
        _rule(painter, QLineF(corner, corner + QPointF(inner.width + gap, 0)))
        inner.paint(painter, x + tick + gap / 2, y)

    return Box(tick + inner.width + gap, inner.above + 2 * gap, inner.below, paint)


def _rule(painter: QPainter, line: QLineF) -> None:
    pen = painter.pen()
    thin = QPen(pen)
    thin.setWidthF(1.0)
    painter.setPen(thin)
    painter.drawLine(line)
    painter.setPen(pen)
