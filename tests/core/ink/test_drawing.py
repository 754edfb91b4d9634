import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ink.drawing import BRUSH, RASTER_SIDE, Drawing
from core.ink.normalization import normalize_drawing
from tests.core.digits import tiny_dataset

EXAMPLE = tiny_dataset(train=1, test=1).train_images[0].reshape(28, 28)

ZIGZAG = [(60, 60), (160, 60), (160, 160), (220, 220), (120, 230)]

# An edge at 45° meets pixels in rows √½ apart. Summed in such rows, an edge one unit wide is in the
# wrong place by up to sin(√2 pi) / (√2 pi)² (the first term of Poisson's sum); none is worse.
EDGE_ERROR = 0.05

positions = st.floats(-50, RASTER_SIDE + 50)
strokes = st.lists(st.tuples(positions, positions), min_size=1, max_size=6)


def write(drawing, points, width=BRUSH):
    """Draw one stroke and return it; `width` may have a value for each point."""
    widths = np.broadcast_to(width, len(points)).tolist()
    stroke = drawing.begin(*points[0], widths[0])
    for point, wide in zip(points[1:], widths[1:], strict=True):
        drawing.extend(*point, wide)
    drawing.end()
    return stroke


def drawn(*strokes, width=BRUSH):
    drawing = Drawing()
    for points in strokes:
        write(drawing, points, width)
    return drawing


def exact_cover(inside, side, fineness=16):
    """Return the share of each of the first pixels inside a shape, by counting points in it."""
    at = (np.arange(side * fineness, dtype=np.float32) + 0.5) / fineness
    counted = inside(at, at[:, None])
    pixels = counted.reshape(side, fineness, side, fineness)
    return pixels.mean(axis=(1, 3), dtype=np.float32)


# --- ink ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [4.0, BRUSH, 50.0])
@pytest.mark.parametrize("center", [(140, 140), (100.5, 60.25)])
def test_a_dot_is_a_disc(width, center):
    drawing = drawn([center], width=width)
    radius = width / 2
    # An edge whose ink falls from full to none over one unit is the mean of the discs from half a
    # unit smaller to half a unit larger, whose area is pi (r² + 1/12).
    area = math.pi * (radius**2 + 1 / 12)
    assert drawing.ink.sum() / 255 == pytest.approx(area, abs=EDGE_ERROR * math.pi * width)
    rows, columns = np.indices(drawing.ink.shape) + 0.5
    mass = drawing.ink.sum()
    assert (columns * drawing.ink).sum() / mass == pytest.approx(center[0], abs=0.05)
    assert (rows * drawing.ink).sum() / mass == pytest.approx(center[1], abs=0.05)


@pytest.mark.parametrize("end", [(80, 40), (40, 90), (80, 80), (75.5, 57.25)])
def test_a_line_covers_each_pixel_like_a_capsule(end):
    begin = np.array([20, 40])
    along = np.subtract(end, begin)

    def inside(x, y):
        share = ((x - begin[0]) * along[0] + (y - begin[1]) * along[1]) / (along @ along)
        share = np.clip(share, 0, 1)
        return np.hypot(x - begin[0] - share * along[0], y - begin[1] - share * along[1]) < 11

    exact = exact_cover(inside, side=110)
    ink = drawn([tuple(begin), end], width=22).ink
    assert not ink[110:].any()
    assert not ink[:, 110:].any()
    difference = ink[:110, :110] / 255 - exact
    # An edge at 45° still enters a pixel whose center is half a unit away, by the triangle in its
    # corner, (√½ - ½)² of it. Counting is wrong by up to half of a row of points.
    assert np.abs(difference).max() < (math.sqrt(0.5) - 0.5) ** 2 + 1 / 32


def test_edges_are_antialiased():
    """A straight edge through the middle of pixels leaves them half ink, and no ink beside them."""
    ink = drawn([(60, 140.5), (220, 140.5)], width=20).ink
    assert ink[129:152, 140].tolist() == [0, 128, *[255] * 19, 128, 0]


