import numpy as np
import pytest

from core.losses import softmax_cross_entropy
from core.network import Network, Workspace, layer_views, parameter_count


def random_network(sizes, seed=0, dtype=np.float64):
    network = Network(sizes, dtype)
    rng = np.random.default_rng(seed)
    network.parameters[:] = rng.standard_normal(network.parameters.shape) * 0.5
    return network


def loss_of(network, X, labels, l2):
    work = Workspace(network.sizes, len(X), X.dtype)
    work.A[0][:] = X
    loss, _ = softmax_cross_entropy(network.forward(work), labels)
    return loss / len(X) + network.regularization_loss(l2)


@pytest.mark.parametrize("hidden", [(), (5,), (7, 4), (6, 5, 4)])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_gradient_is_the_slope_of_the_loss(hidden, l2):
    """Every component, against central differences."""
    network = random_network((8, *hidden, 3))
    rng = np.random.default_rng(1)
    X = rng.random((5, 8))
    labels = np.array([0, 1, 2, 1, 0], np.uint8)
    gradient = np.empty_like(network.parameters)
    layers = layer_views(gradient, network.sizes)
    work = Workspace(network.sizes, 5, np.float64)
    work.A[0][:] = X
    network.loss_and_gradient(work, labels, layers, 5)
    network.add_regularization_gradient(
        l2, layers, layer_views(np.empty_like(gradient), network.sizes)
    )

    h = 1e-5
    numeric = np.empty_like(gradient)
    for i in range(len(gradient)):
        before = network.parameters[i]
        network.parameters[i] = before + h
        up = loss_of(network, X, labels, l2)
        network.parameters[i] = before - h
        down = loss_of(network, X, labels, l2)
        network.parameters[i] = before
        numeric[i] = (up - down) / (2 * h)
    error = np.linalg.norm(gradient - numeric) / np.linalg.norm(numeric)
    assert error < 1e-6


def test_forward_and_backward_by_hand():
    """Two inputs, two hidden units, two classes, one image x = (1, 0) of class 0.

    W1 = [[1, -1], [0, 0]], b1 = (0, 0): Z1 = (1, -1), A1 = relu(Z1) = (1, 0).
    W2 = [[ln 3, 0], [5, 5]], b2 = (0, 0): Z2 = (ln 3, 0), A2 = (3, 1) / 4.
    The loss is -ln(3/4).
    dZ2 = A2 - Y = (-1/4, 1/4); dW2 = A1^T dZ2 = [[-1/4, 1/4], [0, 0]]; db2 = dZ2.
    dA1 = dZ2 W2^T = (-ln 3 / 4, 0); the second unit is off, so dZ1 = (-ln 3 / 4, 0).
    dW1 = x^T dZ1 = [[-ln 3 / 4, 0], [0, 0]]; db1 = dZ1.
    """
    network = Network((2, 2, 2), np.float64)
    ln3 = np.log(3)
    network.layers[0].W[:] = [[1, -1], [0, 0]]
    network.layers[1].W[:] = [[ln3, 0], [5, 5]]
    gradient = layer_views(np.empty_like(network.parameters), network.sizes)
    work = Workspace(network.sizes, 1, np.float64)
    work.A[0][:] = [[1, 0]]
    loss, correct = network.loss_and_gradient(work, np.array([0], np.uint8), gradient, 1)

    assert loss == pytest.approx(-np.log(3 / 4))
    assert correct == 1
    np.testing.assert_allclose(work.A[1], [[1, 0]])
    np.testing.assert_allclose(gradient[1].W, [[-1 / 4, 1 / 4], [0, 0]])
    np.testing.assert_allclose(gradient[1].b, [-1 / 4, 1 / 4])
    np.testing.assert_allclose(gradient[0].W, [[-ln3 / 4, 0], [0, 0]])
    np.testing.assert_allclose(gradient[0].b, [-ln3 / 4, 0])


def test_layers_are_views_of_one_vector_in_order():
    network = Network((3, 2, 4))
    assert len(network.parameters) == parameter_count((3, 2, 4)) == 3 * 2 + 2 + 2 * 4 + 4
    network.parameters[:] = np.arange(len(network.parameters))
    np.testing.assert_array_equal(network.layers[0].W, [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(network.layers[0].b, [6, 7])
    assert network.layers[1].W.shape == (2, 4)
    assert network.layers[1].b[-1] == len(network.parameters) - 1


def test_predict_gives_probabilities_and_changes_nothing():
    network = random_network((784, 16, 10), dtype=np.float32)
    before = network.parameters.copy()
    images = np.random.default_rng(0).integers(0, 256, (3, 784)).astype(np.uint8)
    probabilities = network.predict(images)
    assert probabilities.shape == (3, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(network.parameters, before)
    # The prediction of one image does not depend on the others beside it.
    np.testing.assert_allclose(network.predict(images[1:2]), probabilities[1:2], rtol=1e-5)


def test_pixels_are_scaled_to_one():
    work = Workspace((4, 2), 2)
    images = np.array([[0, 51, 102, 255], [9, 9, 9, 9], [255, 0, 0, 0]], np.uint8)
    work.gather(images, np.array([0, 2]))
    np.testing.assert_allclose(work.A[0], [[0, 0.2, 0.4, 1], [1, 0, 0, 0]])
    assert work.A[0].dtype == np.float32
