"""The box with the details of one unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from gui.flow.flow_layout import LINE
from gui.flow.flow_painter import FlowPainter
from gui.widgets.theme import SPACE

_PADDING = 2 * SPACE
_AWAY = 4 * SPACE
"""No unit is nearer to its box."""


def _fitting(line: str, advance: Callable[[str], int], most: int) -> str:
    """Return a line without the last parts of its list, for which there is no room."""
    while advance(line) > most and ", " in line:
        line = line.rpartition(", ")[0]
    return line


def paint_box(
    painter: QPainter, style: FlowPainter, lines: Sequence[str], near: QRect, within: QRect
) -> None:
    """Draw `lines`, the first of which is the title, at the bottom or the top, away from `near`."""
    room = within.adjusted(SPACE, 0, -SPACE, 0)
    advance, most = style.metrics.horizontalAdvance, room.width() - 3 * _PADDING
    lines = [_fitting(line, advance, most) for line in lines]
    title = " · ".join(lines[:2])
    if len(lines) * LINE > within.height() // 3 and advance(title) <= most:
        lines = [title, *lines[2:]]
    width = min(max(map(advance, lines)), most) + 3 * _PADDING
    height = len(lines) * LINE + 2 * _PADDING
    left = min(max(near.center().x() - width // 2, room.left()), room.right() + 1 - width)
    # At the bottom, where it hides captions and little of the edges, unless the unit is there.
    box = QRect(left, room.bottom() - height, width, height)
    if box.adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY).intersects(near):
        box.moveTop(room.top() + SPACE)
    painter.setPen(QColor(style.theme.control))
    painter.setBrush(QColor(style.theme.surface))
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    text = box.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
    painter.setFont(style.hint)
    for line, words in enumerate(lines):
        painter.setPen(QColor(style.theme.text if line == 0 else style.theme.quiet))
        place = QRect(text.left(), text.top() + line * LINE, text.width(), LINE)
        elided = style.metrics.elidedText(words, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)
