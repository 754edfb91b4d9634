import numpy as np
import pytest

from core.arrays import LabeledImages
from core.datasets.strokes import make_strokes
from core.inspection.orientation import orientation_of
from core.saving.shipped import load_shipped_network


@pytest.fixture(scope="module")
def network():
    return load_shipped_network().network


@pytest.fixture(scope="module")
def digits():
    return make_strokes(1, 300).test


def turned(digits, turn):
    images = np.ascontiguousarray(turn(digits.images.reshape(-1, 28, 28)))
    return LabeledImages(images.reshape(-1, 784), digits.labels)


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("upright", lambda images: images),
        ("transposed", lambda images: images.swapaxes(1, 2)),
        ("mirrored", lambda images: images[:, :, ::-1]),
        ("upside down", lambda images: np.rot90(images, 2, (1, 2))),
        ("turned to the left", lambda images: np.rot90(images, 1, (1, 2))),
        ("turned to the right", lambda images: np.rot90(images, -1, (1, 2))),
    ],
)
def test_is_noticed(network, digits, name, turn):
    orientation = orientation_of(turned(digits, turn), network)
    assert orientation.name == name
    assert orientation.is_transposed == (name == "transposed")
    assert (orientation.finding == "") == (name == "upright")
    assert f"{name}" in orientation.finding or name == "upright"


def test_of_what_the_network_cannot_read_nothing_is_said(network):
    rng = np.random.default_rng(0)
    noise = LabeledImages(
        rng.integers(0, 256, (300, 784)).astype(np.uint8), np.tile(np.arange(10), 30)
    )
    assert orientation_of(noise, network).name == "upright"
