import numpy as np
import pytest

from core.datasets.dataset import Dataset
from core.errors import ConfigError, DataError
from tests.core.digits import tiny_dataset


@pytest.mark.parametrize("validation", [0, 1, 60, 199])
def test_the_last_images_are_held_out(validation):
    dataset = tiny_dataset()
    training, held_out = dataset.hold_out(validation)
    assert len(training.labels) == len(training.images) == 200 - validation
    assert len(held_out.labels) == len(held_out.images) == validation
    # Together they are the whole set in order, so no image is in both.
    for name in ("images", "labels"):
        whole = np.concatenate([getattr(training, name), getattr(held_out, name)])
        np.testing.assert_array_equal(whole, getattr(dataset, f"train_{name}"))
        assert not getattr(training, name).flags.writeable


@pytest.mark.parametrize("validation", [200, 201, 50_000])
def test_holding_out_everything_is_refused(validation):
    with pytest.raises(ConfigError, match=r"'strokes' has 200 training images"):
        tiny_dataset().hold_out(validation)


def test_the_test_set_is_given_as_it_is():
    dataset = tiny_dataset()
    assert dataset.test.images is dataset.test_images
    assert dataset.test.labels is dataset.test_labels


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("train_images", np.zeros((200, 784), np.float32)),
        ("train_images", np.zeros((200, 28, 28), np.uint8)),
        ("test_images", np.zeros((100, 783), np.uint8)),
        ("train_labels", np.zeros(199, np.uint8)),
        ("train_labels", np.zeros(200, np.int64)),
        ("test_labels", np.full(100, 10, np.uint8)),
    ],
)
def test_arrays_of_other_shapes_are_refused(name, array):
    arrays = {key: value for key, value in vars(tiny_dataset()).items() if key != "name"}
    with pytest.raises(DataError, match=name.split("_")[0]):
        Dataset("strokes", **(arrays | {name: array}))