@pytest.mark.parametrize(("thin", "thick"), [(6.0, 30.0), (30.0, 6.0)])
def test_a_line_whose_width_changes(thin, thick):
    """It is a trapezium, and half a disc at each end."""
    ink = drawn([(60, 140), (220, 140)], width=[thin, thick]).ink
    area = 160 * (thin + thick) / 2 + math.pi / 8 * (thin**2 + thick**2)
    edges = 2 * 160 + math.pi / 2 * (thin + thick)
    assert ink.sum() / 255 == pytest.approx(area, abs=EDGE_ERROR * edges)
    assert ink[:, 60].sum() / 255 == pytest.approx(thin, abs=1)
    assert ink[:, 140].sum() / 255 == pytest.approx((thin + thick) / 2, abs=1)
    assert ink[:, 219].sum() / 255 == pytest.approx(thick, abs=1)


def test_strokes_that_cross_add_no_ink():
    across, down = [(60, 140), (220, 140)], [(140, 60), (140, 220)]
    both = np.maximum(drawn(across).ink, drawn(down).ink)
    np.testing.assert_array_equal(drawn(across, down).ink, both)
    np.testing.assert_array_equal(drawn(across, across).ink, drawn(across).ink)


# --- the smooth line ----------------------------------------------------------------------


def test_the_line_goes_through_both_ends_and_every_middle():
    line = [(vertex.x, vertex.y) for vertex in drawn(ZIGZAG).items[0].line]
    assert line[0] == ZIGZAG[0]
    assert line[-1] == ZIGZAG[-1]
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(ZIGZAG)]
    assert [line.index(middle) for middle in middles] == sorted(map(line.index, middles))


def test_the_line_ends_halfway_until_the_pen_is_lifted():
    drawing = Drawing()
    stroke = drawing.begin(60, 140)
    drawing.extend(160, 140)
    assert stroke.line[-1] == (110, 140, BRUSH)
    assert drawing.ink[140, 105] == 255
    assert drawing.ink[140, 155] == 0
    drawing.end()
    assert stroke.line[-1] == (160, 140, BRUSH)
    assert drawing.ink[140, 155] == 255


def test_the_line_has_no_corner():
    """The pen turns by right angles; the line turns gradually."""
    line = drawn([(60, 60), (200, 60), (200, 160), (100, 160), (100, 80)]).items[0].line
    headings = [math.atan2(b.y - a.y, b.x - a.x) for a, b in pairwise(line)]
    turns = [abs(math.remainder(b - a, math.tau)) for a, b in pairwise(headings)]
    assert sum(turns) == pytest.approx(3 * math.pi / 2)
    assert max(turns) < math.pi / 2 / 4


def test_the_straight_pieces_are_near_the_curve():
    """A parabola from (60, 60) half-way to the corner's far side, whose control is the corner."""
    line = drawn([(60, 60), (60, 220), (220, 220)]).items[0].line
    # The second point is at (60, 140), half-way down; the curve ends at (140, 220).
    begin, control, end = np.array([60, 140]), np.array([60, 220]), np.array([140, 220])
    t = np.linspace(0, 1, 1001)[:, None]
    curve = (1 - t) ** 2 * begin + 2 * t * (1 - t) * control + t**2 * end
    pieces = [(np.array(a[:2]), np.array(b[:2])) for a, b in pairwise(line)]
    away = np.min([distances(curve, a, b) for a, b in pieces], axis=0)
    assert away.max() < 0.26


def distances(points, a, b):
    """Return how far each point is from the piece from a to b."""
    along = b - a
    share = np.clip((points - a) @ along / max(along @ along, 1e-9), 0, 1)
    return np.linalg.norm(points - a - share[:, None] * along, axis=1)


def test_the_width_changes_smoothly_along_the_line():
    widths = [v.width for v in drawn(ZIGZAG, width=[4, 8, 16, 24, 30]).items[0].line]
    assert widths[0] == 4
    assert widths[-1] == 30
    assert widths == sorted(widths)


# --- positions ----------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(strokes, st.floats(0.1, 20), st.floats(-500, 500))
def test_positions_scaled_and_moved_back_and_forth_give_the_same_bits(points, scale, shift):
    first = drawn(points)
    elsewhere = [(p.x * scale + shift, p.y * scale + shift) for p in first.items[0].points]
    back = drawn([((x - shift) / scale, (y - shift) / scale) for x, y in elsewhere])
    assert back.items == first.items
    np.testing.assert_array_equal(back.ink, first.ink)


