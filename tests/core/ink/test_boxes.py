import numpy as np

from core.ink.boxes import box_around


def test_the_box_contains_all_marked_pixels():
    mask = np.zeros((9, 8), np.bool_)
    mask[2, 3] = mask[6, 4] = True
    box = box_around(mask)
    assert box == (2, 7, 3, 5)
    assert box.side == 5
