import numpy as np
import pytest

from core.inspection.unit_views import (
    backprojected_weights,
    nearest_neighbor_order,
    responses,
    top_activating,
    unit_facts,
    unit_order,
)
from core.network.network import Network

SIZES = (784, 6, 5, 10)


def random_network(sizes=SIZES, activations=None):
    network = Network(sizes, activations, dtype=np.float64)
    network.parameters[:] = np.random.default_rng(0).normal(size=len(network.parameters)) * 0.1
    return network


def random_images(n):
    return np.random.default_rng(1).integers(0, 256, (n, 784)).astype(np.uint8)


# --- what a unit looks for ------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(784, 6, 5, 10), (784, 6, 900, 10)], ids=str)
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_with_identity_activations_the_backprojected_weights_are_the_slope_of_the_response(
    sizes, layer
):
    """A[l] = A[0] @ (W[1] … W[l]) + a constant, as the documented approximation says."""
    network = random_network(sizes, ("identity", "identity"))
    a, b = random_images(2)
    back = backprojected_weights(network, layer)
    assert back.shape == (784, sizes[layer])
    first, second = responses(network, layer, np.stack([a, b]))
    expected = (a.astype(float) - b) / 255 @ back
    np.testing.assert_allclose(first - second, expected, rtol=1e-9, atol=1e-12)
    of_some = backprojected_weights(network, layer, np.array([4, 0]))
    np.testing.assert_allclose(of_some, back[:, [4, 0]], rtol=1e-9, atol=1e-12)


def test_a_response_is_the_activation_and_for_an_output_the_score():
    network = random_network()
    images = random_images(2_300)  # three passes, of which the last is short
    X = images / 255
    for of_layer in network.layers[:-1]:
        X = np.maximum(X @ of_layer.W + of_layer.b, 0)
    np.testing.assert_allclose(responses(network, 2, images), X, rtol=1e-9, atol=1e-12)
    scores = X @ network.layers[-1].W + network.layers[-1].b
    np.testing.assert_allclose(responses(network, 3, images), scores, rtol=1e-9, atol=1e-12)


def pixel_detector():
    """Unit 0 responds to pixel 100 and unit 1 to none."""
    network = Network((784, 2, 10))
    network.layers[0].W[100, 0] = 1
    return network


def test_the_top_images_come_strongest_first():
    images = np.zeros((6, 784), np.uint8)
    images[:, 100] = [10, 0, 200, 50, 0, 200]
    indices, strength = top_activating(pixel_detector(), 1, 0, images, 3)
    assert indices.tolist() == [2, 5, 3]
    np.testing.assert_allclose(strength, [200 / 255, 200 / 255, 50 / 255], rtol=1e-6)


def test_images_on_which_a_unit_is_inactive_are_left_out():
    images = np.zeros((6, 784), np.uint8)
    images[:2, 100] = [10, 20]
    assert top_activating(pixel_detector(), 1, 0, images, 4)[0].tolist() == [1, 0]
    assert top_activating(pixel_detector(), 1, 1, images, 4)[0].tolist() == []


def test_negative_scores_of_an_output_are_ranked_too():
    network = random_network()
    network.layers[-1].b[0] = -1000
    images = random_images(5)
    scores = responses(network, 3, images)[:, 0]
    assert scores.max() < 0
    assert top_activating(network, 3, 0, images, 5)[0].tolist() == np.argsort(-scores).tolist()


def test_a_diverged_network_has_no_top_images():
    network = random_network()
    network.parameters[:] = np.nan
    assert top_activating(network, 1, 0, random_images(3), 2)[0].tolist() == []


# --- orders -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["index", "norm", "similarity", "usage"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_every_unit_is_shown_once(order, layer):
    found = unit_order(random_network(), layer, order, random_images(10))
    assert sorted(found) == list(range(SIZES[layer]))


@pytest.mark.parametrize("value", [0, np.nan])
@pytest.mark.parametrize("order", ["index", "norm", "similarity", "usage"])
def test_every_unit_is_shown_once_whatever_the_weights(value, order):
    network = random_network()
    network.layers[0].W[:, 2:4] = value
    found = unit_order(network, 1, order, random_images(10))
    assert sorted(found) == list(range(6))


def test_the_largest_weights_come_first():
    network = random_network()
    network.layers[1].W[:] = [[1, -9, 3, 0, 5]]
    assert unit_order(network, 2, "norm", random_images(1)).tolist() == [1, 4, 2, 0, 3]


def test_usage_weighs_outgoing_weights_with_activation():
    """Activations 1, 2 and 0, with outgoing weights of 3, of 1 + 4, and of 100."""
    network = Network((784, 3, 10))
    network.layers[0].b[:] = 1, 2, -1
    network.layers[1].W[0, 5] = -3
    network.layers[1].W[1, 2:4] = 1, -4
    network.layers[1].W[2] = 100
    assert unit_order(network, 1, "usage", random_images(4)).tolist() == [1, 0, 2]


def test_the_order_puts_similar_units_next_to_each_other():
    """Directions at even angles of a quarter circle, shuffled; the order sorts them."""
    angles = np.linspace(0, np.pi / 2, 12)
    shuffled = np.random.default_rng(3).permutation(12)
    W = np.stack([np.cos(angles), np.sin(angles)])[:, shuffled]
    W[:, np.flatnonzero(shuffled == 0)] *= 5  # the longest is at one end, and starts the order
    assert shuffled[nearest_neighbor_order(W)].tolist() == list(range(12))


def test_the_order_goes_by_shape_not_norm_and_puts_zeros_last():
    W = np.array([[9.0, 0.0, 0.0, 0.1, -1.0], [0.0, 5.0, 0.0, 0.01, -1.0]])
    assert nearest_neighbor_order(W).tolist() == [0, 3, 1, 4, 2]


# --- facts of a unit --------------------------------------------------------------------------


def test_facts_of_a_hidden_unit():
    network = random_network()
    network.layers[1].W[:, 3] = [0.1, -2, 0.3, 0, 1, 0.2]
    network.layers[1].b[3] = 50
    network.layers[2].W[3] = np.arange(10) - 4.5
    image = random_images(1)[0]
    facts = unit_facts(network, 2, 3, image, 3)
    assert facts.bias == 50
    assert facts.response == responses(network, 2, image[np.newaxis])[0, 3]
    assert facts.incoming == ((1, -2.0), (4, 1.0), (2, 0.3))
    assert facts.outgoing == ((0, -4.5), (9, 4.5), (1, -3.5))


def test_facts_of_an_output_without_a_drawing():
    facts = unit_facts(random_network(), 3, 7, None, 10)
    assert facts.response is None
    assert facts.outgoing == ()
    assert len(facts.incoming) == 5
