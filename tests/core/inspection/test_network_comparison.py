"""Two networks side by side, with answers and units set by hand."""

import numpy as np
import pytest

from core.inspection.network_comparison import compare_evaluations, compare_image
from core.network.network import Network
from core.training.evaluation import evaluate

BLANK = np.zeros((28, 28), np.uint8)


def with_biases(*biases, answer=0):
    """A network of relu units that are, for a blank image, the biases; it predicts `answer`.

    Its weights are 0, so that every layer's activations are its own biases.
    """
    network = Network((784, *map(len, biases), 10), ("relu",) * len(biases))
    for layer, bias in zip(network.layers, biases, strict=False):
        layer.b[:] = bias
    network.layers[-1].b[answer] = 5
    return network


def test_the_answers_are_those_of_the_two_networks():
    a, b = with_biases([1, 2], answer=3), with_biases([1, 2, 3], answer=8)
    comparison = compare_image(a, b, BLANK)
    for network, prediction, digit in ((a, comparison.a, 3), (b, comparison.b, 8)):
        assert prediction.digit == digit
        np.testing.assert_array_equal(
            prediction.probabilities, network.predict(BLANK.reshape(1, -1))[0]
        )


def test_units_that_differ_most_come_first_and_equal_ones_are_left_out():
    a, b = with_biases([1, 2, 3, 4]), with_biases([2, 2, 0, 5])
    (layer,) = compare_image(a, b, BLANK).layers
    assert layer.layer == 1
    assert layer.units.tolist() == [2, 0, 3]  # they differ by 3, 1, 1; unit 1 does not
    assert layer.a.tolist() == [3, 1, 4]
    assert layer.b.tolist() == [0, 2, 5]
    (layer,) = compare_image(a, b, BLANK, most_units=1).layers
    assert layer.units.tolist() == [2]


def test_only_layers_with_equally_many_units_are_compared():
    a = with_biases([1, 1], [1, 1, 1], [4])
    b = with_biases([2, 1, 1], [1, 1, 3])
    first, second, third = compare_image(a, b, BLANK).layers
    assert (first.sizes, second.sizes, third.sizes) == ((2, 3), (3, 3), (1, 0))
    assert [each.is_comparable for each in (first, second, third)] == [False, True, False]
    assert [each.units.tolist() for each in (first, second, third)] == [[], [2], []]
    (alone,) = compare_image(with_biases(), with_biases([1, 2]), BLANK).layers
    assert alone.sizes == (0, 2)
    assert compare_image(with_biases(), with_biases(), BLANK).layers == ()


def test_a_diverged_network_has_no_answer_and_no_units_to_compare():
    diverged = with_biases([np.nan, 7, np.inf])
    comparison = compare_image(with_biases([1, 2, 3]), diverged, BLANK)
    assert comparison.a.is_finite
    assert not comparison.b.is_finite
    (layer,) = comparison.layers
    assert layer.units.tolist() == [1]


def of_first_pixel(weights, threshold):
    """A network that predicts 1 where the first pixel is brighter than `threshold`, 0…1, else 0."""
    network = Network((784, 10))
    network.layers[0].b[2:] = -50
    network.layers[0].W[0, 1] = weights
    network.layers[0].b[1] = -weights * threshold
    return network


def evaluated(network, pixels, labels):
    images = np.zeros((len(pixels), 784), np.uint8)
    images[:, 0] = pixels
    return evaluate(network, images, np.array(labels, np.uint8))


def test_a_set_falls_into_what_both_one_or_neither_classifies_correctly():
    #         both, a, a, b, b, both, neither
    pixels = [0, 100, 150, 100, 150, 255, 255]
    labels = [0, 1, 1, 0, 0, 1, 0]
    a = evaluated(of_first_pixel(4, 0.2), pixels, labels)
    b = evaluated(of_first_pixel(4, 0.8), pixels, labels)
    comparison = compare_evaluations(a, b)
    assert (comparison.both, comparison.neither) == (2, 1)
    assert comparison.only_a.tolist() == [1, 2]  # darker, so that b is more confident of its 0
    assert comparison.only_b.tolist() == [4, 3]  # brighter, so that a is more confident of its 1
    turned = compare_evaluations(b, a)
    assert turned.only_a.tolist() == comparison.only_b.tolist()
    assert turned.only_b.tolist() == comparison.only_a.tolist()


def test_a_network_does_not_differ_from_itself():
    network = of_first_pixel(4, 0.5)
    evaluation = evaluated(network, [0, 255, 255], [0, 1, 0])
    comparison = compare_evaluations(evaluation, evaluation)
    assert (comparison.both, comparison.neither) == (2, 1)
    assert len(comparison.only_a) == len(comparison.only_b) == 0


def test_a_diverged_network_classifies_nothing_correctly():
    """NaN would be a 0 to it, and some images are."""
    pixels, labels = [0, 255, 0], [0, 1, 0]
    good = evaluated(of_first_pixel(4, 0.5), pixels, labels)
    diverged = evaluated(of_first_pixel(np.nan, 0.5), pixels, labels)
    comparison = compare_evaluations(good, diverged)
    assert (comparison.both, comparison.neither) == (0, 0)
    assert sorted(comparison.only_a.tolist()) == [0, 1, 2]
    assert len(comparison.only_b) == 0


def test_evaluations_of_different_sets_are_refused():
    network = of_first_pixel(4, 0.5)
    with pytest.raises(ValueError, match="2 and 1 images"):
        compare_evaluations(evaluated(network, [0, 9], [0, 0]), evaluated(network, [0], [0]))
