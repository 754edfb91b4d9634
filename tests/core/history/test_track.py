"""Measurements in bounded memory: which are kept one by one, and what buckets hold."""

import threading

import numpy as np
import pytest

from core.history.measurements import Column, Layout
from core.history.track import Track

COLUMNS = (
    Column("step", np.int64, "last"),
    Column("loss", np.float32, "spread"),
    Column("images", np.int32, "sum"),
    Column("extra", np.float32, "spread"),
)
KEPT = 8
LAYOUT = Layout(COLUMNS, KEPT)


def measurements(n, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((2, 2_000)).astype(np.float32)
    return np.arange(1, n + 1) * 3, values[0, :n], rng.integers(1, 100, 2_000)[:n], values[1, :n]


def filled(n, columns=4):
    """The last column is left out if there are 3."""
    track = Track(LAYOUT)
    for row in zip(*measurements(n)[:columns], strict=True):
        if track.append(*row):
            track.fold()
    return track


def same(track, other):
    ours, theirs = track.now.arrays(), other.now.arrays()
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


@pytest.mark.parametrize("n", [0, 1, KEPT, 2 * KEPT - 1])
def test_few_measurements_are_all_kept_one_by_one(n):
    track = filled(n)
    steps, losses, images, _ = measurements(n)
    spread = track.now.spread("loss")
    np.testing.assert_array_equal(spread.mean, losses)
    np.testing.assert_array_equal(spread.low, losses)
    np.testing.assert_array_equal(spread.weight, images)
    np.testing.assert_array_equal(spread.count, np.arange(1, n + 1))
    np.testing.assert_array_equal(track.now.last("step"), steps)
    assert track.count == n


@pytest.mark.parametrize("n", [16, 17, 24, 100, 127, 128, 1_000])
def test_buckets_hold_the_extremes_and_the_weighted_mean_of_their_measurements(n):
    track = filled(n)
    steps, losses, images, _ = measurements(n)
    items = track.now
    spread = items.spread("loss")
    assert spread.count[-1] == n
    begun = n - len(track.now.newest("loss"))
    assert KEPT <= n - begun < 2 * KEPT
    in_buckets = spread.count <= begun
    assert 0 < in_buckets.sum() <= KEPT // 2
    width = spread.count[0]
    assert width & (width - 1) == 0
    assert ((spread.count[in_buckets] % width == 0) | (spread.count[in_buckets] == begun)).all()
    before = 0
    for i, count in enumerate(spread.count):
        part = slice(before, count)
        assert spread.low[i] == losses[part].min()
        assert spread.high[i] == losses[part].max()
        exact = np.average(losses[part].astype(float), weights=images[part])
        assert spread.mean[i] == pytest.approx(exact, abs=1e-6)
        assert spread.weight[i] == images[part].sum()
        assert items.last("step")[i] == steps[count - 1]
        before = count


def test_memory_stays_bounded():
    for n in (100, 1_000, 2_000):
        assert len(filled(n).now.counts) <= 2 * KEPT + KEPT // 2


@pytest.mark.parametrize("n", [0, 5, 16, 40, 130])
@pytest.mark.parametrize("columns", [3, 4])
def test_a_track_that_was_stored_in_between_is_the_same(n, columns):
    """Whatever the number of measurements added at once."""
    rows = measurements(200)[:columns]
    arrays = filled(n, columns).now.arrays()
    track = Track(LAYOUT)
    if n:
        shapes = LAYOUT.shapes(n, () if columns == 4 else ("extra",))
        assert {name: (each.shape, each.dtype) for name, each in arrays.items()} == shapes
        track.restore(LAYOUT.measurements(n, arrays))
    at = n
    while at < 200:
        more = min(track.free, 200 - at, 7)
        if track.extend(*(values[at : at + more] for values in rows)):
            track.fold()
        at += more
    same(track, filled(200, columns))


def test_a_missing_column_is_empty():
    track = filled(40, columns=3)
    assert len(track.now.newest("extra")) == len(track.now.spread("extra")) == 0
    assert "extra_buckets" not in track.now.arrays()


@pytest.mark.parametrize(("before", "after"), [(3, 9), (16, 23), (20, 100), (100, 1_000)])
def test_going_back_is_exact_even_into_a_bucket(before, after):
    track = filled(before)
    moment = track.now
    rows = list(zip(*measurements(after, seed=1), strict=True))
    for row in rows[before:]:
        if track.append(*row):
            track.fold()
    later = track.now
    held = later.spread("loss").mean.copy()
    track.restore(moment)
    same(track, filled(before))
    for row in list(zip(*measurements(300), strict=True))[before:]:
        if track.append(*row):
            track.fold()
    same(track, filled(300))
    np.testing.assert_array_equal(
        later.spread("loss").mean, held
    )  # a reader's array keeps its values


def test_impossible_counts_cost_nothing():
    """As a damaged file may claim it."""
    buckets, newest = LAYOUT.lengths(10**18)
    assert buckets <= KEPT // 2
    assert newest < 2 * KEPT


def test_data_passed_to_another_thread_stays_as_it_was():
    """Each measurement's values equal its number, so the values of every item are known."""
    track = Track(Layout(COLUMNS, 64))
    handed = [track.now]
    torn = []

    def read():
        while (items := handed[0]).count < 30_000:
            count = items.count
            spread, steps = items.spread("loss"), items.last("step")
            counts = spread.count
            middle = (spread.before + counts + 1) / 2
            if not (
                len(steps) == len(counts)
                and (counts[-1:] == count).all()
                and (steps == counts).all()
                and (spread.weight == counts - spread.before).all()
                and (spread.high == counts).all()
                and (spread.low == spread.before + 1).all()
                and np.allclose(spread.mean, middle)
            ):
                torn.append(items.count)
                return

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 30_001):
        if track.append(number, number, 1, number):
            track.fold()
        handed[0] = track.now
    reader.join()
    assert not torn
