import numpy as np
import pytest

from core.errors import Cancelled
from core.network.moved_images import predict_moved
from core.network.network import Network
from core.settings.config import OUTPUT_NAMES, NetworkConfig
from core.threads.workers import Workers
from core.training.evaluation import Evaluation, evaluate, evaluate_moved
from tests.core.digits import tiny_dataset


def reads_the_first_pixels():
    """A network whose ten scores are the image's first ten pixels, times 100."""
    network = Network((784, 10))
    network.layers[0].W[np.arange(10), np.arange(10)] = 100
    return network


def test_confusion_counts_have_the_true_digit_by_row():
    labels = np.array([3, 3, 7], np.uint8)
    images = np.zeros((3, 784), np.uint8)
    images[[0, 1, 2], [3, 5, 7]] = 255
    result = evaluate(reads_the_first_pixels(), images, labels)
    assert result.accuracy == pytest.approx(2 / 3)
    expected = np.zeros((10, 10))
    expected[3, 3] = expected[3, 5] = expected[7, 7] = 1
    np.testing.assert_array_equal(result.confusion, expected)
    # Correct images cost nothing; the wrong one costs the 100 by which the wrong score leads.
    assert result.loss == pytest.approx(100 / 3)


@pytest.mark.parametrize("n", [1, 999, 1000, 1001, 2500])
def test_every_image_counts_once_whatever_the_number(n):
    labels = (np.arange(n) % 10).astype(np.uint8)
    images = np.zeros((n, 784), np.uint8)
    images[np.arange(n), labels] = 255
    result = evaluate(reads_the_first_pixels(), images, labels)
    assert result.confusion.sum() == n
    assert result.accuracy == 1
    # Every label off by one: each image costs the 100 by which the wrong score leads.
    wrong = evaluate(reads_the_first_pixels(), images, (labels + 1) % 10)
    assert wrong.accuracy == 0
    assert wrong.loss == pytest.approx(100)


def test_evaluation_can_be_cancelled():
    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(
            reads_the_first_pixels(), np.zeros((5, 784), np.uint8), np.zeros(5, np.uint8), stop
        )


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 999, 2500])
def test_workers_change_nothing(n, threads):
    """Not a bit, with more or fewer chunks than threads."""
    network = Network((784, 20, 10), ("tanh",), "sigmoid")
    rng = np.random.default_rng(0)
    network.parameters[:] = rng.standard_normal(len(network.parameters)) * 0.1
    images = rng.integers(0, 256, (n, 784)).astype(np.uint8)
    labels = rng.integers(0, 10, n).astype(np.uint8)
    with Workers(threads) as workers:
        alone = evaluate(network, images, labels)
        shared = evaluate(network, images, labels, workers=workers)
    assert shared.loss == alone.loss
    assert shared.accuracy == alone.accuracy
    np.testing.assert_array_equal(shared.confusion, alone.confusion)
    np.testing.assert_array_equal(shared.guesses, alone.guesses)
    assert alone.confusion.sum() == n


def test_evaluation_changes_nothing_in_the_network():
    network = reads_the_first_pixels()
    before = network.parameters.copy()
    evaluate(network, np.full((5, 784), 7, np.uint8), np.zeros(5, np.uint8))
    np.testing.assert_array_equal(network.parameters, before)


def test_sigmoid_outputs_have_their_own_loss():
    """Scores of 100 and nine 0: the right one costs nothing, the others ln 2 each."""
    network = Network((784, 10), (), "sigmoid")
    network.layers[0].W[np.arange(10), np.arange(10)] = 100
    images = np.zeros((1, 784), np.uint8)
    images[0, 4] = 255
    result = evaluate(network, images, np.array([4], np.uint8))
    assert result.loss == pytest.approx(9 * np.log(2))
    assert result.accuracy == 1


def test_progress_reports_how_many_images_are_done():
    reported = []
    evaluate(
        reads_the_first_pixels(),
        np.zeros((2500, 784), np.uint8),
        np.zeros(2500, np.uint8),
        lambda done, total: reported.append((done, total)),
    )
    assert reported == [(0, 2500), (1000, 2500), (2000, 2500), (2500, 2500)]


@pytest.mark.parametrize("threads", [None, 2])
def test_confidence_of_each_image(threads):
    """Scores of 100 p and nine zeros: exp(100 p) / (exp(100 p) + 9)."""
    n = 2_300
    pixels = np.random.default_rng(0).integers(1, 256, n).astype(np.uint8)
    labels = (np.arange(n) % 10).astype(np.uint8)
    images = np.zeros((n, 784), np.uint8)
    images[np.arange(n), (labels + (np.arange(n) % 3 == 0)) % 10] = pixels
    with Workers(threads) as workers:
        result = evaluate(reads_the_first_pixels(), images, labels, workers=workers)
    expected = 1 / (1 + 9 * np.exp(-100.0 * pixels / 255))
    np.testing.assert_allclose(result.confidence, expected, rtol=1e-5)
    np.testing.assert_array_equal(result.is_correct, np.arange(n) % 3 != 0)


