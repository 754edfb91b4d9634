import numpy as np
import pytest

from core.network.losses import (
    OUTPUTS,
    binary_cross_entropy,
    cross_entropy,
    output_gradient,
    softmax,
)
from core.settings.config import OUTPUT_NAMES

LN3 = np.log(3)


def test_softmax_of_known_scores():
    Z = np.log([[1.0, 2.0, 5.0]])
    softmax(Z)
    np.testing.assert_allclose(Z, [[1 / 8, 2 / 8, 5 / 8]])


def test_cross_entropy_of_known_scores():
    """Two rows, whose losses are −ln(5/8) and −ln(3/8)."""
    Z = np.log([[1.0, 2.0, 5.0], [4.0, 3.0, 1.0]])
    loss = cross_entropy(Z, np.array([[0.0, 0, 1], [0, 1, 0]]))
    assert loss == pytest.approx([-np.log(5 / 8), -np.log(3 / 8)])
    np.testing.assert_allclose(Z, [[1 / 8, 2 / 8, 5 / 8], [4 / 8, 3 / 8, 1 / 8]])


def test_binary_cross_entropy_of_known_scores():
    """The sigmoids of −ln 3, 0 and ln 3 are 1/4, 1/2 and 3/4.

    Row 1, of class 2: −ln(1 − 1/4) − ln(1 − 1/2) − ln(3/4) = ln(4/3 · 2 · 4/3) = ln(32/9).
    Row 2, of class 0: −ln(1/4) − ln(1 − 1/2) − ln(1 − 3/4) = ln(4 · 2 · 4) = ln 32.
    """
    Z = np.array([[-LN3, 0, LN3], [-LN3, 0, LN3]])
    loss = binary_cross_entropy(Z, np.array([[0.0, 0, 1], [1, 0, 0]]))
    assert loss == pytest.approx([np.log(32 / 9), np.log(32)])
    np.testing.assert_allclose(Z, [[1 / 4, 1 / 2, 3 / 4]] * 2)


@pytest.mark.parametrize("name", OUTPUT_NAMES)
def test_the_loss_leaves_the_probabilities_that_activate_gives(name):
    rng = np.random.default_rng(0)
    Z = rng.standard_normal((4, 10)) * 3
    A = Z.copy()
    OUTPUTS[name].activate(A)
    OUTPUTS[name].loss(Z, np.eye(10)[:4])
    np.testing.assert_array_equal(Z, A)
    assert A.min() > 0
    assert A.max() < 1


def test_softmax_probabilities_add_up_to_one_whatever_is_added_to_the_scores():
    Z = np.random.default_rng(0).standard_normal((5, 10))
    shifted = Z + np.array([[0.0], [7], [-300], [900], [1e6]])
    softmax(Z)
    softmax(shifted)
    np.testing.assert_allclose(Z.sum(axis=1), 1)
    np.testing.assert_allclose(shifted, Z, rtol=1e-9)


def test_scores_far_apart_give_a_finite_cross_entropy():
    """exp(1000) overflows in float32, exp(−1000) underflows: a warning would fail this test.

    Each image's right class is 1,000 behind, which costs 1,000.
    """
    Z = np.array([[1000, 0], [-1000, 0]], np.float32)
    loss = cross_entropy(Z, np.array([[0, 1], [1, 0]], np.float32))
    assert loss == pytest.approx([1000, 1000])
    np.testing.assert_array_equal(Z, [[1, 0], [0, 1]])


def test_scores_far_from_zero_give_a_finite_binary_cross_entropy():
    """A score of ±1,000 costs 1,000 if wrong, and nothing if right."""
    scores = np.array([[1000, -1000]], np.float32)
    Z = scores.copy()
    assert binary_cross_entropy(Z, np.array([[0, 1]], np.float32)) == pytest.approx([2000])
    np.testing.assert_array_equal(Z, [[1, 0]])
    assert binary_cross_entropy(scores, np.array([[1, 0]], np.float32)) == 0


@pytest.mark.parametrize("name", OUTPUT_NAMES)
def test_the_gradient_of_extreme_scores_is_finite_and_exact(name):
    """Both outputs say (1, 0) for certain, and the class is 1: dZ = ((1, 0) − (0, 1)) / 2."""
    Z, Y = np.array([[1000, -1000]], np.float32), np.array([[0, 1]], np.float32)
    OUTPUTS[name].loss(Z, Y)
    output_gradient(Z, Y, n=2)
    np.testing.assert_array_equal(Z, [[0.5, -0.5]])


@pytest.mark.parametrize("name", OUTPUT_NAMES)
def test_the_output_gradient_is_the_slope_of_the_loss(name):
    """By each score, against central differences; the loss is the mean over the rows."""
    rng = np.random.default_rng(0)
    Z, Y, h = rng.standard_normal((3, 4)), np.eye(4)[[1, 3, 0]], 1e-5
    numeric = np.empty_like(Z)
    for index in np.ndindex(Z.shape):
        up, down = Z.copy(), Z.copy()
        up[index] += h
        down[index] -= h
        difference = (OUTPUTS[name].loss(up, Y) - OUTPUTS[name].loss(down, Y)).sum()
        numeric[index] = difference / (2 * h) / 3
    OUTPUTS[name].activate(Z)
    output_gradient(Z, Y, n=3)
    assert np.linalg.norm(Z - numeric) < 1e-8 * np.linalg.norm(numeric)


def test_output_gradient_of_part_of_a_batch():
    """Two rows of a batch of four: (A − Y) / 4."""
    A = np.array([[0.5, 0.5], [0.25, 0.75]])
    output_gradient(A, np.array([[1.0, 0], [0, 1]]), n=4)
    np.testing.assert_allclose(A, [[-0.125, 0.125], [0.0625, -0.0625]])
