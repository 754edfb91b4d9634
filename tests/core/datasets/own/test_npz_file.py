import zipfile

import numpy as np
import pytest

from core.datasets.own.reading import read_own_images
from core.errors import Cancelled, DataError
from tests.core.datasets.own.small_sets import IMAGES, LABELS, images


@pytest.fixture
def path(tmp_path):
    return tmp_path / "set.npz"


def test_as_keras_writes_it(path):
    np.savez(path, x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:9], y_test=LABELS[:9])
    read = read_own_images(path)
    assert read.classes == ("0", "1", "2")
    np.testing.assert_array_equal(read.train.images, IMAGES.reshape(-1, 784))
    np.testing.assert_array_equal(read.train.labels, LABELS)
    np.testing.assert_array_equal(read.test.images, IMAGES[:9].reshape(-1, 784))
    assert read.train.labels.dtype == np.uint8
    assert read.fitted == 0


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_one_pair_of_arrays(path, save):
    save(path, images=IMAGES.reshape(-1, 784), labels=LABELS + 1, ink=np.zeros(3))
    read = read_own_images(path)
    assert read.classes == ("1", "2", "3")
    assert read.test is None
    np.testing.assert_array_equal(read.train.images, IMAGES.reshape(-1, 784))
    np.testing.assert_array_equal(read.train.labels, LABELS)


def test_validation_images_are_added_or_are_the_test_set(path):
    parts = {"train_images": IMAGES, "train_labels": LABELS[:, None]}  # as MedMNIST has labels
    parts |= {"val_images": IMAGES[:6], "val_labels": LABELS[:6, None]}
    np.savez(path, **parts)
    assert len(read_own_images(path).test.labels) == 6
    np.savez(path, **parts, test_images=IMAGES[:9], test_labels=LABELS[:9, None])
    read = read_own_images(path)
    assert (len(read.train.labels), len(read.test.labels), read.joined) == (66, 9, "val")


@pytest.mark.parametrize(
    "pixels",
    [
        IMAGES.astype(np.int64),
        IMAGES.astype(np.float32),
        (IMAGES / 255).astype(np.float32),
        IMAGES / 255,
        IMAGES[..., None].astype(">u2"),
        np.repeat(IMAGES[..., None], 3, axis=3),
    ],
    ids=["integers", "float levels", "float32 fractions", "fractions", "a channel", "colors"],
)
def test_pixels_of_other_types_are_the_same_levels(path, pixels):
    np.savez(path, images=pixels, labels=LABELS)
    np.testing.assert_array_equal(read_own_images(path).train.images, IMAGES.reshape(-1, 784))


def test_one_hot_labels(path):
    np.savez(path, images=IMAGES, labels=np.eye(3)[LABELS])
    np.testing.assert_array_equal(read_own_images(path).train.labels, LABELS)


def test_dim_levels_are_stretched(path):
    """As scikit-learn's digits of 8×8, with levels of 0 to 16."""
    pixels = np.rint(images(60, 8) * (16 / 255))
    np.savez(path, images=pixels.reshape(60, 64), labels=LABELS)
    read = read_own_images(path)
    assert read.brightest == 16
    assert read.train.images.max() == 255
    assert read.fitted == 60


def test_booleans(path):
    np.savez(path, images=IMAGES > 127, labels=LABELS)
    assert set(np.unique(read_own_images(path).train.images)) == {0, 255}


def test_other_sizes_are_fitted(path):
    np.savez(path, images=images(60, 56), labels=LABELS)
    read = read_own_images(path)
    assert read.train.images.shape == (60, 784)
    assert read.fitted == 60


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"pixels": IMAGES}, "has no arrays x_train, y_train, x_test and y_test, or images"),
        ({"images": IMAGES, "labels": LABELS[1:]}, "does not fit the 59 labels in labels"),
        ({"images": IMAGES[:, :, :27], "labels": LABELS}, None),
        ({"images": IMAGES.reshape(60, -1)[:, 1:], "labels": LABELS}, "has 783 values"),
        ({"images": IMAGES[..., None, None], "labels": LABELS}, "28×28×1×1"),
        ({"images": IMAGES - 1.0, "labels": LABELS}, "pixel values of −1 to 254"),
        ({"images": IMAGES * 2.0, "labels": LABELS}, "pixel values of 0 to 510"),
        ({"images": IMAGES * np.nan, "labels": LABELS}, "pixel values of nan"),
        ({"images": IMAGES * 0, "labels": LABELS}, "All pixels of"),
        ({"images": np.asfortranarray(IMAGES), "labels": LABELS}, "column order"),
        ({"images": IMAGES, "labels": LABELS * 0}, "has 1 class \\(0\\), but 2 to 10"),
        ({"images": IMAGES, "labels": np.arange(60)}, "has 60 classes \\(0, 1, .*…\\).*Leave out"),
        ({"images": IMAGES, "labels": LABELS + 0.5}, "has the label 0.5 at 0"),
        ({"images": IMAGES, "labels": LABELS.astype(str)}, "is <U21 \\(60,\\), but labels are"),
        ({"images": IMAGES, "labels": np.ones((60, 3))}, "not a single 1 in each row"),
        ({"images": IMAGES, "labels": np.eye(26)[LABELS]}, "has 26 columns, one for each class"),
        ({"images": IMAGES[:0], "labels": LABELS[:0]}, "contains no images"),
        (
            {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES, "y_test": LABELS + 1},
            "test images with the label 3, but no training images",
        ),
    ],
)
def test_faults_are_named(path, arrays, says):
    np.savez(path, **arrays)
    if says is None:
        assert read_own_images(path).fitted == 60  # 28×27
        return
    with pytest.raises(DataError, match=says):
        read_own_images(path)


def test_pickles_are_not_opened(path, tmp_path):
    class Trap:
        def __reduce__(self):
            return open, (str(tmp_path / "opened"), "w")

    np.savez(path, images=np.array([Trap()] * 60, object), labels=LABELS)
    with pytest.raises(DataError, match="pickled objects are never opened"):
        read_own_images(path)
    assert not (tmp_path / "opened").exists()


def test_damaged_files_are_refused(path):
    np.savez_compressed(path, images=IMAGES, labels=LABELS)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="is damaged, or not an"):
        read_own_images(path)


def test_a_claim_of_many_images_allocates_nothing(path):
    def member(shape, content):
        header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
        return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", member("(300000, 28, 28)", b""))
        archive.writestr("labels.npy", member("(300000,)", bytes(150_000) + b"\1" * 150_000))
    with pytest.raises(DataError, match="cut short"):
        read_own_images(path)


def test_can_be_cancelled(path):
    def cancel(done, total):
        raise Cancelled

    np.savez(path, images=IMAGES, labels=LABELS)
    with pytest.raises(Cancelled):
        read_own_images(path, cancel)
