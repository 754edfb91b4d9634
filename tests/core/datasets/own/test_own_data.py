import numpy as np
import pytest

from core.arrays import LabeledImages
from core.datasets.own.own_data import decided
from core.datasets.own.own_images import OwnImages
from core.errors import DataError
from tests.core.datasets.own.small_sets import IMAGES, LABELS

FLAT = IMAGES.reshape(-1, 784)


def own(images=FLAT, labels=LABELS, test=None):
    train = LabeledImages(images, labels.astype(np.uint8))
    return OwnImages("NumPy arrays", ("a", "b", "c"), train, test)


def test_what_needs_no_guess_stays(tmp_path):
    test = LabeledImages(FLAT[:9], LABELS[:9].astype(np.uint8))
    parts = decided(own(test=test))
    np.testing.assert_array_equal(parts.train.images, FLAT)
    np.testing.assert_array_equal(parts.test.images, FLAT[:9])
    assert parts.report.lines == (
        "Read from NumPy arrays: 3 classes (a, b, c), 60 training images, 9 test images.",
        "Light and dark stay, because the borders are dark.",
    )


class TestSplit:
    def test_takes_one_in_seven_of_each_class(self):
        parts = decided(own())
        assert parts.report.test_counts == (3, 3, 3)
        assert parts.report.train_counts == (17, 17, 17)
        assert not parts.report.has_own_test_set
        everything = np.concatenate([parts.train.images, parts.test.images])
        assert {image.tobytes() for image in everything} == {image.tobytes() for image in FLAT}

    def test_is_the_same_for_the_same_seed(self):
        first, second, other = (decided(own(), split_seed=seed).test for seed in (3, 3, 4))
        np.testing.assert_array_equal(first.images, second.images)
        assert (first.images != other.images).any()

    def test_keeps_labels_with_their_images(self):
        labeled = {image.tobytes(): label for image, label in zip(FLAT, LABELS, strict=True)}
        parts = decided(own(FLAT, LABELS))
        for part in (parts.train, parts.test):
            for image, label in zip(part.images, part.labels, strict=True):
                assert labeled[image.tobytes()] == label

    def test_takes_at_least_one(self):
        labels = np.array([0, 1, 2] * 2)
        assert decided(own(FLAT[:6], labels)).report.test_counts == (1, 1, 1)

    def test_a_single_image_cannot_be_in_both_parts(self):
        with pytest.raises(DataError, match="class 'c' has 1 image"):
            decided(own(FLAT[:5], np.array([0, 1, 0, 1, 2])))


class TestOrder:
    def test_mixed_images_keep_it(self):
        parts = decided(own(test=LabeledImages(FLAT[:3], LABELS[:3].astype(np.uint8))))
        assert not parts.report.is_mixed
        np.testing.assert_array_equal(parts.train.labels, LABELS)

    def test_images_that_come_class_by_class_are_mixed(self):
        parts = decided(own(FLAT, np.sort(LABELS)))
        assert parts.report.is_mixed
        assert set(parts.train.labels[-12:]) == {0, 1, 2}  # a validation split has each class


class TestPolarity:
    def test_light_borders_are_inverted(self):
        parts = decided(own(255 - FLAT))
        assert parts.report.is_inverted
        assert parts.report.border == 255
        assert "Light and dark are swapped, because the borders are light." in parts.report.lines
        everything = np.concatenate([parts.train.images, parts.test.images])
        assert {image.tobytes() for image in everything} == {image.tobytes() for image in FLAT}

    def test_a_choice_decides(self):
        report = decided(own(255 - FLAT), is_inverted=False).report
        assert not report.is_inverted
        assert "Light and dark stay, as chosen." in report.lines


def test_transposing_swaps_rows_and_columns():
    test = LabeledImages(FLAT[:9], LABELS[:9].astype(np.uint8))
    parts = decided(own(test=test), is_transposed=True)
    np.testing.assert_array_equal(parts.train.images.reshape(-1, 28, 28), IMAGES.swapaxes(1, 2))
    np.testing.assert_array_equal(parts.test.images.reshape(-1, 28, 28), IMAGES[:9].swapaxes(1, 2))
    assert "Rows and columns are swapped." in parts.report.lines
