from dataclasses import fields, replace

import numpy as np
import pytest

from core.datasets.glyphs import GLYPHS, parse_glyph
from core.datasets.handwriting import Hand, write
from core.datasets.pen_paths import HOOK, SPACING, pen_path

STILL = Hand(**{field.name: 0.0 for field in fields(Hand)})
BAR = pen_path(parse_glyph("1 1 bare: 0,0 0,100"))
CROSS = pen_path(parse_glyph("4 1 cross: 0,0 0,100 | -50,50 50,50"))
N = 4000


def rng() -> np.random.Generator:
    return np.random.default_rng(2)


def many(path, **hand: float):
    """The same glyph many times, with only the named variation."""
    written = write([path], np.zeros(N, np.intp), rng(), replace(STILL, **hand))
    return written.points[:, : written.counts[0]], written.radii[:, : written.counts[0]]


def of_writers(path, digits: int, **hand: float):
    """The same glyph, by writers who each write it this many times: (writers, digits, …)."""
    writer = np.arange(N) // digits
    written = write([path], np.zeros(N, np.intp), rng(), replace(STILL, **hand), writer)
    return written.points.reshape(N // digits, digits, -1, 2)


def test_without_variation_the_glyph_itself_is_written():
    paths = [pen_path(glyph) for glyph in GLYPHS]
    chosen = np.array([9, 0, 9, 5])
    points, radii, counts, softness = write(paths, chosen, rng(), replace(STILL, radius=3.0))
    assert points.shape == (4, counts.max(), 2)
    assert (radii == 3).all()
    assert (softness == 1).all()
    for index, path, n in zip(chosen, points, counts, strict=True):
        glyph = paths[index]
        assert n == len(glyph.matrix)
        np.testing.assert_allclose(path[:n], glyph.matrix @ glyph.points, atol=1e-3)


def test_the_types_are_those_that_the_renderer_takes():
    written = write([BAR, CROSS], np.array([1, 0]), rng())
    types = [array.dtype for array in written]
    assert types == [np.float32, np.float32, np.intp, np.float32]
    assert written.radii.shape == written.points.shape[:2]
    assert written.softness.shape == (2,)


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


def test_strokes_are_longer_or_shorter_at_each_end_by_itself():
    moved, _ = many(BAR, reach=0.2)
    top, bottom = moved[:, HOOK, 1], moved[:, -1 - HOOK, 1]
    # A bar of 100 has one segment, so a deviation at either end is 20.
    assert top.mean() == pytest.approx(-50, abs=1)
    assert bottom.mean() == pytest.approx(50, abs=1)
    assert top.std() == pytest.approx(20, rel=0.15)
    assert abs(np.corrcoef(top, bottom)[0, 1]) < 0.1


def test_half_of_the_strokes_begin_in_a_hook_and_half_end_in_one():
    moved, _ = many(BAR, hook=10.0)
    still, _ = many(BAR)
    beginning, end = moved[:, 0] - still[:, 0], moved[:, -1] - still[:, -1]
    for hook in (beginning, end):
        length = np.hypot(*hook.T)
        assert (length == 0).mean() == pytest.approx(0.5, abs=0.05)
        assert length.max() <= 20.01
    # Both continue the stroke: the one upward, the other downward, and may turn to either side.
    assert np.median(beginning[beginning[:, 1] != 0, 1]) < 0
    assert np.median(end[end[:, 1] != 0, 1]) > 0
    assert (end[:, 0] > 1).mean() > 0.1
    assert (end[:, 0] < -1).mean() > 0.1


def test_a_hook_grows_out_of_the_end_of_its_stroke():
    moved, _ = many(BAR, hook=10.0)
    steps = np.hypot(*np.moveaxis(np.diff(moved, axis=1), 2, 0))
    assert steps.max() < 20 / HOOK + SPACING
    still, _ = many(BAR)
    np.testing.assert_array_equal(moved[:, HOOK:-HOOK], still[:, HOOK:-HOOK])


def test_an_angular_hand_writes_straight_lines_between_the_points():
    curved = pen_path(parse_glyph("0 1 bow: 0,0 60,50 0,100"))
    moved, _ = many(curved, angular=1.0)
    angular = moved[np.abs(moved - (curved.straight @ curved.points)).max(axis=(1, 2)) < 0.01]
    assert 0 < len(angular) < N / 4  # the most angular hands alone
    as_it_is = np.abs(moved - (curved.matrix @ curved.points)).max(axis=(1, 2)) < 0.01
    assert as_it_is.mean() == pytest.approx(0.5, abs=0.05)


def test_a_hasty_hand_cuts_corners_short_and_keeps_the_ends():
    corner = pen_path(parse_glyph("7 1 corner: 0,0 100,0! 100,100"))
    moved, _ = many(corner, haste=1.0)
    still, _ = many(corner)
    reached = np.abs(moved - corner.points[1]).sum(axis=2).min(axis=1)
    assert reached.max() > 8
    assert np.median(reached) < 1
    np.testing.assert_allclose(moved[:, [0, -1]], still[:, [0, -1]], atol=0.01)


def test_strokes_are_placed_turned_and_stretched_by_themselves():
    for part, strength in (("placing", 4.0), ("loose", 0.1)):
        moved, _ = many(CROSS, **{part: strength})
        still, _ = many(CROSS)
        first = slice(0, len(BAR.matrix))
        second = slice(len(BAR.matrix), None)
        shift = [(moved - still)[:, stroke, 0].mean(axis=1) for stroke in (first, second)]
        length = [np.hypot(*(moved[:, s][:, -1] - moved[:, s][:, 0]).T) for s in (first, second)]
        if part == "placing":
            assert shift[0].std() == pytest.approx(4, rel=0.15)
            assert abs(np.corrcoef(*shift)[0, 1]) < 0.1
            np.testing.assert_allclose(length, 100, rtol=1e-4)
        else:
            np.testing.assert_allclose(shift, 0, atol=1e-3)
            assert np.std(length, axis=1) == pytest.approx(10, rel=0.2)


def test_some_writers_lift_the_pen_at_corners():
    corner = pen_path(parse_glyph("7 1 corner: 0,0 100,0! 100,100"))
    moved, _ = many(corner, lifting=5.0)
    steps = np.hypot(*np.moveaxis(np.diff(moved, axis=1), 2, 0)).max(axis=1)
    assert (steps > 2 * SPACING).mean() == pytest.approx(0.125, abs=0.05)


@pytest.mark.parametrize(
    ("part", "value"), [("slant_spread", 0.3), ("squeeze", 0.3), ("turn", 0.2), ("hook", 10.0)]
)
def test_a_writer_s_digits_are_alike(part, value):
    points = of_writers(CROSS, 20, **{part: value})
    within = points.std(axis=1).mean()
    between = points.mean(axis=1).std(axis=0).mean()
    assert 0 < within < between / 2


def test_writers_differ_in_care():
    careful = of_writers(BAR, 200, jitter=4.0, care=0.5).std(axis=1).mean(axis=(1, 2))
    assert careful.max() > 2 * careful.min()


def test_the_pen_skips_a_part_of_some_digits():
    _, radii = many(BAR, radius=5.0, skip=0.1)
    skipped = (radii < 0).any(axis=1)
    assert skipped.mean() == pytest.approx(0.1, abs=0.02)
    assert ((radii < 0).mean(axis=1) < 0.1).all()


def test_half_of_the_lines_have_soft_edges():
    written = write([BAR], np.zeros(N, np.intp), rng(), replace(STILL, softness=1.5))
    assert (written.softness == 1).mean() == pytest.approx(0.5, abs=0.05)
    assert 2 < written.softness.max() <= 2.5


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


def test_variation_interrupts_lines_less_often_than_pens_skip():
    """Points farther apart than the pen is wide leave gaps in a line."""
    paths = [pen_path(glyph) for glyph in GLYPHS]
    chosen = np.arange(10 * len(paths)) % len(paths)
    written = write(paths, chosen, rng(), replace(Hand(), skip=0.0, lifting=0.0))
    interrupted = 0
    for index, path, radius, n in zip(chosen, *written[:3], strict=True):
        glyph = paths[index]
        planned = np.linalg.norm(np.diff(glyph.matrix @ glyph.points, axis=0), axis=1)
        drawn = planned < 1.5 * SPACING  # the others are where the pen is lifted
        gaps = np.linalg.norm(np.diff(path[:n], axis=0), axis=1)
        interrupted += (gaps > 2 * radius[: n - 1])[drawn].any()
    assert interrupted < Hand().skip * len(chosen)
