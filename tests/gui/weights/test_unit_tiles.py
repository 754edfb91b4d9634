import numpy as np
import pytest

from gui.weights.unit_tiles import coarse

SIDES = [(40, 28), (29, 28), (18, 28), (17, 14), (10, 14), (8, 7), (2, 7)]


@pytest.mark.parametrize(("pitch", "side"), SIDES, ids=str)
def test_tiles_have_about_as_many_pixels_as_they_have_on_screen(pitch, side):
    W = np.random.default_rng(0).normal(size=(784, 3)).astype(np.float32)
    blocks, found = coarse(W, pitch)
    assert found == side
    assert blocks.shape == (side * side, 3)


@pytest.mark.parametrize(("pitch", "k"), [(12, 2), (8, 4)])
def test_a_block_is_the_sum_of_its_weights_divided_by_its_side(pitch, k):
    W = np.random.default_rng(0).normal(size=(784, 5))
    blocks, side = coarse(W, pitch)
    for unit in range(5):
        image, small = W[:, unit].reshape(28, 28), blocks[:, unit].reshape(side, side)
        for row, column in ((0, 0), (2, 5), (side - 1, side - 1)):
            block = image[k * row : k * (row + 1), k * column : k * (column + 1)]
            assert small[row, column] == pytest.approx(block.sum() / k, rel=1e-12)


def test_every_weight_is_drawn_if_there_is_room():
    W = np.arange(784 * 2, dtype=np.float32).reshape(784, 2)
    np.testing.assert_array_equal(coarse(W, 29)[0], W)
