"""The rows in which digits stand on a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.ink.boxes import Box

_STEEPEST = 0.3
"""The steepest row that is sought, in pixels down for each to the right."""

_IN_ROW = 0.4
"""A digit is in a row if it shares this part of the height with the last ones there."""


def rows_of(boxes: Sequence[Box], side: float) -> list[list[int]]:
    """Return the indices of `boxes`, row by row, each from left to right.

    Digits have about this `side`, in pixels.

    The page may lie askew, and rows may wobble or drift apart.
    """
    slope = _slope(boxes, side)
    x = np.array([(box.left + box.right) / 2 for box in boxes])
    y = np.array([(box.top + box.bottom) / 2 for box in boxes])
    along, down = x + slope * y, y - slope * x
    half = np.array([(box.bottom - box.top) / 2 for box in boxes])
    tops, bottoms = (down - half).tolist(), (down + half).tolist()
    rows: list[list[int]] = []
    for index in np.argsort(along, kind="stable").tolist():
        best, most = None, _IN_ROW
        for row in rows:
            last = row[-3:]
            top = sum(tops[other] for other in last) / len(last)
            bottom = sum(bottoms[other] for other in last) / len(last)
            common = min(bottom, bottoms[index]) - max(top, tops[index])
            shared = common / min(bottom - top, bottoms[index] - tops[index])
            if shared > most:
                best, most = row, shared
        if best is None:
            rows.append([index])
        else:
            best.append(index)
    rows.sort(key=lambda row: float(down[row].mean()))
    return rows


def _slope(boxes: Sequence[Box], side: float) -> float:
    """Return how steep the rows are: the direction in which most digits have a neighbor."""
    middles = np.array([(box.left + box.right, box.top + box.bottom) for box in boxes]) / 2
    if len(middles) < 3:
        return 0.0
    right, down = np.moveaxis(middles[None] - middles[:, None], 2, 0)
    near = (right > 0.3 * side) & (right < 4 * side) & (np.abs(down) < 0.45 * right)
    if not near.any():
        return 0.0
    slopes, weights = down[near] / right[near], right[near]
    candidates = np.linspace(-_STEEPEST, _STEEPEST, 121)
    votes = [np.exp(-(((slopes - slope) / 0.04) ** 2)) @ weights for slope in candidates]
    return float(candidates[int(np.argmax(votes))])