def test_positions_written_with_three_decimals_give_the_same_bits():
    first = drawn([(60.1234567, 61 / 3), (200 / 7, 150 / 11), (math.pi * 50, 230.987654)])
    written = [(f"{p.x:.3f}", f"{p.y:.3f}") for p in first.items[0].points]
    assert drawn([(float(x), float(y)) for x, y in written]).items == first.items


@pytest.mark.parametrize(
    "points",
    [
        [(-300, 140)],
        [(140, 600)],
        [(-40, -40), (-40, 320), (-90, 600)],
        [(1e300, -1e300), (1e300, 1e300), (1e9, 1e12)],
        [(math.inf, 0), (math.inf, math.inf)],
    ],
)
def test_there_is_no_ink_off_the_pad(points):
    drawing = drawn([(140, 140)])
    before = drawing.ink.copy()
    write(drawing, points)
    np.testing.assert_array_equal(drawing.ink, before)


def test_half_a_dot_at_the_edge():
    whole = drawn([(140, 140)]).ink
    assert drawn([(0, 140)]).ink.sum() * 2 == whole.sum()
    assert drawn([(280, 280)]).ink.sum() * 4 == whole.sum()
    np.testing.assert_array_equal(drawn([(0, 140)]).ink[:, :20], whole[:, 140:160])
    np.testing.assert_array_equal(drawn([(280, 140)]).ink[:, -20:], whole[:, 120:140])
    np.testing.assert_array_equal(drawn([(140, 0)]).ink[:20], whole[140:160])
    np.testing.assert_array_equal(drawn([(140, 280)]).ink[-20:], whole[120:140])


@pytest.mark.parametrize("far", [1_000, 20_000, 1e7, 1e300])
def test_a_line_from_far_away_is_in_the_right_place(far):
    """Level with the pad's middle, anywhere beyond its edges."""
    near = drawn([(-100, 140.5), (400, 140.5)], width=20).ink
    ink = drawn([(-far, 140.5), (far, 140.5)], width=20).ink
    assert np.abs(ink.astype(int) - near).max() <= 2


def test_a_pen_that_jumps_far_away_and_back_makes_few_segments():
    line = drawn([(140, 140), (1e300, -1e300), (140, 150), (-1e300, 1e300)]).items[0].line
    assert len(line) < 2_000


# --- undo, clear, pictures ----------------------------------------------------------------


def test_a_new_drawing_is_blank():
    drawing = Drawing()
    assert drawing.is_blank
    assert not drawing.can_undo
    assert drawing.ink.shape == (RASTER_SIDE, RASTER_SIDE)
    assert drawing.ink.dtype == np.uint8
    assert not drawing.ink.any()
    assert not drawing.image().any()
    drawing.undo()
    drawing.clear()
    assert drawing.is_blank
    assert not drawing.can_undo  # there was nothing to clear


@settings(deadline=None, max_examples=25)
@given(st.lists(strokes, min_size=1, max_size=4), strokes)
def test_an_undone_stroke_leaves_the_ink_as_if_it_had_never_been_drawn(kept, taken):
    expected = drawn(*kept)
    drawing = drawn(*kept, taken)
    drawing.undo()
    np.testing.assert_array_equal(drawing.ink, expected.ink)
    assert drawing.items == expected.items


@settings(deadline=None, max_examples=25)
@given(st.lists(strokes, min_size=1, max_size=4))
def test_each_stroke_has_its_own_ink_and_together_they_are_the_drawing(several):
    drawing = drawn(*several)
    together = np.zeros_like(drawing.ink)
    for stroke, alone in zip(drawing.items, several, strict=True):
        own = np.zeros_like(drawing.ink)
        stroke.add_to(own)
        np.testing.assert_array_equal(own, drawn(alone).ink)
        assert stroke.patch.size <= own.size
        stroke.add_to(together)
    np.testing.assert_array_equal(together, drawing.ink)


def test_an_unfinished_stroke_can_be_undone():
    drawing = drawn(ZIGZAG)
    before = drawing.ink.copy()
    drawing.begin(20, 20)
    drawing.extend(40, 250)
    drawing.undo()
    np.testing.assert_array_equal(drawing.ink, before)


