import numpy as np
import pytest

from core.arrays import LabeledImages
from core.datasets.dataset import Dataset
from core.datasets.loading import mix, with_more


def numbered(name, first, train, test):
    """A data set whose images have their number in the first two pixels; the label is its end."""

    def part(start, n):
        images = np.zeros((n, 784), np.uint8)
        images[:, 0], images[:, 1] = np.divmod(np.arange(start, start + n), 200)
        return images, (np.arange(start, start + n) % 10).astype(np.uint8)

    return Dataset(name, *part(first, train), *part(first + train, test))


def numbers(images):
    return 200 * images[:, 0].astype(int) + images[:, 1]


MNIST, STROKES = numbered("mnist", 0, 300, 50), numbered("strokes", 1000, 500, 70)


def test_a_mixture_has_the_training_images_of_both_with_their_labels():
    mixed = mix(MNIST, STROKES)
    found = numbers(mixed.train_images)
    assert sorted(found) == [*range(300), *range(1000, 1500)]
    np.testing.assert_array_equal(mixed.train_labels, found % 10)
    assert mixed.name == "mnist+strokes"


def test_both_data_sets_are_spread_over_the_mixture():
    """In each quarter of 200 images, 75 are MNIST's on average; 40 would be five deviations off."""
    is_mnist = numbers(mix(MNIST, STROKES).train_images) < 1000
    assert all(40 < quarter.sum() < 110 for quarter in np.split(is_mnist, 4))


def test_a_mixture_is_always_the_same_and_has_mnists_test_set():
    a, b = mix(MNIST, STROKES), mix(MNIST, STROKES)
    np.testing.assert_array_equal(a.train_images, b.train_images)
    np.testing.assert_array_equal(a.test_images, MNIST.test_images)
    np.testing.assert_array_equal(a.test_labels, MNIST.test_labels)


@pytest.mark.parametrize(("n", "times"), [(10, 8), (3, 25), (75, 1), (1_000, 1)])
def test_my_digits_are_repeated_up_to_their_share(n, times):
    """A fifth of the whole: 75 beside 300."""
    more = LabeledImages(np.full((n, 784), 255, np.uint8), np.full(n, 4, np.uint8))
    grown = with_more(MNIST, more, share=0.2)
    own = (grown.train_images == 255).all(axis=1)
    assert own.sum() == n * times
    assert (grown.train_labels[own] == 4).all()
    np.testing.assert_array_equal(grown.train_images[~own], MNIST.train_images)
    np.testing.assert_array_equal(grown.test_images, MNIST.test_images)
    # A validation split, taken from the end, has none of them.
    assert not own[-300:].any()
