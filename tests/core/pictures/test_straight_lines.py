"""What is a line, and what is not."""

import numpy as np

from core.pictures.straight_lines import lines_in


def test_strokes_in_a_row_are_no_line():
    mask = np.zeros((600, 400), np.bool_)
    mask[300:306, 100:150] = mask[300:306, 182:267] = True
    assert list(lines_in(mask, shortest=90)) == []


def test_a_line_may_jump_by_a_row_and_back():
    mask = np.zeros((400, 600), np.bool_)
    columns = np.arange(20, 580)
    rows = 100 + columns // 16
    mask[rows + (columns % 5 == 0), columns] = True
    mask[rows[::9], columns[::9]] = False
    ((line, length),) = lines_in(mask, shortest=90)
    assert length > 500
    assert line.off(rows, columns).max() <= 2
