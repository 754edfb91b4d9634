import numpy as np

from core.datasets.dataset import Dataset
from core.inspection.class_summary import summarize_classes
from core.settings.data_source import OwnData

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (9, 784)).astype(np.uint8)
SOURCE = OwnData("/data/shapes", ("circle", "square", "a cross"))
TRAIN, TEST = [2, 0, 0, 2, 2], [0, 1, 1, 1]


def a_dataset():
    labels = np.array(TRAIN + TEST, np.uint8)
    return Dataset(SOURCE, IMAGES[:5], labels[:5], IMAGES[5:], labels[5:])


def test_counts_and_shares_of_each_class():
    summary = summarize_classes(a_dataset())
    assert summary.classes == ("circle", "square", "a cross")
    assert summary.training.tolist() == [2, 0, 3]
    assert summary.test.tolist() == [1, 3, 0]
    assert summary.training_shares.tolist() == [0.4, 0, 0.6]
    assert summary.test_shares.tolist() == [0.25, 0.75, 0]


def test_means_are_those_of_the_training_images():
    summary = summarize_classes(a_dataset())
    images = IMAGES.astype(int)
    np.testing.assert_allclose(summary.means[0], (images[1] + images[2]) / 2)
    np.testing.assert_allclose(summary.means[2], (images[0] + images[3] + images[4]) / 3)
    assert not summary.means[1].any()  # no training image
    assert summary.means.max() > 100  # of 255
