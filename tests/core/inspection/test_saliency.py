"""Saliency against finite differences, in float64; test_gradients.py explains the kinks."""

from itertools import count

import numpy as np
import pytest

from core.inspection.saliency import explain
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from tests.core.network.gradients import KINKED, STEP, random_network, relative_error

PIXELS = 784
TOLERANCE = 1e-6


def an_image(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (28, 28)).astype(np.uint8)


def a_network(hidden, activations, output="softmax", seed=0):
    """Weights of N(0, 1 / fan_in), so that no unit saturates."""
    network = random_network((PIXELS, *hidden, 10), activations, output, seed, scale=1.0)
    for layer in network.layers:
        layer.W[:] /= np.sqrt(len(layer.W))
    return network


def pass_forward(network, X):
    work = Workspace.allocate(network.sizes, len(X), np.float64)
    work.A[0][:] = X
    network.forward(work)
    return work


def central_differences(network, image, k):
    """Return the slope of class k's score for every pixel, or None if a step crosses a kink."""
    x = image.reshape(1, -1) / 255
    steps = np.eye(PIXELS) * STEP
    work = pass_forward(network, np.concatenate([x + steps, x - steps]))
    for A, name in zip(work.A[1:-1], network.activations, strict=True):
        if name in KINKED and ((A > 0) != (A[0] > 0)).any():
            return None
    above, below = work.A[-1][:PIXELS, k], work.A[-1][PIXELS:, k]
    return ((above - below) / (2 * STEP)).reshape(28, 28)


@pytest.mark.parametrize("depth", range(4))
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_saliency_is_the_slope_of_the_likeliest_score(activation, depth):
    """From random numbers in which no step crosses a kink."""
    for seed in count():
        network, image = a_network((5,) * depth, (activation,) * depth, seed=seed), an_image(seed)
        found = explain(network, image)
        numeric = central_differences(network, image, found.probabilities.argmax())
        if numeric is not None and numeric.any():
            break
    assert relative_error(found.saliency, numeric) < TOLERANCE


def test_layers_of_different_activations():
    network, image = a_network((9, 8, 7), ("tanh", "identity", "sigmoid")), an_image()
    found = explain(network, image)
    numeric = central_differences(network, image, found.probabilities.argmax())
    assert relative_error(found.saliency, numeric) < TOLERANCE


@pytest.mark.parametrize("hidden", [(), (1024,), (30, 20)])
@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_probabilities_are_those_of_predict(output, hidden):
    network, image = a_network(hidden, ("relu",) * len(hidden), output), an_image()
    found = explain(network, image)
    np.testing.assert_array_equal(
        found.probabilities, network.predict(image.reshape(1, -1))[0], strict=True
    )


def test_the_class_is_the_one_that_predict_ranks_first():
    """Where two probabilities are both 1 after rounding, that is the first, not the higher score.

    Without hidden layers the saliency is the class's column of W.
    """
    network = Network((PIXELS, 10), output="sigmoid")
    network.layers[0].W[:] = np.random.default_rng(0).standard_normal((PIXELS, 10)) / PIXELS
    network.layers[0].b[[3, 6]] = 40, 50
    found = explain(network, an_image())
    assert found.probabilities[3] == found.probabilities[6] == 1
    np.testing.assert_array_equal(found.saliency.ravel(), network.layers[0].W[:, 3])


def test_another_class_is_explained_if_it_is_the_answer():
    network = Network((PIXELS, 10))
    network.layers[0].W[:] = np.random.default_rng(0).standard_normal((PIXELS, 10))
    network.layers[0].b[3] = 50
    found = explain(network, an_image(), 6)
    np.testing.assert_array_equal(found.saliency.ravel(), network.layers[0].W[:, 6])


def test_nothing_is_changed():
    """A frozen copy, as the window has it, is enough; and the image does not change."""
    network, image = a_network((9, 8), ("relu", "tanh")), an_image()
    before, picture = network.parameters.copy(), image.copy()
    image.setflags(write=False)
    frozen = explain(network.frozen_copy(), image)
    np.testing.assert_array_equal(explain(network, image).saliency, frozen.saliency)
    np.testing.assert_array_equal(network.parameters, before)
    np.testing.assert_array_equal(image, picture)


def test_the_type_is_that_of_the_parameters():
    found = explain(Network((PIXELS, 5, 10)), an_image())
    assert {found.probabilities.dtype, found.saliency.dtype} == {np.dtype(np.float32)}
