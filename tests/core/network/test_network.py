import numpy as np
import pytest

from core.network.layers import layer_views, parameter_count
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES, NetworkConfig
from tests.core.network.gradients import random_network


def loaded(network, X):
    """A workspace whose input is X."""
    work = Workspace.allocate(network.sizes, len(X), network.parameters.dtype)
    work.A[0][:] = X
    return work


def test_forward_and_backward_by_hand():
    """Two inputs, two hidden units, two classes, one image x = (1, 0) of class 0.

    W1 = [[1, -1], [0, 0]], b1 = (0, 0): Z1 = (1, -1), A1 = relu(Z1) = (1, 0).
    W2 = [[ln 3, 0], [5, 5]], b2 = (0, 0): Z2 = (ln 3, 0), A2 = (3, 1) / 4.
    The loss is -ln(3/4).
    dZ2 = A2 - Y = (-1/4, 1/4); dW2 = A1^T dZ2 = [[-1/4, 1/4], [0, 0]]; db2 = dZ2.
    dA1 = dZ2 W2^T = (-ln 3 / 4, 0); the second unit is off, so dZ1 = (-ln 3 / 4, 0).
    dW1 = x^T dZ1 = [[-ln 3 / 4, 0], [0, 0]]; db1 = dZ1.
    """
    network = Network((2, 2, 2), dtype=np.float64)
    ln3 = np.log(3)
    network.layers[0].W[:] = [[1, -1], [0, 0]]
    network.layers[1].W[:] = [[ln3, 0], [5, 5]]
    gradient = layer_views(np.empty_like(network.parameters), network.sizes)
    work = loaded(network, [[1, 0]])
    losses, correct = network.forward_backward(work, np.array([0], np.uint8), n=1)
    network.gradient(work, gradient)

    assert losses == pytest.approx([-np.log(3 / 4)])
    assert correct == 1
    np.testing.assert_allclose(work.A[1], [[1, 0]])
    np.testing.assert_allclose(gradient[1].W, [[-1 / 4, 1 / 4], [0, 0]])
    np.testing.assert_allclose(gradient[1].b, [-1 / 4, 1 / 4])
    np.testing.assert_allclose(gradient[0].W, [[-ln3 / 4, 0], [0, 0]])
    np.testing.assert_allclose(gradient[0].b, [-ln3 / 4, 0])


def test_dropout_by_hand():
    """The network above with x = (1, 0), W1 all ones and the mask K1 = (2, 0).

    Z1 = A1 = (1, 1), and layer 2 reads X1 = A1 K1 = (2, 0). W2 = [[ln 3 / 2, 0], [7, 7]]:
    Z2 = (ln 3, 0), A2 = (3, 1) / 4, dZ2 = (-1/4, 1/4).
    dW2 = X1^T dZ2 = [[-1/2, 1/2], [0, 0]]: nothing is learned after the dropped unit,
    dA1 = dZ2 W2^T = (-ln 3 / 8, 0), times K1 = (-ln 3 / 4, 0) = dZ1, nor before it.
    """
    network = Network((2, 2, 2), dtype=np.float64)
    ln3 = np.log(3)
    network.layers[0].W[:] = 1
    network.layers[1].W[:] = [[ln3 / 2, 0], [7, 7]]
    gradient = layer_views(np.empty_like(network.parameters), network.sizes)
    work = Workspace.allocate(network.sizes, 1, np.float64, dropout=True)
    work.A[0][:] = [[1, 0]]
    work.mask[1][:] = [[2, 0]]
    losses, _ = network.forward_backward(work, np.array([0], np.uint8), n=1)
    network.gradient(work, gradient)

    assert losses == pytest.approx([-np.log(3 / 4)])
    np.testing.assert_allclose(gradient[1].W, [[-1 / 2, 1 / 2], [0, 0]])
    np.testing.assert_allclose(gradient[0].W, [[-ln3 / 4, 0], [0, 0]])


def test_the_penalty_by_hand_spares_the_biases():
    """W1 = (3), b1 = (5), W2 = (-2, 1), b2 = (7, 7), l2 = 0.1: 0.05 (9 + 4 + 1), and 0.1 W."""
    network = Network((1, 1, 2), dtype=np.float64)
    network.parameters[:] = [3, 5, -2, 1, 7, 7]
    assert network.regularization_loss(0.1) == pytest.approx(0.7)
    assert network.regularization_loss(0.0) == 0
    gradient, scratch = np.ones(6), np.empty(6)
    network.add_regularization_gradient(
        0.1, layer_views(gradient, network.sizes), layer_views(scratch, network.sizes)
    )
    np.testing.assert_allclose(gradient, [1.3, 1, 0.8, 1.1, 1, 1])


@pytest.mark.parametrize("shards", [1, 2, 3, 9])
def test_shards_of_a_gradient_add_up_to_the_whole(shards):
    """More shards than the five rows of the second layer, too. Each row is written once."""
    network = random_network((7, 5, 3))
    rng = np.random.default_rng(0)
    work = loaded(network, rng.random((4, 7)))
    network.forward_backward(work, np.array([0, 1, 2, 0], np.uint8), n=4)
    whole, shared, scratch = (np.full_like(network.parameters, np.nan) for _ in range(3))
    views = [layer_views(vector, network.sizes) for vector in (whole, shared, scratch)]
    network.gradient(work, views[0])
    network.add_regularization_gradient(0.3, views[0], views[2])
    for shard in range(shards):
        network.gradient(work, views[1], shard, shards)
    for shard in range(shards):
        network.add_regularization_gradient(0.3, views[1], views[2], shard, shards)
    np.testing.assert_allclose(shared, whole, rtol=1e-12)


