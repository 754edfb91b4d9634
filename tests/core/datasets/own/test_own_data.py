import numpy as np
import pytest

from core.arrays import LabeledImages
from core.datasets.own.own_data import own_dataset, read_own_data
from core.datasets.own.own_images import OwnImages
from core.errors import DataError
from core.settings.config import RunConfig
from core.settings.data_source import OwnData
from core.training.trainer import Trainer
from tests.core.datasets.own.small_sets import IMAGES, LABELS


def decided(images, **choices):
    """The data set of these images, and the report."""
    return own_dataset(images, OwnData("/here", **choices))


FLAT = IMAGES.reshape(-1, 784)


def own(images=FLAT, labels=LABELS, test=None):
    train = LabeledImages(images, labels.astype(np.uint8))
    return OwnImages("NumPy arrays", ("a", "b", "c"), train, test)


def test_what_needs_no_guess_stays():
    test = LabeledImages(FLAT[:9], LABELS[:9].astype(np.uint8))
    dataset, report = decided(own(test=test))
    np.testing.assert_array_equal(dataset.train_images, FLAT)
    np.testing.assert_array_equal(dataset.test_images, FLAT[:9])
    assert report.lines == (
        "Read from NumPy arrays: 3 classes (a, b, c), 60 training images, 9 test images.",
        "Light and dark stay, because the borders are dark.",
    )


class TestSplit:
    def test_takes_one_in_seven_of_each_class(self):
        dataset, report = decided(own())
        assert report.test_counts == (3, 3, 3)
        assert report.train_counts == (17, 17, 17)
        assert not report.has_own_test_set
        everything = np.concatenate([dataset.train_images, dataset.test_images])
        assert {image.tobytes() for image in everything} == {image.tobytes() for image in FLAT}

    def test_is_the_same_for_the_same_seed(self):
        first, second, other = (decided(own(), split_seed=seed)[0].test for seed in (3, 3, 4))
        np.testing.assert_array_equal(first.images, second.images)
        assert (first.images != other.images).any()

    def test_keeps_labels_with_their_images(self):
        labeled = {image.tobytes(): label for image, label in zip(FLAT, LABELS, strict=True)}
        dataset, _ = decided(own(FLAT, LABELS))
        train = LabeledImages(dataset.train_images, dataset.train_labels)
        for part in (train, dataset.test):
            for image, label in zip(part.images, part.labels, strict=True):
                assert labeled[image.tobytes()] == label

    def test_takes_at_least_one(self):
        labels = np.array([0, 1, 2] * 2)
        assert decided(own(FLAT[:6], labels))[1].test_counts == (1, 1, 1)

    def test_a_single_image_cannot_be_in_both_parts(self):
        with pytest.raises(DataError, match="class 'c' of '/here' has 1 image"):
            decided(own(FLAT[:5], np.array([0, 1, 0, 1, 2])))


class TestOrder:
    def test_mixed_images_keep_it(self):
        dataset, report = decided(own(test=LabeledImages(FLAT[:3], LABELS[:3].astype(np.uint8))))
        assert not report.is_mixed
        np.testing.assert_array_equal(dataset.train_labels, LABELS)

    def test_images_that_come_class_by_class_are_mixed(self):
        dataset, report = decided(own(FLAT, np.sort(LABELS)))
        assert report.is_mixed
        assert set(dataset.train_labels[-12:]) == {0, 1, 2}  # a validation split has each class


class TestPolarity:
    def test_light_borders_are_inverted(self):
        dataset, report = decided(own(255 - FLAT))
        assert report.is_inverted
        assert report.border == 255
        assert "Light and dark are swapped, because the borders are light." in report.lines
        everything = np.concatenate([dataset.train_images, dataset.test_images])
        assert {image.tobytes() for image in everything} == {image.tobytes() for image in FLAT}

    def test_a_choice_decides(self):
        _, report = decided(own(255 - FLAT), is_inverted=False)
        assert not report.is_inverted
        assert "Light and dark stay, as chosen." in report.lines


def test_transposing_swaps_rows_and_columns():
    test = LabeledImages(FLAT[:9], LABELS[:9].astype(np.uint8))
    dataset, report = decided(own(test=test), is_transposed=True)
    np.testing.assert_array_equal(dataset.train_images.reshape(-1, 28, 28), IMAGES.swapaxes(1, 2))
    np.testing.assert_array_equal(
        dataset.test_images.reshape(-1, 28, 28), IMAGES[:9].swapaxes(1, 2)
    )
    assert "Rows and columns are swapped." in report.lines


def test_the_name_of_the_data_set_holds_what_was_decided():
    dataset, _ = decided(own(255 - FLAT), split_seed=5)
    assert dataset.name == OwnData("/here", ("a", "b", "c"), False, True, 5)
    again, _ = own_dataset(own(255 - FLAT), dataset.name)
    assert again.checksum == dataset.checksum


def test_other_classes_than_before_are_refused():
    with pytest.raises(DataError, match="has the classes a, b, c, and not x, y as before"):
        decided(own(), classes=("x", "y"))


def test_a_run_on_own_data_trains(tmp_path):
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=LABELS)
    dataset = read_own_data(OwnData(str(tmp_path / "set.npz")))
    trainer = Trainer(RunConfig(dataset.name), dataset)
    trainer.step()
    assert trainer.network.sizes[-1] == 3
