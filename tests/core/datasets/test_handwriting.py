from dataclasses import fields, replace

import numpy as np
import pytest

from core.datasets.glyphs import GLYPHS, parse_glyph
from core.datasets.handwriting import Hand, write
from core.datasets.pen_paths import SPACING, pen_path

STILL = Hand(**{field.name: 0.0 for field in fields(Hand)})
BAR = pen_path(parse_glyph("1 1 bare: 0,0 0,100"))
CROSS = pen_path(parse_glyph("4 1 cross: 0,0 0,100 | -50,50 50,50"))
N = 4000


def rng() -> np.random.Generator:
    return np.random.default_rng(2)


def many(path, **hand: float):
    """The same glyph many times, with only the named variation."""
    points, radii, counts = write([path], np.zeros(N, np.intp), rng(), replace(STILL, **hand))
    return points[:, : counts[0]], radii[:, : counts[0]]


def test_without_variation_the_glyph_itself_is_written():
    paths = [pen_path(glyph) for glyph in GLYPHS]
    chosen = np.array([9, 0, 9, 5])
    points, radii, counts = write(paths, chosen, rng(), replace(STILL, radius=3.0))
    assert points.shape == (4, counts.max(), 2)
    assert (radii == 3).all()
    for index, path, n in zip(chosen, points, counts, strict=True):
        glyph = paths[index]
        assert n == len(glyph.matrix)
        np.testing.assert_allclose(path[:n], glyph.matrix @ glyph.points, atol=1e-3)


def test_the_types_are_those_that_the_renderer_takes():
    points, radii, counts = write([BAR, CROSS], np.array([1, 0]), rng())
    assert (points.dtype, radii.dtype, counts.dtype) == (np.float32, np.float32, np.intp)
    assert radii.shape == points.shape[:2]


@pytest.mark.parametrize("part", ["jitter", "warp", "tremor"])
def test_points_move_by_the_hands_variation(part):
    still, _ = many(CROSS)
    moved, _ = many(CROSS, **{part: 4.0})
    deviation = (moved - still).std(axis=0)
    assert np.abs(moved.mean(axis=0) - still.mean(axis=0)).max() < 0.5
    # Overlapping bells and the cut at two deviations leave about, not exactly, this much.
    assert deviation.min() > 1
    assert deviation.max() < 6


@pytest.mark.parametrize("part", ["jitter", "warp", "tremor"])
def test_neighboring_points_move_alike(part):
    moved, _ = many(BAR, **{part: 4.0})
    steps = np.diff(moved, axis=1)
    still, _ = many(BAR)
    assert np.abs(steps - np.diff(still, axis=1)).std() < 1


def test_strokes_are_longer_or_shorter_at_both_ends():
    moved, _ = many(BAR, reach=0.2)
    height = np.ptp(moved[..., 1], axis=1)
    # A bar of 100 grows by the reach at either end: 100 · (1 ± 2 · 0.2) is one deviation.
    assert height.mean() == pytest.approx(100, abs=3)
    assert height.min() < 80
    assert height.max() > 120


def test_slant_is_to_the_right():
    moved, _ = many(BAR, slant=0.3)
    top, bottom = moved[:, 0], moved[:, -1]
    np.testing.assert_allclose(top[:, 1], -50, atol=1e-3)
    np.testing.assert_allclose(top[:, 0] - bottom[:, 0], 30, atol=1e-3)


def test_squeezing_keeps_the_area():
    moved, _ = many(CROSS, squeeze=0.3)
    width, height = np.ptp(moved[..., 0], axis=1), np.ptp(moved[..., 1], axis=1)
    np.testing.assert_allclose(width * height, 100 * 100, rtol=1e-3)
    assert np.log(width / height).std() == pytest.approx(0.3, rel=0.1)


def test_rotation_keeps_lengths_and_angles():
    moved, _ = many(CROSS, turn=0.2)
    stem_end = len(BAR.matrix) - 1
    stem, bar = moved[:, stem_end] - moved[:, 0], moved[:, -1] - moved[:, stem_end + 1]
    np.testing.assert_allclose(np.hypot(*stem.T), 100, rtol=1e-4)
    np.testing.assert_allclose(np.hypot(*bar.T), 100, rtol=1e-4)
    np.testing.assert_allclose((stem * bar).sum(axis=1), 0, atol=0.1)
    assert np.arctan2(stem[:, 0], stem[:, 1]).std() == pytest.approx(0.2, rel=0.1)


def test_pens_vary_between_digits_and_pressure_within_a_digit():
    _, radii = many(BAR, radius=5.0, radius_spread=0.3)
    assert (radii == radii[:, :1]).all()
    assert np.median(radii) == pytest.approx(5, rel=0.05)
    assert np.log(radii[:, 0]).std() == pytest.approx(0.3, rel=0.1)
    _, pressed = many(BAR, radius=5.0, pressure=0.2)
    assert np.log(pressed / 5).std() == pytest.approx(0.2, rel=0.15)
    assert np.ptp(pressed, axis=1).min() > 0


def test_the_same_state_writes_the_same():
    once = write([BAR, CROSS], np.array([0, 1, 1]), rng())
    again = write([BAR, CROSS], np.array([0, 1, 1]), rng())
    for a, b in zip(once, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_no_variation_moves_points_further_apart_than_the_pen_is_wide():
    paths = [pen_path(glyph) for glyph in GLYPHS]
    chosen = np.arange(10 * len(paths)) % len(paths)
    points, radii, counts = write(paths, chosen, rng())
    for index, path, radius, n in zip(chosen, points, radii, counts, strict=True):
        glyph = paths[index]
        planned = np.linalg.norm(np.diff(glyph.matrix @ glyph.points, axis=0), axis=1)
        drawn = planned < 1.5 * SPACING  # the others are where the pen is lifted
        gaps = np.linalg.norm(np.diff(path[:n], axis=0), axis=1)
        assert (gaps < 2 * radius[: n - 1])[drawn].all()
