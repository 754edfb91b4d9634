import numpy as np
import pytest

from core.datasets.own.reading import read_own_images
from core.errors import Cancelled, DataError
from tests.core.datasets.own.small_sets import IMAGES, LABELS, idx, images, write_idx


@pytest.mark.parametrize("prefix", ["", "emnist-digits-", "my."])
@pytest.mark.parametrize("zips", [False, True])
def test_two_pairs(tmp_path, prefix, zips):
    write_idx(tmp_path, prefix, zips=zips)
    write_idx(tmp_path, prefix, "test" if prefix else "t10k", IMAGES[:9], LABELS[:9])
    (tmp_path / "emnist-digits-mapping.txt").write_text("0 48")
    read = read_own_images(tmp_path)
    assert read.classes == ("0", "1", "2")
    np.testing.assert_array_equal(read.train.images, IMAGES.reshape(-1, 784))
    np.testing.assert_array_equal(read.train.labels, LABELS)
    np.testing.assert_array_equal(read.test.images, IMAGES[:9].reshape(-1, 784))


def test_one_pair_of_another_size(tmp_path):
    write_idx(tmp_path, "", pixels=images(60, 20))
    read = read_own_images(tmp_path)
    assert read.test is None
    assert read.fitted == 60


def test_of_several_sets_a_file_chooses_one(tmp_path):
    write_idx(tmp_path, "emnist-digits-")
    write_idx(tmp_path, "emnist-mnist-", pixels=IMAGES[:30], labels=LABELS[:30])
    write_idx(tmp_path, "emnist-mnist-", "test", IMAGES[:9], LABELS[:9])
    with pytest.raises(DataError, match=r"several data sets.*emnist-mnist-train-images-idx3-ubyte"):
        read_own_images(tmp_path)
    read = read_own_images(tmp_path / "emnist-mnist-train-images-idx3-ubyte")
    assert (len(read.train.labels), len(read.test.labels)) == (30, 9)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("train-images-idx3-ubyte", idx(IMAGES)[:-1], "images-idx3-ubyte' is cut off"),
        ("train-images-idx3-ubyte", idx(IMAGES) + b"0", "is longer than its header"),
        ("train-images-idx3-ubyte", idx(IMAGES[1:]), "has 59 images, but there are 60 labels"),
        ("train-images-idx3-ubyte", idx(LABELS), "begins with 00 00 08 01 instead of 00 00 08 03"),
        ("train-images-idx3-ubyte", b"<html>", "begins with 3c 68 74 6d"),
        ("train-images-idx3-ubyte", idx(IMAGES)[:9], "is cut off"),
        ("train-images-idx3-ubyte", b"", "cannot be read: it is empty"),
        ("train-images-idx3-ubyte", b"\x1f\x8b\x08\x00", "cannot be decompressed"),
        ("train-labels-idx1-ubyte", idx(LABELS)[:-1], "labels-idx1-ubyte' is cut off"),
        ("train-labels-idx1-ubyte", idx(LABELS)[:4] + b"\xff" * 4, "has 4,294,967,295 images"),
        ("train-labels-idx1-ubyte", idx(np.arange(60)), "has 60 classes"),
        ("train-labels-idx1-ubyte", None, "has no labels: there is no train-labels-idx1-ubyte"),
    ],
)
def test_faults_are_named(tmp_path, name, content, says):
    write_idx(tmp_path, "")
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=says):
        read_own_images(tmp_path)


def test_can_be_cancelled(tmp_path):
    def cancel(done, total):
        raise Cancelled

    write_idx(tmp_path, "")
    with pytest.raises(Cancelled):
        read_own_images(tmp_path, cancel)
