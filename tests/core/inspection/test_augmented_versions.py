import numpy as np

from core.inspection.augmented_versions import augmented_versions
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from core.training.warp import Warp

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[8:20, 12:16] = np.linspace(100, 255, 12)[:, np.newaxis]


def test_versions_are_those_of_training():
    batch = np.tile(IMAGE.reshape(784), (7, 1))
    warp = Warp(7)
    warp.draw(DEFAULT_AUGMENTATION, 7, np.random.default_rng(5))
    expected = np.empty((7, 784), np.float32)
    warp.apply(batch, expected, 0)
    for image in (IMAGE, IMAGE.reshape(784)):
        versions = augmented_versions(image, DEFAULT_AUGMENTATION, 7, seed=5)
        np.testing.assert_array_equal(versions, expected)
    assert len(np.unique(expected, axis=0)) == 7


def test_without_augmentation_all_are_the_image_itself():
    versions = augmented_versions(IMAGE, NO_AUGMENTATION, 3, seed=0)
    np.testing.assert_allclose(versions, np.tile(IMAGE.reshape(784) / 255, (3, 1)), atol=1e-6)


def centers(shift, seed=1):
    """Return how far the ink of each version has moved to the right, in pixels."""
    versions = augmented_versions(IMAGE, Augmentation(shift=shift), 6, seed).reshape(6, 28, 28)
    along_x = versions.sum(axis=1)
    return along_x @ np.arange(28) / along_x.sum(axis=1) - 13.5


def test_a_stronger_shift_moves_the_same_versions_on_along_their_way():
    np.testing.assert_allclose(centers(4.0), 2 * centers(2.0), atol=1e-3)
    assert np.abs(centers(4.0)).max() > 1
    assert np.abs(centers(4.0, seed=2) - centers(4.0)).max() > 1


def test_another_strength_leaves_the_elastic_distortion_as_it_is():
    """The rest is drawn first, and always as many numbers."""
    calm = augmented_versions(IMAGE, Augmentation(elastic=1.5), 4, seed=3)
    turned = augmented_versions(IMAGE, Augmentation(elastic=1.5, rotation=1e-4), 4, seed=3)
    np.testing.assert_allclose(calm, turned, atol=1e-3)
    assert np.abs(calm - IMAGE.reshape(784) / 255).max() > 0.1
