"""Pieces of ink: what is next to a mask."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from core.pictures.pieces import CONNECTED, grown


@pytest.mark.parametrize("reach", [1, 2])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 3), (12, 7)])
def test_a_mask_grows_to_all_sides(shape, reach):
    mask = np.random.default_rng(sum(shape)).uniform(size=shape) < 0.1
    mask[-1, 0] = True
    before = mask.copy()
    np.testing.assert_array_equal(
        grown(mask, reach), ndimage.binary_dilation(mask, CONNECTED, reach)
    )
    np.testing.assert_array_equal(mask, before)


def test_an_empty_mask_stays_empty():
    assert not grown(np.zeros((3, 4), np.bool_)).any()
