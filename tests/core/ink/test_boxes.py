import numpy as np
import pytest

from core.ink.boxes import box_around, label_components


def flooded(mask):
    """The same labels, found by walking from each component's first pixel to all its neighbors."""
    places = [tuple(place) for place in np.argwhere(mask).tolist()]
    labels = np.zeros(mask.shape, int)
    for number, start in enumerate(places, start=1):
        ahead = [] if labels[start] else [start]
        while ahead:
            y, x = ahead.pop()
            labels[y, x] = number
            near = [(y + down, x + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
            ahead += [place for place in near if place in places and not labels[place]]
    return labels


@pytest.mark.parametrize("share", [0.1, 0.3, 0.4, 0.6])
def test_components_are_what_a_walk_can_reach(share):
    mask = np.random.default_rng(0).random((20, 30)) < share
    np.testing.assert_array_equal(label_components(mask), flooded(mask))


def test_a_spiral_is_one_component():
    """Its path runs back and forth through the order in which pixels are numbered."""
    mask = np.zeros((15, 15), np.bool_)
    y, x, step = 0, -1, (0, 1)
    for length in (15, 14, 14, 12, 12, 10, 10, 8, 8, 6, 6, 4, 4, 2, 2):
        for _ in range(length):
            y, x = y + step[0], x + step[1]
            mask[y, x] = True
        step = (step[1], -step[0])
    labels = label_components(mask)
    assert set(labels[mask]) == {1}
    assert set(labels[~mask]) == {0}


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_narrow_pictures_also_have_components(shape):
    assert not label_components(np.zeros(shape, np.bool_)).any()
    assert (label_components(np.ones(shape, np.bool_)) == 1).all()


def test_the_box_contains_all_marked_pixels():
    mask = np.zeros((9, 8), np.bool_)
    mask[2, 3] = mask[6, 4] = True
    box = box_around(mask)
    assert box == (2, 7, 3, 5)
    assert box.side == 5