def test_undo_reverts_strokes_pictures_and_clearings():
    drawing = Drawing()
    states = [drawing.ink.copy()]
    picture = drawn([(50, 50), (90, 200)]).ink
    for change in (
        lambda: write(drawing, ZIGZAG),
        drawing.clear,
        lambda: write(drawing, [(20, 20)]),
        lambda: drawing.place(picture),
        lambda: write(drawing, [(200, 40), (200, 240)]),
        lambda: drawing.place_example(EXAMPLE),
        lambda: write(drawing, [(100, 100)]),
    ):
        change()
        states.append(drawing.ink.copy())
    for state in reversed(states):
        np.testing.assert_array_equal(drawing.ink, state)
        assert drawing.can_undo == (state is not states[0])
        drawing.undo()
    assert drawing.is_blank


def test_ink_keeps_being_the_same_array():
    drawing = Drawing()
    ink = drawing.ink
    write(drawing, ZIGZAG)
    drawing.place_example(EXAMPLE)
    drawing.undo()
    drawing.clear()
    drawing.undo()
    assert drawing.ink is ink
    np.testing.assert_array_equal(ink, drawn(ZIGZAG).ink)


def test_placed_ink_replaces_everything_and_is_read_like_a_drawing():
    ink = drawn(ZIGZAG).ink
    drawing = drawn([(20, 20)])
    drawing.place(ink)
    np.testing.assert_array_equal(drawing.ink, ink)
    np.testing.assert_array_equal(drawing.image(), normalize_drawing(ink))


def test_placed_ink_is_a_copy():
    drawing = drawn(ZIGZAG)
    ink = drawing.ink.copy()
    drawing.place(drawing.ink)
    np.testing.assert_array_equal(drawing.ink, ink)
    write(drawing, [(20, 20)])
    drawing.undo()
    np.testing.assert_array_equal(drawing.ink, ink)


def test_an_untouched_test_image_is_used_exactly_as_it_is():
    drawing = drawn(ZIGZAG)
    drawing.place_example(EXAMPLE)
    assert drawing.image() is EXAMPLE
    assert not np.array_equal(normalize_drawing(drawing.ink), EXAMPLE)
    # Each of its pixels is a square of ink.
    np.testing.assert_array_equal(drawing.ink[5::10, 5::10], EXAMPLE)
    np.testing.assert_array_equal(drawing.ink[9::10, ::10], EXAMPLE)


def test_a_test_image_that_was_drawn_on_is_read_from_the_ink():
    drawing = Drawing()
    drawing.place_example(EXAMPLE)
    enlarged = drawing.ink.copy()
    write(drawing, [(140, 140)])
    np.testing.assert_array_equal(drawing.ink, np.maximum(enlarged, drawn([(140, 140)]).ink))
    np.testing.assert_array_equal(drawing.image(), normalize_drawing(drawing.ink))
    drawing.undo()
    assert drawing.image() is EXAMPLE


def test_a_drawing_is_normalized_as_mnist_was():
    drawing = drawn(ZIGZAG)
    image = drawing.image()
    assert image.shape == (28, 28)
    assert image.max() == 255
    np.testing.assert_array_equal(image, normalize_drawing(drawing.ink))


def test_hundreds_of_strokes():
    at = [(10 + i % 26 * 10, 10 + i // 26 * 13) for i in range(520)]
    drawing = drawn(*([point] for point in at), width=4)
    assert len(drawing.items) == 520
    assert all(drawing.ink[y, x] == 255 for x, y in at)
    drawing.undo()
    drawing.undo()
    np.testing.assert_array_equal(drawing.ink, drawn(*([p] for p in at[:-2]), width=4).ink)


def test_five_hundred_changes_can_be_undone():
    """Of 251 dots, each cleared at once, only the first and its clearing cannot be undone."""
    drawing = Drawing()
    for i in range(251):
        write(drawing, [(i, 140)])
        drawing.clear()
    taken = 0
    while drawing.can_undo:
        drawing.undo()
        taken += 1
        if taken == 499:
            np.testing.assert_array_equal(drawing.ink, drawn([(1, 140)]).ink)
    assert taken == 500
    assert drawing.is_blank
    assert not drawing.ink.any()
