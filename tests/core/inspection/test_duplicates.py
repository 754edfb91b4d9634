"""Duplicates are found exactly, whatever else is in the set."""

import numpy as np
import pytest

from core.arrays import PIXELS
from core.errors import Cancelled
from core.inspection import duplicates as module
from core.inspection.duplicates import NEAR, find_duplicates


def images_of(n, seed=0):
    """Return drawings that differ: blurred noise of about the ink of a digit."""
    rng = np.random.default_rng(seed)
    return (rng.random((n, PIXELS)) ** 6 * 255).astype(np.uint8)


def moved_by(image, distance):
    """Return a copy at this distance, on the scale from 0 to 1 for a pixel, as near as bytes go."""
    moved = image.astype(np.int64)
    pixels = np.argsort(moved, kind="stable")[:100]  # dark ones, which can become lighter
    moved[pixels] += round(distance * 255 / 10)
    return moved.astype(np.uint8)


def groups(found):
    return [group.tolist() for group in found.groups]


def test_exact_and_near_ones_are_found_and_others_are_not():
    images = images_of(50)
    images[7] = images[31] = images[3]
    images[20] = moved_by(images[11], 0.9 * NEAR)
    images[41] = moved_by(images[12], 1.2 * NEAR)
    found = find_duplicates(images, images_of(9, seed=1))
    assert groups(found) == [[3, 7, 31], [11, 20]]
    assert not len(found.in_test)


def test_those_of_the_test_set_are_named():
    images, test = images_of(30), images_of(10, seed=1)
    test[4] = images[8]
    test[5] = moved_by(images[20], 0.5)
    images[21] = images[20]
    found = find_duplicates(images, test)
    assert groups(found) == [[20, 21]]
    assert found.in_test.tolist() == [8, 20, 21]


@pytest.mark.parametrize("block", [3, 16])
def test_blocks_lose_no_pair(monkeypatch, block):
    monkeypatch.setattr(module, "_BLOCK", block)
    monkeypatch.setattr(module, "_WIDEST", block)
    images = images_of(60)
    for first, second in ((0, 59), (5, 6), (10, 30)):
        images[second] = moved_by(images[first], 0.8)
    assert groups(find_duplicates(images, images[:0])) == [[0, 59], [5, 6], [10, 30]]


def test_many_equal_images_are_one_group():
    near = np.stack([moved_by(images_of(1)[0], share) for share in np.linspace(0, 0.9, 40)])
    found = find_duplicates(np.concatenate([near, near]), near[:1])
    assert [len(group) for group in found.groups] == [80]
    assert len(found.in_test) == 80


def test_a_set_without_any():
    found = find_duplicates(images_of(2), images_of(1, seed=1))
    assert not found.groups
    assert found.in_test.shape == (0,)


def test_duplicates_within_the_test_set_are_of_no_concern():
    test = images_of(1, seed=1).repeat(2, axis=0)
    found = find_duplicates(images_of(4), test)
    assert not found.groups
    assert not len(found.in_test)


def test_it_can_be_cancelled():
    def cancel(_done, _total):
        raise Cancelled

    with pytest.raises(Cancelled):
        find_duplicates(images_of(5), images_of(2), cancel)
