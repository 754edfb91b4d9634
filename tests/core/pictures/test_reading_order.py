"""Digits are read row by row, from left to right, also where a page lies askew."""

import pytest

from core.ink.boxes import Box
from core.pictures.reading_order import rows_of


@pytest.mark.parametrize(
    ("places", "rows"),
    [
        ([(0, 0), (40, 0), (80, 0), (0, 40), (40, 40)], [[0, 1, 2], [3, 4]]),
        ([(0, 0), (2, 40), (0, 80), (4, 120)], [[0], [1], [2], [3]]),  # a column
        ([(0, 0), (60, 10), (120, 21), (0, 50), (60, 60)], [[0, 1, 2], [3, 4]]),  # 10° askew
        ([(0, 0), (40, 9), (80, -9), (0, 60)], [[0, 1, 2], [3]]),  # a trembling hand
        ([(80, 60), (40, 0), (0, 60), (0, 0)], [[3, 1], [2, 0]]),  # in any order
        ([(5, 5)], [[0]]),
    ],
)
def test_digits_stand_in_rows(places, rows):
    """Digits of 20×30, given by their upper left corners: left, top."""
    boxes = [Box(top, top + 30, left, left + 20) for left, top in places]
    assert rows_of(boxes, 30) == rows
