import numpy as np
import pytest

from core.network.moved_images import predict_moved
from core.network.network import Network
from core.settings.config import OUTPUT_NAMES


def images(n=3, seed=0):
    """Random images with ink up to the edges."""
    return np.random.default_rng(seed).integers(0, 256, (n, 784)).astype(np.uint8)


def network(output="softmax", hidden=(9,)):
    made = Network((784, *hidden, 10), ("relu",) * len(hidden), output=output)
    made.parameters[:] = 0.1 * np.random.default_rng(1).standard_normal(made.parameters.size)
    return made


def moved(image, right, down):
    """The image moved pixel by pixel; what leaves it is lost, and what comes in is background."""
    square, result = image.reshape(28, 28), np.zeros((28, 28), np.uint8)
    for y in range(28):
        for x in range(28):
            if 0 <= y - down < 28 and 0 <= x - right < 28:
                result[y, x] = square[y - down, x - right]
    return result.ravel()


SIDES = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))


def test_softmax_gives_the_geometric_mean_of_the_five():
    made, (image,) = network(), images(1)
    five = np.stack([made.predict(moved(image, *side)[np.newaxis])[0] for side in SIDES])
    mean = np.exp(np.log(five.astype(np.float64)).mean(axis=0))
    np.testing.assert_allclose(
        predict_moved(made, image[np.newaxis])[0], mean / mean.sum(), rtol=1e-4
    )


def test_sigmoid_gives_each_class_the_mean_of_its_log_odds():
    made, (image,) = network("sigmoid"), images(1)
    five = np.stack([made.predict(moved(image, *side)[np.newaxis])[0] for side in SIDES])
    odds = np.log(five.astype(np.float64) / (1 - five.astype(np.float64))).mean(axis=0)
    np.testing.assert_allclose(
        predict_moved(made, image[np.newaxis])[0], 1 / (1 + np.exp(-odds)), rtol=1e-4
    )


@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_each_image_is_predicted_for_itself_however_many_there_are(output):
    made, many = network(output), images(450)
    together = predict_moved(made, many)
    assert together.shape == (450, 10)
    for index in (0, 199, 200, 449):
        np.testing.assert_allclose(
            together[index], predict_moved(made, many[index : index + 1])[0], rtol=1e-4
        )


def test_a_blank_image_gives_the_same_as_a_single_prediction():
    made, blank = network(hidden=()), np.zeros((1, 784), np.uint8)
    np.testing.assert_allclose(predict_moved(made, blank), made.predict(blank), rtol=1e-6)


def test_a_diverged_network_gives_no_probabilities_and_no_warning():
    made = network()
    made.parameters[:] = np.inf
    assert not np.isfinite(predict_moved(made, images(2))).any()


def test_nothing_is_changed():
    made, given = network().frozen_copy(), images(2)
    given.setflags(write=False)
    predict_moved(made, given)
