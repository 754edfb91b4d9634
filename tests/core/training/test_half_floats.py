"""Rounding to half precision, against NumPy's."""

import numpy as np
import pytest

from core.training.half_floats import LARGEST, half_floats


def bits(half):
    return half.view(np.uint16).tolist()


def assert_like_numpy(numbers):
    assert bits(half_floats(numbers)) == bits(numbers.astype(np.float16))


def test_all_halves_and_what_lies_around_and_between_them():
    """Each number of half precision, each middle of two, and the float32 on either side of those.

    That is all where rounding changes its direction.
    """
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float32)
    middles = (halves[:-1] + halves[1:]) / 2
    edges = np.concatenate((halves, middles))
    near = np.concatenate((edges, np.nextafter(edges, 0), np.nextafter(edges, LARGEST)))
    near = np.concatenate((near, -near)).astype(np.float32)
    assert_like_numpy(near)


@pytest.mark.parametrize("scale", [1e-9, 1e-7, 1e-5, 0.05, 300.0])
@pytest.mark.parametrize("size", [1, 3, 40_000])
def test_numbers_of_any_size(scale, size):
    """Also those that half precision has few digits for, and more than are rounded at once."""
    rng = np.random.default_rng(0)
    assert_like_numpy((scale * rng.normal(size=size)).astype(np.float32))


def test_beyond_the_largest_it_is_that_and_nan_is_nan():
    numbers = np.float32([1e9, -1e9, np.inf, -np.inf, 65_505, 1.5])
    largest = np.float16(LARGEST)
    expected = [largest, -largest, largest, -largest, largest, np.float16(1.5)]
    assert half_floats(numbers).tolist() == expected
    assert np.isnan(half_floats(np.float32([np.nan, 1.0]))).tolist() == [True, False]


def test_double_precision_and_no_numbers():
    numbers = np.array([0.1, 1e-8, -3.0])
    assert_like_numpy(numbers)
    assert half_floats(np.zeros(0, np.float32)).shape == (0,)