def test_shards_of_a_batch_use_the_workspace_of_the_whole():
    network = random_network((7, 5, 3))
    X, labels = np.random.default_rng(0).random((6, 7)), np.array([0, 1, 2, 0, 1, 2], np.uint8)
    whole, cut = loaded(network, X), loaded(network, X)
    losses, correct = network.forward_backward(whole, labels, n=6)
    results = [
        network.forward_backward(cut.rows(start, stop), labels[start:stop], n=6)
        for start, stop in ((0, 4), (4, 6))
    ]
    assert np.concatenate([part[0] for part in results]) == pytest.approx(losses)
    assert sum(part[1] for part in results) == correct
    for a, b in zip(cut.dZ[1:], whole.dZ[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_equal_scores_are_correct_for_one_class_only():
    network = Network((4, 10))
    hits = [
        network.forward_backward(loaded(network, [[0, 0, 1, 1]]), np.array([label], np.uint8), n=1)
        for label in range(10)
    ]
    assert sum(correct for _, correct in hits) == 1


def test_layers_are_views_of_one_vector_in_order():
    network = Network((3, 2, 4))
    assert len(network.parameters) == parameter_count((3, 2, 4)) == 3 * 2 + 2 + 2 * 4 + 4
    network.parameters[:] = np.arange(len(network.parameters))
    np.testing.assert_array_equal(network.layers[0].W, [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(network.layers[0].b, [6, 7])
    assert network.layers[1].W.shape == (2, 4)
    assert network.layers[1].b[-1] == len(network.parameters) - 1


@pytest.mark.parametrize("dropout", [False, True])
def test_the_shapes_of_a_workspace(dropout):
    work = Workspace.allocate((784, 20, 30, 10), 6, dropout=dropout)
    widths = [784, 20, 30, 10]
    assert (
        [A.shape for A in work.A]
        == [array.shape for array in work.layer_input]
        == [(6, w) for w in widths]
    )
    assert [dZ.shape for dZ in work.dZ[1:]] == [(6, w) for w in widths[1:]]
    assert [scratch.shape for scratch in work.scratch[1:]] == [(6, w) for w in widths[1:]]
    assert work.Y.shape == (6, 10)
    assert bool(work.mask) == dropout
    arrays = [*work.A, *work.layer_input, *work.mask, *work.dZ, *work.scratch, work.Y]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_a_networks_shape_comes_from_its_configuration():
    """784-1-1-10 with all weights ½ but the first layer's, which are 0, and a first bias of 1.

    relu(½·tanh(1)) follows from tanh(1), and half of that is the score of every class.
    """
    config = NetworkConfig(hidden=(1, 1), activations=("tanh", "relu"), output="sigmoid")
    network = Network.from_config(config)
    assert not network.parameters.any()
    for layer in network.layers[1:]:
        layer.W[:] = 0.5
    network.layers[0].b[:] = 1
    expected = 1 / (1 + np.exp(-np.tanh(1) / 4))
    probabilities = network.predict(np.zeros((1, 784), np.uint8))
    np.testing.assert_allclose(probabilities, np.full((1, 10), expected), rtol=1e-6)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_predict_gives_probabilities_and_changes_nothing(output):
    network = Network((784, 16, 10), ("tanh",), output)
    rng = np.random.default_rng(0)
    network.parameters[:] = rng.standard_normal(len(network.parameters)) * 0.2
    before = network.parameters.copy()
    images = rng.integers(0, 256, (3, 784)).astype(np.uint8)
    probabilities = network.predict(images)
    assert probabilities.shape == (3, 10)
    assert probabilities.min() >= 0
    assert probabilities.max() <= 1
    assert np.allclose(probabilities.sum(axis=1), 1) == (output == "softmax")
    np.testing.assert_array_equal(network.parameters, before)
    # The prediction of one image does not depend on the others in the batch.
    np.testing.assert_allclose(network.predict(images[1:2]), probabilities[1:2], rtol=1e-5)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_a_frozen_copy_predicts_the_same_and_cannot_be_written(activation, output):
    network = Network((784, 8, 10), (activation,), output)
    rng = np.random.default_rng(0)
    network.parameters[:] = rng.standard_normal(len(network.parameters)) * 0.2
    images = rng.integers(0, 256, (3, 784)).astype(np.uint8)
    copy, expected = network.frozen_copy(), network.predict(images)
    network.parameters[:] = 0
    np.testing.assert_array_equal(copy.predict(images), expected)
    with pytest.raises(ValueError, match="read-only"):
        copy.parameters[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        copy.layers[0].W[0] = 1


def test_pixels_are_scaled_to_one():
    work = Workspace.allocate((4, 2), 2)
    work.load(np.array([[0, 51, 102, 255], [255, 0, 0, 0]], np.uint8))
    np.testing.assert_allclose(work.A[0], [[0, 0.2, 0.4, 1], [1, 0, 0, 0]])
    assert work.A[0].dtype == np.float32
