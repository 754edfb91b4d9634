"""Whatever a small picture shows, digits are found in it, or an error says that there are none."""

from contextlib import suppress

import numpy as np
import pytest

from core.errors import DataError
from core.pictures.digits_in_picture import digits_in


def noise(rng, size):
    return rng.integers(0, 256, size)


def specks(rng, size):
    return 255 * (rng.random(size) < rng.random())


def stripes(rng, size):
    return np.tile(rng.integers(0, 256, size[1]), (size[0], 1))


def lying_stripes(rng, size):
    return stripes(rng, size[::-1]).T


def rectangles(rng, size):
    pixels = np.full(size, rng.integers(256))
    for _ in range(rng.integers(1, 8)):
        top, left = rng.integers(0, size)
        height, width = rng.integers(1, 20, 2)
        pixels[top : top + height, left : left + width] = rng.integers(256)
    return pixels


@pytest.mark.parametrize("kind", [noise, specks, stripes, lying_stripes, rectangles])
def test_any_picture_is_read_or_refused(kind):
    rng = np.random.default_rng(3)
    for _ in range(60):
        pixels = kind(rng, tuple(rng.integers(1, 60, 2).tolist())).astype(np.uint8)
        found = []
        with suppress(DataError):
            found = digits_in(pixels)
        assert all(digit.ink.any() for digit in found)
