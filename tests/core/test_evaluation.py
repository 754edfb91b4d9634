import numpy as np
import pytest

from core.errors import Cancelled
from core.evaluation import evaluate
from core.network import Network


def reads_the_first_pixels():
    """A network whose ten scores are the image's first ten pixels, times 100."""
    network = Network((784, 10))
    network.layers[0].W[np.arange(10), np.arange(10)] = 100
    return network


def test_confusion_counts_right_class_by_row():
    labels = np.array([3, 3, 7], np.uint8)
    images = np.zeros((3, 784), np.uint8)
    images[[0, 1, 2], [3, 5, 7]] = 255
    result = evaluate(reads_the_first_pixels(), images, labels)
    assert result.accuracy == pytest.approx(2 / 3)
    expected = np.zeros((10, 10))
    expected[3, 3] = expected[3, 5] = expected[7, 7] = 1
    np.testing.assert_array_equal(result.confusion, expected)
    # Two hits cost nothing, the miss costs the 100 by which the wrong score leads.
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
