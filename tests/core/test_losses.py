import numpy as np
import pytest

from core.losses import output_gradient, softmax, softmax_cross_entropy


def test_softmax_of_known_scores():
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[1 / 8, 2 / 8, 5 / 8]])


def test_loss_and_hits_of_known_scores():
    Z = np.log([[1.0, 2.0, 5.0], [4.0, 3.0, 1.0]])
    loss, correct = softmax_cross_entropy(Z, np.array([2, 1], np.uint8))
    assert loss == pytest.approx(-np.log(5 / 8) - np.log(3 / 8))
    assert correct == 1
    np.testing.assert_allclose(Z, [[1 / 8, 2 / 8, 5 / 8], [4 / 8, 3 / 8, 1 / 8]])


def test_scores_far_apart_give_a_finite_loss():
    """exp(1000) overflows and exp(-1000) underflows in any float."""
    Z = np.array([[1000.0, 0.0], [-1000.0, 0.0]], np.float32)
    loss, _ = softmax_cross_entropy(Z, np.array([1, 0], np.uint8))
    assert loss == pytest.approx(2000)


def test_equal_scores_are_not_a_hit_for_every_class():
    hits = [
        softmax_cross_entropy(np.zeros((1, 10)), np.array([label], np.uint8))[1]
        for label in range(10)
    ]
    assert sum(hits) == 1


def test_output_gradient_of_part_of_a_batch():
    A = np.array([[0.5, 0.5], [0.25, 0.75]])
    output_gradient(A, np.array([0, 1], np.uint8), n=4)
    np.testing.assert_allclose(A, [[-0.125, 0.125], [0.0625, -0.0625]])