def test_accuracy_of_each_digit():
    """Two threes, one of them predicted as a five; one seven; nothing else."""
    labels = np.array([3, 3, 7], np.uint8)
    images = np.zeros((3, 784), np.uint8)
    images[[0, 1, 2], [3, 5, 7]] = 255
    per_class = evaluate(reads_the_first_pixels(), images, labels).per_class
    assert per_class == [None, None, None, 0.5, None, None, None, 1.0, None, None]


@pytest.mark.parametrize("n", [1, 1000, 2300])
def test_predicted_digit_of_each_image(n):
    guesses = np.random.default_rng(n).integers(0, 10, n).astype(np.uint8)
    images = np.zeros((n, 784), np.uint8)
    images[np.arange(n), guesses] = 255
    result = evaluate(reads_the_first_pixels(), images, np.full(n, 4, np.uint8))
    assert result.guesses.dtype == np.uint8
    np.testing.assert_array_equal(result.guesses, guesses)
    np.testing.assert_array_equal(result.confusion[4], np.bincount(guesses, minlength=10))


def test_results_are_read_only():
    """It goes from the training thread to the window's."""
    result = evaluate(reads_the_first_pixels(), np.zeros((5, 784), np.uint8), np.zeros(5, np.uint8))
    for array in (result.confusion, result.guesses, result.confidence, result.is_correct):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


LABELS = np.array([7, 7, 7, 7, 7, 7, 2, 2], np.uint8)


def read_as(guesses, confidence):
    guesses = np.array(guesses, np.uint8)
    is_correct = guesses == LABELS
    return Evaluation(
        0, is_correct.mean(), np.zeros((10, 10)), guesses, np.array(confidence), is_correct
    )


def test_the_most_confident_mistake_is_the_worst():
    result = read_as([2, 7, 2, 1, 2, 7, 7, 2], [0.5, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.9])
    assert result.worst_first(LABELS, (7, 2)).tolist() == [2, 4, 0]
    assert result.worst_first(LABELS).tolist() == [2, 3, 4, 0, 6]
    assert result.worst_first(LABELS, (2, 7)).tolist() == [6]
    assert result.worst_first(LABELS, (3, 4)).tolist() == []


def test_the_least_confident_of_the_correct_digits_is_the_worst():
    result = read_as([7, 7, 7, 1, 7, 7, 2, 2], [0.5, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.9])
    assert result.worst_first(LABELS, (7, 7)).tolist() == [5, 0, 4, 2, 1]


def test_equally_confident_images_stay_in_order_and_nan_comes_last():
    """A network that has just diverged gives no probabilities."""
    result = read_as([2, 2, 2, 2, 7, 7, 2, 2], [0.5, np.nan, 0.5, 0.9, np.nan, 0.4, 0.3, 0.9])
    assert result.worst_first(LABELS, (7, 2)).tolist() == [3, 0, 2, 1]
    assert result.worst_first(LABELS, (7, 7)).tolist() == [5, 4]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_network_that_overflows_warns_nobody(threads):
    """Warnings are errors here."""
    network = Network.from_config(NetworkConfig(hidden=(8, 8)))
    network.parameters[:] = 3e38
    images = np.full((40, 784), 255, np.uint8)
    with Workers(threads) as workers:
        result = evaluate(network, images, np.zeros(40, np.uint8), workers=workers)
    assert not np.isfinite(result.loss)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_moved_images_are_evaluated_by_their_mean_predictions(output):
    dataset = tiny_dataset()
    network = Network.from_config(NetworkConfig(hidden=(16,), output=output))
    network.parameters[:] = 0.05 * np.random.default_rng(3).standard_normal(len(network.parameters))
    result = evaluate_moved(network, dataset.test_images, dataset.test_labels)
    A = predict_moved(network, dataset.test_images).astype(np.float64)
    np.testing.assert_array_equal(result.guesses, A.argmax(axis=1))
    np.testing.assert_allclose(result.confidence, A.max(axis=1), rtol=1e-6)
    assert result.accuracy == np.mean(A.argmax(axis=1) == dataset.test_labels)
    Y = np.eye(10)[dataset.test_labels]
    if output == "softmax":
        loss = -(Y * np.log(A)).sum(axis=1)
    else:
        loss = -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).sum(axis=1)
    assert result.loss == pytest.approx(loss.mean(), rel=1e-4)
    single = evaluate(network, dataset.test_images, dataset.test_labels)
    assert (result.guesses != single.guesses).any()
