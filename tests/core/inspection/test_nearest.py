"""Against distances computed one by one, in whole numbers."""

import tracemalloc

import numpy as np
import pytest

from core.arrays import LabeledImages
from core.inspection.nearest import NearestImages, Neighbors


def a_set(n=1300, seed=0):
    """Return n noise images with random labels; more than two blocks."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, 784)).astype(np.uint8)
    return LabeledImages(images, rng.integers(0, 10, n).astype(np.uint8))


def all_distances(images, image):
    """Return the distance of each, (n,)."""
    differences = images.images.astype(np.int64) - image.reshape(784).astype(np.int64)
    return np.sqrt((differences**2).sum(axis=1)) / 255


@pytest.mark.parametrize("n", [1, 9, 10, 11, 512, 513, 1300])
@pytest.mark.parametrize("shape", [(784,), (28, 28)])
def test_neighbors_are_those_of_all_distances(n, shape):
    images = a_set(n)
    image = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    distances = all_distances(images, image)
    expected = np.argsort(distances, kind="stable")[:10]
    found = NearestImages(images).find(image)
    np.testing.assert_array_equal(found.indices, expected)
    np.testing.assert_array_equal(found.labels, images.labels[expected])
    np.testing.assert_array_equal(found.distances, distances[expected])


def test_distances_are_exact_where_float32_would_round():
    """White images whose squares have more than 24 bits, and that differ in one gray value."""
    images = np.full((20, 784), 255, np.uint8)
    images[np.arange(20), 0] = 255 - np.arange(20)
    found = NearestImages(LabeledImages(images, np.zeros(20, np.uint8))).find(images[7], 5)
    assert found.indices.tolist() == [7, 6, 8, 5, 9]
    np.testing.assert_array_equal(found.distances * 255, [0, 1, 1, 2, 2])


def test_of_equal_images_the_first_of_the_set_come_first():
    image = np.random.default_rng(2).integers(0, 256, 784).astype(np.uint8)
    images = a_set()
    same = [3, 600, 601, 1100, 1299]
    images.images[same] = image
    assert NearestImages(images).find(image, 3).indices.tolist() == same[:3]


def test_a_search_changes_nothing_and_never_holds_all_images_as_floats():
    images, image = a_set(4 * 512), a_set(1, seed=3).images[0]
    before = images.images.copy(), image.copy()
    search = NearestImages(images)
    tracemalloc.start()
    try:
        search.find(image)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * 512 * 784 * 8
    np.testing.assert_array_equal(images.images, before[0])
    np.testing.assert_array_equal(image, before[1])


def test_votes_count_labels_and_the_nearest_decides_a_tie():
    labels = np.array([4, 9, 9, 4, 7], np.uint8)
    assert Neighbors(np.arange(5), labels, np.arange(5.0)).votes == [(4, 2), (9, 2), (7, 1)]
    labels = np.array([4, 9, 9, 9, 7], np.uint8)
    assert Neighbors(np.arange(5), labels, np.arange(5.0)).votes == [(9, 3), (4, 1), (7, 1)]
