import numpy as np
import pytest

from core.history.spread import SMOOTHED_IMAGES, SMOOTHED_SHARE, Spread


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n).astype(np.float32)


def single(values, images=None):
    """Items of one measurement each."""
    count = np.arange(1, len(values) + 1)
    images = np.ones(len(values), int) if images is None else np.asarray(images)
    return Spread(count - 1, count, images, values, values, values)


def test_few_values_are_all_kept():
    values = noise(100)
    thinned = single(values).thin(0, 100, 1000)
    assert not thinned.is_thinned
    np.testing.assert_array_equal(thinned.x, np.arange(1, 101))
    for part in (thinned.low, thinned.high, thinned.mean):
        np.testing.assert_array_equal(part, values)


@pytest.mark.parametrize("n", [1, 15, 16, 17, 999, 5_000, 100_003])
def test_thinning_out_hides_nothing_and_keeps_the_mean(n):
    values = noise(n)
    images = np.random.default_rng(1).integers(1, 100, n)
    thinned = single(values, images).thin(0, n, 200)
    assert len(thinned) <= 201
    assert thinned.low.min() == values.min()
    assert thinned.high.max() == values.max()
    widths = thinned.count - thinned.before
    assert len(set(widths[:-1])) <= 1
    assert widths.sum() == n
    mean = np.average(thinned.mean, weights=thinned.weight)
    assert mean == pytest.approx(np.average(values.astype(float), weights=images), abs=1e-6)


def test_a_mean_is_weighted_by_images():
    thinned = single(np.float32([1, 4, 7, 2]), [1, 2, 3, 1]).thin(0, 4, 2)
    np.testing.assert_allclose(thinned.mean, [3, 23 / 4])
    np.testing.assert_array_equal(thinned.weight, [3, 4])
    np.testing.assert_array_equal(thinned.x, [1.5, 3.5])


def test_thinning_out_what_is_thinned_out_gives_the_same():
    """As in the buckets of a history."""
    values, images = noise(5_000), np.random.default_rng(1).integers(1, 100, 5_000)
    once = single(values, images).thin(0, 5_000, 100)
    twice = single(values, images).thin(0, 5_000, 700).thin(0, 5_000, 100)
    for name in ("before", "count", "weight", "low", "high"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(once, name))
    np.testing.assert_allclose(twice.mean, once.mean, rtol=1e-12)


def test_items_that_are_wide_already_stay_as_they_are():
    whole = single(noise(1_000))
    mixed = Spread(
        *(
            np.append(a, b)
            for a, b in zip(
                vars(whole[:512].thin(0, 512, 16)).values(), vars(whole[512:]).values(), strict=True
            )
        )
    )
    thinned = mixed.thin(0, 1_000, 125)
    np.testing.assert_array_equal(thinned.count[:16], np.arange(32, 513, 32))
    np.testing.assert_array_equal(thinned.count[16:], np.append(np.arange(520, 1_000, 8), 1_000))
    part = mixed.thin(*mixed.around(40, 50), 1_000)
    np.testing.assert_array_equal(part.count, [32, 64, 96])


def test_the_newest_value_is_always_kept():
    values = np.zeros(1_001, np.float32)
    values[-1] = 5
    assert single(values).thin(0, 1_001, 100).high[-1] == 5


def test_drawn_points_do_not_change_while_the_series_grows():
    values = noise(20_000)
    early = single(values[:15_000]).thin(0, 15_000, 1000)
    late = single(values).thin(0, 20_000, 1250)
    complete = 15_000 // early.count[0]
    assert complete > 500
    for name in ("x", "low", "high", "mean"):
        kept = getattr(late, name)[:complete]
        np.testing.assert_array_equal(getattr(early, name)[:complete], kept)


def test_a_zoomed_part_has_more_detail():
    values = noise(100_000)
    part = single(values).thin(50_000, 50_100, 1000)
    np.testing.assert_array_equal(part.count, np.arange(50_001, 50_101))
    np.testing.assert_array_equal(part.mean, values[50_000:50_100])


def test_an_empty_series_is_no_error():
    empty = single(np.empty(0, np.float32))
    assert len(empty.thin(*empty.around(-5, 10), 100)) == 0
    assert len(empty.smoothed(empty)) == 0


# --- smoothing ------------------------------------------------------------------------------------


def smoothed_slowly(values, images, step):
    """The mean over the last images at the end of a step, computed image by image."""
    each = np.repeat(values[:step], images[:step])
    window = min(SMOOTHED_IMAGES, len(each) * SMOOTHED_SHARE)
    window = max(window, images[step - 1])
    whole = int(window)
    newest = each[len(each) - whole :].sum()
    return (newest + (window - whole) * each[len(each) - whole - 1]) / window


@pytest.mark.parametrize("step", [1, 2, 7, 8, 9, 50, 299, 300, 301, 340, 600])
def test_smoothing_goes_over_a_fixed_number_of_images_whatever_the_batch_size(step):
    images = np.repeat([64, 3, 500], [300, 200, 100])
    values = noise(600).astype(float)
    spread = single(values, images)
    expected = smoothed_slowly(values, images, step)
    assert spread.smoothed(spread)[step - 1] == pytest.approx(expected, rel=1e-9)


def test_a_later_change_of_the_batch_size_does_not_change_the_past():
    values = noise(1_000).astype(float)
    before = single(values[:500], np.full(500, 64))
    after = single(values, np.repeat([64, 1], 500))
    np.testing.assert_array_equal(after.smoothed(after[:500]), before.smoothed(before), strict=True)


def test_a_batch_larger_than_the_smoothing_window_is_not_smoothed():
    values = noise(20).astype(float)
    spread = single(values, np.full(20, SMOOTHED_IMAGES + 1))
    np.testing.assert_allclose(spread.smoothed(spread), values, rtol=1e-9)


def test_a_wide_item_is_smoothed_over_all_its_images():
    values = noise(10_000).astype(float)
    spread = single(values, np.full(10_000, 64))
    drawn = spread.thin(0, 10_000, 100)
    assert drawn.weight[0] == 128 * 64
    np.testing.assert_allclose(spread.smoothed(drawn)[:-1], drawn.mean[:-1], rtol=1e-9)
    assert drawn.weight[-1] < SMOOTHED_IMAGES  # a remainder that does not yet fill an item
    assert spread.smoothed(drawn)[-1] == spread.smoothed(spread)[-1]


def test_smoothing_starts_with_the_first_value_and_follows_a_fall():
    """A loss that halves every 30 steps, with noise, as at the start of a run."""
    rng = np.random.default_rng(0)
    loss = 2.3 * 0.5 ** (np.arange(100) / 30) * (1 + rng.normal(0, 0.15, 100))
    spread = single(loss, np.full(100, 64))
    smooth = spread.smoothed(spread)
    assert smooth[0] == loss[0]
    assert (smooth <= np.maximum.accumulate(loss)).all()
    assert 30 < np.count_nonzero(smooth > loss) < 75
