"""The order in which the Tab key comes to the controls: that of the eye."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_SAME_ROW = 10
"""Controls whose lines are no further apart are in one row, in logical pixels."""
_LINE = 12
"""From the top of a control to its line, unless it is lower than that."""


def follow_the_eye(window: QWidget, parts: Sequence[QWidget]) -> None:
    """Let Tab go through the parts in turn, in each from top to bottom, and along its rows.

    Does nothing while there is a stop elsewhere, such as a message, which has a place of its own.
    """
    stops = [w for w in window.findChildren(QWidget) if _is_stop(w)]
    ordered = [stop for part in parts for stop in _by_eye(part, stops)]
    if len(ordered) == len(stops):
        for before, after in pairwise(ordered):
            QWidget.setTabOrder(before, after)


def _is_stop(widget: QWidget) -> bool:
    return (
        widget.isVisible()  # first, because most are not, and flags are slow to compare
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and not widget.isWindow()
    )


def _by_eye(part: QWidget, stops: Sequence[QWidget]) -> list[QWidget]:
    """Return the stops within a part, row by row."""
    lines: dict[QWidget, int] = {}
    left: dict[QWidget, int] = {}
    for stop in stops:
        if stop is part or part.isAncestorOf(stop):
            corner = stop.mapTo(part, stop.rect().topLeft())
            lines[stop] = corner.y() + min(stop.height() // 2, _LINE)
            left[stop] = corner.x()
    rows: list[list[QWidget]] = []
    for stop in sorted(lines, key=lambda stop: lines[stop]):
        if rows and lines[stop] - lines[rows[-1][0]] <= _SAME_ROW:
            rows[-1].append(stop)
        else:
            rows.append([stop])
    return [stop for row in rows for stop in sorted(row, key=lambda stop: left[stop])]
