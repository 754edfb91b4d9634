import numpy as np
import pytest

from gui.curves.pyramid import Pyramid, envelope


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n).astype(np.float32)


def filled(values, *, piece=None):
    pyramid = Pyramid()
    for end in range(piece or len(values), len(values) + (piece or 1), piece or 1):
        pyramid.update(values[: min(end, len(values))])
    return pyramid


def test_few_values_are_all_there():
    values = noise(100)
    thinned = filled(values).thin(0, 100, 1000)
    assert thinned.width == 1
    np.testing.assert_array_equal(thinned.x, np.arange(1, 101))
    for part in (thinned.low, thinned.high, thinned.mean):
        np.testing.assert_array_equal(part, values)


@pytest.mark.parametrize("n", [1, 15, 16, 17, 999, 5_000, 100_003])
def test_nothing_is_hidden_and_the_mean_is_kept(n):
    values = noise(n)
    thinned = filled(values).thin(0, n, 200)
    assert len(thinned.x) <= 201
    assert thinned.low.min() == values.min()
    assert thinned.high.max() == values.max()
    widths = np.full(len(thinned.x), thinned.width)
    if n % thinned.width:
        widths[-1] = n % thinned.width
    assert widths.sum() == n
    assert (thinned.mean * widths).sum() / n == pytest.approx(values.mean(), abs=1e-4)


@pytest.mark.parametrize("piece", [1, 7, 64, 1000])
def test_growing_piece_by_piece_gives_the_same(piece):
    values = noise(3_000)
    whole = filled(values).thin(0, 3_000, 50)
    grown = filled(values, piece=piece).thin(0, 3_000, 50)
    for name in ("x", "low", "high", "mean"):
        np.testing.assert_allclose(getattr(grown, name), getattr(whole, name), rtol=1e-5)


def test_the_newest_value_is_always_there():
    values = np.zeros(1_001, np.float32)
    values[-1] = 5
    thinned = filled(values).thin(0, 1_001, 100)
    assert thinned.high[-1] == 5


def test_drawn_points_stay_as_they_are_while_the_series_grows():
    values = noise(20_000)
    early = filled(values[:15_000]).thin(0, 15_000, 1000)
    late = filled(values).thin(0, 20_000, 1250)
    assert early.width == late.width
    complete = 15_000 // early.width
    np.testing.assert_array_equal(early.low[:complete], late.low[:complete])
    np.testing.assert_array_equal(early.x[:complete], late.x[:complete])


def test_a_part_in_view_is_finer():
    values = noise(100_000)
    pyramid = filled(values)
    part = pyramid.thin(50_000, 50_100, 1000)
    assert part.width == 1
    np.testing.assert_array_equal(part.mean, values[50_000:50_100])


def test_a_series_that_begins_anew():
    pyramid = filled(noise(5_000))
    fresh = noise(2_000, seed=1)
    pyramid.update(fresh)
    assert pyramid.thin(0, 2_000, 50).high.max() == fresh.max()


def test_an_empty_series_is_no_error():
    pyramid = Pyramid()
    pyramid.update(np.empty(0, np.float32))
    assert len(pyramid.thin(-5, 10, 100).x) == 0


def test_envelope_goes_through_low_and_high():
    x, y = envelope(np.array([1.0, 2]), np.array([3.0, 4]), np.array([5.0, 6]))
    np.testing.assert_array_equal(x, [1, 1, 2, 2])
    np.testing.assert_array_equal(y, [3, 5, 4, 6])
