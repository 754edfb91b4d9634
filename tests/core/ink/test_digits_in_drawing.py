"""A drawing is cut into its digits; no way of writing one digit is taken apart."""

import math
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import core.ink.digits_in_drawing as module
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import Drawing
from core.ink.normalization import input_frame, normalize_drawing
from core.ink.recordings import draw_recording, read_recordings
from core.ink.trace import Trace
from tests.bench.number_drawings import (
    generated,
    is_cut_correctly,
    recorded,
    side_by_side,
    with_gaps,
)

PENDIGITS = Path(__file__).parents[4] / "shared" / "pendigits" / "pendigits-train.unipen.gz"


def parts(drawing):
    return [digit.parts for digit in DigitsInDrawing(drawing).update()]


def are_scribbles(drawing):
    return [digit.is_scribble for digit in DigitsInDrawing(drawing).update()]


def drawn(*strokes, brush=22.0, at=(0, 0), size=280):
    """Draw strokes of points in 0…1 into a square of this size."""
    drawing = Drawing()
    for stroke in strokes:
        points = [(at[0] + x * size, at[1] + y * size) for x, y in _dense(stroke, 8 / size)]
        drawing.begin(*points[0], brush)
        for x, y in points[1:]:
            drawing.extend(x, y, brush)
        drawing.end()
    return drawing


def _dense(stroke, dense=0.03):
    """Points as close as a mouse sends them."""
    result = [stroke[0]]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        steps = 1 + int(math.hypot(x1 - x0, y1 - y0) / dense)
        result += [
            (x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(1, steps + 1)
        ]
    return result


def arc(x, y, width, height, begin=0, end=360):
    """Points of an arc, in degrees, clockwise from the right."""
    angles = [math.radians(a) for a in np.linspace(begin, end, 25)]
    return [(x + width / 2 * math.cos(a), y + height / 2 * math.sin(a)) for a in angles]


def moved(strokes, dx, dy=0.0, scale=1.0):
    return [[(x * scale + dx, y * scale + dy) for x, y in stroke] for stroke in strokes]


# Each in a box of about 0.5 by 0.8, its left edge at 0.
ONE = [[(0.0, 0.2), (0.12, 0.0), (0.12, 0.8)]]
TWO = [[*arc(0.2, 0.2, 0.4, 0.4, 180, 390), (0.0, 0.8), (0.42, 0.8)]]
THREE = [[*arc(0.1, 0.2, 0.4, 0.4, -160, 80), *arc(0.1, 0.6, 0.45, 0.4, -80, 160)]]
ZERO = [arc(0.22, 0.4, 0.44, 0.8, -90, 270)]
NINE = [[*arc(0.18, 0.2, 0.36, 0.4, 0, -340), (0.36, 0.2), (0.36, 0.8)]]
SEVEN = [[(0.0, 0.0), (0.42, 0.0), (0.12, 0.8)]]
STICK = [[(0.0, 0.0), (0.02, 0.8)]]
SIX = [[(0.3, 0.0), (0.05, 0.35), *arc(0.2, 0.58, 0.36, 0.44, 180, -150)]]
BARRED_SEVEN = [*SEVEN, [(0.06, 0.42), (0.38, 0.42)]]
FOUR = [[(0.1, 0.0), (0.0, 0.45), (0.42, 0.45)], [(0.32, 0.1), (0.3, 0.8)]]
OPEN_FOUR = [[(0.05, 0.0), (0.0, 0.45), (0.25, 0.45)], [(0.42, 0.0), (0.42, 0.8)]]
HIGH_FOUR = [[(0.05, 0.0), (0.0, 0.55), (0.25, 0.55)], [(0.42, 0.0), (0.42, 0.8)]]
SLASHED_ZERO = [*ZERO, [(0.32, 0.14), (0.12, 0.66)]]
FIVE = [
    [(0.05, 0.05), (0.05, 0.35), *arc(0.18, 0.55, 0.4, 0.45, -80, 130)],
    [(0.18, 0.0), (0.5, 0.0)],
]
EIGHT = [[*arc(0.2, 0.2, 0.34, 0.4, 90, 450), *arc(0.2, 0.6, 0.4, 0.4, -90, 270)]]
DOTTED_ONE = [[(0.2, 0.25), (0.2, 0.8)], [(0.2, 0.0), (0.21, 0.01)]]
SERIFED_ONE = [[(0.0, 0.2), (0.2, 0.0)], [(0.24, 0.02), (0.24, 0.7)], [(0.0, 0.8), (0.45, 0.8)]]
LOW_FOUR = [[(0.0, 0.0), (0.02, 0.76), (0.25, 0.76)], [(0.38, 0.2), (0.38, 0.8)]]
LEANING_FOUR = [[(0.3, 0.0), (0.0, 0.7), (0.25, 0.75)], [(0.6, 0.1), (0.36, 0.8)]]
CROSSED_FOUR = [[(0.4, 0.0), (0.0, 0.55), (0.6, 0.75)], [(0.3, 0.2), (0.32, 0.58)]]
SINGLE = {
    "1": ONE,
    "1 with a dot": DOTTED_ONE,
    "1 with serifs": SERIFED_ONE,
    "2": TWO,
    "0": ZERO,
    "7": SEVEN,
    "7 with a bar": BARRED_SEVEN,
    "4": FOUR,
    "4 whose lines do not touch": OPEN_FOUR,
    "4 with a high left part": HIGH_FOUR,
    "4 with a left part as low as its stem": LOW_FOUR,
    "4 that leans": LEANING_FOUR,
    "4 whose stem ends above its bar": CROSSED_FOUR,
    "0 with a stroke in it": SLASHED_ZERO,
    "5 with a bar": FIVE,
    "8": EIGHT,
}


OPEN_THREE_STROKE_FOUR = [
    [(0.02, 0.0), (0.0, 0.45)],
    [(0.0, 0.47), (0.3, 0.45)],
    [(0.4, 0.0), (0.4, 0.8)],
]
SINGLE["4 like a U beside a stem"] = [
    [(0.0, 0.0), (0.02, 0.4), (0.12, 0.6), (0.25, 0.5), (0.34, 0.2)],
    [(0.44, 0.05), (0.45, 0.66)],
]
SINGLE["4 in three strokes"] = OPEN_THREE_STROKE_FOUR
SINGLE["8 of two rings"] = [arc(0.2, 0.2, 0.36, 0.36), arc(0.2, 0.62, 0.42, 0.4)]


# --- one digit --------------------------------------------------------------------------------


@pytest.mark.parametrize("brush", [10.0, 44.0])
@pytest.mark.parametrize("size", [50, 250])
@pytest.mark.parametrize("digit", SINGLE.values(), ids=SINGLE)
def test_one_digit_stays_whole(digit, size, brush):
    (only,) = DigitsInDrawing(drawn(*digit, at=(10, 10), size=size, brush=brush)).update()
    assert only.parts == tuple(range(len(digit)))
    assert not only.is_scribble


@pytest.mark.parametrize("digit", SINGLE.values(), ids=SINGLE)
def test_whichever_stroke_comes_first(digit):
    assert len(parts(drawn(*digit[::-1], at=(10, 10), size=200))) == 1


def test_one_digit_is_what_is_drawn():
    drawing = drawn(*FOUR, at=(10, 10), size=250)
    (digit,) = DigitsInDrawing(drawing).update()
    np.testing.assert_array_equal(digit.ink, drawing.ink)
    np.testing.assert_array_equal(digit.image, drawing.image())
    assert digit.frame == drawing.input_frame()


def test_an_image_of_a_data_set_is_one_digit():
    """However broken it looks, and unchanged until somebody draws on it."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, [8, 20]] = 255
    drawing = Drawing()
    drawing.place_example(image)
    cutter = DigitsInDrawing(drawing)
    (digit,) = cutter.update()
    assert digit.image is image
    assert digit.frame == (0, 0, 280)
    drawing.begin(5, 5)
    drawing.end()
    (digit,) = cutter.update()
    np.testing.assert_array_equal(digit.image, normalize_drawing(drawing.ink))


def test_a_blank_pad_has_no_digits_and_what_is_drawn_beside_it_shows_nothing():
    drawing = Drawing()
    assert DigitsInDrawing(drawing).update() == ()
    drawing.begin(-500, -500)
    drawing.end()
    (digit,) = DigitsInDrawing(drawing).update()
    assert not digit.image.any()
    assert not digit.is_scribble


# --- several digits ---------------------------------------------------------------------------


def number(*digits, gap=0.1):
    """Strokes of digits beside each other, and which strokes are of which."""
    strokes, expected, left = [], [], 0.0
    for digit in digits:
        x = [x for stroke in digit for x, _ in stroke]
        expected.append(tuple(range(len(strokes), len(strokes) + len(digit))))
        strokes += moved(digit, left - min(x))
        left += max(x) - min(x) + gap
    return strokes, expected


@pytest.mark.parametrize(
    "digits",
    [
        (ONE, TWO),
        (ONE, ONE),
        (STICK, STICK),
        (TWO, STICK),
        (SIX, STICK),
        (SEVEN, STICK),
        (FOUR, BARRED_SEVEN),
        (ONE, ZERO),
        (OPEN_FOUR, ONE),
        (TWO, FIVE),
    ],
    ids=["12", "11", "11 of two sticks", "21", "61", "71", "47", "10", "41", "25"],
)
@pytest.mark.parametrize("gap", [0.06, 0.4])
@pytest.mark.parametrize("size", [50, 220])
def test_two_digits_are_told_apart(digits, gap, size):
    strokes, expected = number(*digits, gap=gap)
    assert parts(drawn(*strokes, at=(5, 20), size=size)) == expected


@pytest.mark.parametrize(
    "digits",
    [
        (ZERO, SEVEN),
        (ZERO, ZERO),
        (THREE, ZERO),
        ([[*TWO[0], (0.75, 0.8)]], STICK),
        (SIX, ZERO),
        (ONE, SIX),
    ],
    ids=["07", "00", "30", "21 with a long foot", "60", "16"],
)
@pytest.mark.parametrize("gap", [0.0, -0.03])
@pytest.mark.parametrize("slope", [-0.3, 0.0, 0.3])
@pytest.mark.parametrize("size", [50, 160])
def test_two_digits_may_touch_also_where_they_lean(digits, gap, slope, size):
    strokes, expected = number(*digits, gap=gap)
    leaning = [[(x + slope * (0.8 - y), y) for x, y in stroke] for stroke in strokes]
    assert parts(drawn(*leaning, at=(60, 20), size=size)) == expected


@pytest.mark.parametrize("aside", [-0.02, 0.0, 0.02])
@pytest.mark.parametrize(
    ("digit", "line"),
    [
        (ONE, [(0.12, 0.1), (0.12, 0.8)]),
        (SEVEN, [(0.4, 0.06), (0.12, 0.8)]),
        (NINE, [(0.36, 0.08), (0.36, 0.8)]),
        (ZERO, arc(0.22, 0.4, 0.44, 0.8, 80, 280)),
        (STICK, STICK[0]),
    ],
    ids=["1", "7", "9", "0", "stick"],
)
def test_a_line_that_is_drawn_over_again_is_no_digit(digit, line, aside):
    again = [(x + aside, y) for x, y in line]
    assert parts(drawn(*digit, again, at=(20, 20), size=200)) == [(0, 1)]


@pytest.mark.parametrize("digit", [ZERO, SIX, THREE, ONE], ids=["0", "6", "3", "1"])
def test_a_part_of_a_four_that_touches_the_digit_before_belongs_to_its_stem(digit):
    """It is drawn right after that digit, but stands before its stem."""
    strokes, expected = number(digit, FOUR, gap=-0.05)
    assert parts(drawn(*strokes, at=(10, 20), size=170)) == expected


@pytest.mark.parametrize("size", [1, 3, 6])
def test_digits_that_touch_and_are_too_small_to_be_cut_stay_whole(size):
    strokes, expected = number(ZERO, STICK, gap=0)
    assert parts(drawn(*strokes, at=(20, 20), size=20, brush=1)) == expected
    assert len(parts(drawn(*strokes, at=(20, 20), size=size, brush=1))) == 1


@pytest.mark.parametrize(
    "strokes",
    [
        [arc(0.2, 0.25, 0.4, 0.5), [(0.4, 0.05), (0.42, 0.8)]],
        [arc(0.2, 0.28, 0.4, 0.56), [(0.41, 0.05), (0.42, 0.5), (0.3, 0.82)]],
        [[(0.05, 0.1), (0.0, 0.6), (0.38, 0.58)], [(0.4, 0.0), (0.38, 0.8)]],
        [
            [(0.08, 0.05), (0.0, 0.55), (0.1, 0.6), (0.38, 0.5)],
            [(0.4, 0.0), (0.38, 0.8), (0.7, 0.72)],
        ],
        [[(0.3, 0.0), (0.28, 0.5)], [(0.29, 0.08), (0.0, 0.6), (0.45, 0.6)]],
        [arc(0.22, 0.4, 0.44, 0.8, -90, -268), arc(0.22, 0.4, 0.44, 0.8, -90, 85)],
        [[(0.3, 0.0), (0.0, 0.5), (0.05, 0.8)], arc(0.22, 0.6, 0.4, 0.4)],
        [[(0.0, 0.0), (0.0, 0.8)], arc(0.2, 0.54, 0.4, 0.54, 180, 540)],
        [arc(0.1, 0.4, 0.2, 0.8), [(0.16, 0.0), (0.05, 0.8)]],
        [[(0.1, 0.0), (0.5, 0.8)], [(0.5, 0.0), (0.1, 0.8)]],
    ],
    ids=[
        "9",
        "curved 9",
        "4",
        "4 with a foot",
        "4 with a short stem",
        "0 in halves",
        "6",
        "6 and stem",
        "slashed 0",
        "x",
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_two_strokes_that_touch_are_one_digit_where_they_are_no_two(strokes, order):
    assert len(parts(drawn(*strokes[::order], at=(20, 20), size=200))) == 1


def test_and_three_from_left_to_right_whatever_was_drawn_first():
    strokes, expected = number(SEVEN, FIVE, ONE)
    assert parts(drawn(*strokes, at=(5, 60), size=170)) == expected
    assert parts(drawn(*strokes[::-1], at=(5, 60), size=170)) == [(3,), (1, 2), (0,)]


def test_digits_that_lean_may_reach_over_each_other():
    leaning = [[(0.3, 0.0), (0.0, 0.8)]]
    strokes = leaning + moved(leaning, 0.15)
    assert parts(drawn(*strokes, at=(50, 20), size=200)) == [(0,), (1,)]


def test_a_bar_over_the_next_digit_belongs_to_the_digit_below_it():
    five = [FIVE[0], [(0.05, 0.03), (0.75, 0.0)]]
    strokes = five + moved(ZERO, 0.5)
    assert parts(drawn(*strokes, at=(10, 20), size=220)) == [(0, 1), (2,)]


def test_a_loose_bar_belongs_to_the_digit_before_it_even_if_the_next_is_closer():
    five = [FIVE[0], [(0.12, -0.03), (0.62, -0.03)]]
    strokes = five + moved(ONE, 0.56, -0.02)
    assert parts(drawn(*strokes, at=(10, 40), size=200)) == [(0, 1), (2,)]


@pytest.mark.parametrize(
    "strokes",
    [
        [
            [(0.34, 0.08), *arc(0.18, 0.18, 0.34, 0.34, -45, -360), (0.34, 0.2), (0.33, 0.8)],
            [(0.44, 0.0), (0.46, 0.8)],
        ],
        [
            [(0.15, 0.0), (0.03, 0.2), (0.0, 0.4), (0.03, 0.6), (0.15, 0.8)],
            [(0.25, 0), (0.27, 0.8)],
        ],
    ],
    ids=["91", "11 like a parenthesis"],
)
def test_a_curved_digit_that_goes_down_to_the_next_is_no_four(strokes):
    assert parts(drawn(*strokes, at=(60, 60), size=150)) == [(0,), (1,)]


@pytest.mark.parametrize("digit", [SEVEN, THREE, ZERO, EIGHT], ids=["7", "3", "0", "8"])
def test_a_digit_and_a_lower_one_are_no_four(digit):
    strokes = [*digit, *moved(STICK, 0.5, 0.18)]
    assert parts(drawn(*strokes, at=(60, 40), size=180)) == [(0,), (1,)]


@pytest.mark.parametrize(
    "strokes",
    [
        [
            [(0.62, 0.0), (0.05, 0.0), (0.05, 0.35), *arc(0.18, 0.57, 0.4, 0.45, -80, 130)],
            [(0.58, 0.2), (0.58, 0.8)],
        ],
        [
            [*arc(0.2, 0.2, 0.4, 0.4, 180, 390), (0.0, 0.8), (0.62, 0.82)],
            [(0.57, 0.0), (0.57, 0.6)],
        ],
    ],
    ids=["1 under the bar of a 5", "1 over the foot of a 2"],
)
def test_a_digit_may_stand_under_or_over_its_neighbor_s_bar(strokes):
    assert parts(drawn(*strokes, at=(60, 60), size=150)) == [(0,), (1,)]


def test_a_bar_whose_middle_is_beside_the_pad_belongs_to_its_digit():
    five = [FIVE[0], [(0.18, -0.12), (0.5, -0.12)]]
    drawing = drawn(*five, *moved(ZERO, 0.75), at=(10, 20), size=200)
    assert drawing.items[1].points[0].y < 0
    assert parts(drawing) == [(0, 1), (2,)]


@pytest.mark.parametrize("brush", [1.0, 4.0, 22.0])
def test_a_dot_at_the_pad_s_edge_is_a_digit_only_if_its_ink_is_seen(brush):
    for beyond in np.linspace(-1, 12, 40).tolist():
        for x, y in ((-beyond, 50), (280 + beyond, 50), (50, -beyond), (-beyond, -beyond)):
            drawing = Drawing()
            for at in ((x, y), (140, 50)):
                drawing.begin(*at, brush)
                drawing.end()
            for digit in DigitsInDrawing(drawing).update():
                assert digit.ink.any()
                assert digit.box.side > 0


def test_what_was_cleared_and_comes_back_is_not_followed_anew():
    strokes, expected = number(SEVEN, FIVE)
    drawing = drawn(*strokes, at=(5, 60), size=170)
    in_drawing = DigitsInDrawing(drawing)
    digits = in_drawing.update()
    drawing.clear()
    assert in_drawing.update() == ()
    drawing.undo()
    again = in_drawing.update()
    assert [digit.parts for digit in again] == expected
    assert all(one is other for one, other in zip(again, digits, strict=True))


def test_of_a_scribble_each_square_of_a_unit_is_measured_once():
    """Two that fill the pad would have billions of pairs of places."""
    drawing = Drawing()
    drawing.begin(140, 140, 4)
    for x, y in np.random.default_rng(0).uniform(-20, 300, (200, 2)).tolist():
        drawing.extend(x, y, 4)
    drawing.end()
    trace = Trace(0, ())
    trace.follow(drawing.items[0])

    def squares(places):
        x, y = np.clip([places.real, places.imag], 0, 279).astype(int)
        return (280 * y + x).tolist()

    assert len(trace.sparse) < len(trace.places)
    assert sorted(squares(trace.sparse)) == sorted(set(squares(trace.places)))


def test_a_raised_digit_and_a_one_are_no_four_where_they_are_far_apart():
    strokes = [*TWO, [(0.75, 0.15), (0.75, 0.98)]]
    assert parts(drawn(*strokes, at=(10, 20), size=220)) == [(0,), (1,)]


def test_a_seven_may_be_crossed_after_the_next_digit_is_drawn():
    strokes = [SEVEN[0], *moved(ONE, 0.6), BARRED_SEVEN[1]]
    assert parts(drawn(*strokes, at=(10, 20), size=220)) == [(0, 2), (1,)]


def test_digits_of_different_size_and_height():
    strokes = [*TWO, *moved(THREE, 0.5, 0.25, 0.65)]
    assert parts(drawn(*strokes, at=(10, 20), size=220)) == [(0,), (1,)]


@pytest.mark.parametrize("slope", [-0.2, -0.1, 0.1, 0.2])
def test_a_row_may_slope_although_its_first_and_last_digit_share_no_height(slope):
    strokes, expected = number(SEVEN, ONE, TWO, THREE, SIX, gap=0.14)
    sloping = [[(x, y + slope * x) for x, y in stroke] for stroke in strokes]
    assert parts(drawn(*sloping, at=(5, 60 - 260 * min(slope, 0)), size=95)) == expected


def test_two_rows_are_read_one_after_the_other():
    strokes = [*THREE, *moved(TWO, 0.6), *moved(SEVEN, 0.05, 1.4), *moved(ZERO, 0.65, 1.35)]
    assert parts(drawn(*strokes, at=(60, 20), size=115)) == [(0,), (1,), (2,), (3,)]


@pytest.mark.parametrize("tap", [(200, 60), (250, 250), (20, 265), (140, 20)])
def test_a_tap_far_from_a_digit_belongs_to_none(tap):
    """Together, both would be so small in the image of the network that no digit is seen."""
    drawing = drawn(*THREE, at=(100, 110), size=100)
    alone = DigitsInDrawing(drawing).update()[0]
    drawing.begin(*tap)
    drawing.end()
    (digit,) = DigitsInDrawing(drawing).update()
    assert digit.parts == (0,)
    np.testing.assert_array_equal(digit.image, alone.image)


def test_a_tap_alone_is_all_that_there_is():
    assert parts(drawn([(0.5, 0.5)])) == [(0,)]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
@pytest.mark.parametrize("over", [0.0, 0.2])
def test_the_bar_of_a_four_may_be_a_stroke_of_its_own(order, over):
    four = [
        [(0.1, 0.0), (0.0, 0.5)],
        [(0.02, 0.5), (0.42 + over, 0.5)],
        [(0.42, 0.08), (0.4, 0.85)],
    ]
    strokes = [four[index] for index in order]
    assert parts(drawn(*strokes, at=(20, 20), size=200)) == [(0, 1, 2)]


@pytest.mark.parametrize("strokes", [ZERO, THREE, SEVEN], ids=["0", "3", "7"])
@pytest.mark.parametrize("place", [0.3, 0.5, 0.7])
def test_where_the_pen_skipped_the_digit_stays_whole(strokes, place):
    points = _dense(strokes[0])
    split = int(place * len(points))
    torn = [points[:split], points[split + 3 :]]
    assert len(parts(drawn(*torn, at=(40, 30), size=220))) == 1


def test_where_the_pen_skipped_at_the_foot_of_an_open_0_the_digit_stays_whole():
    """Its halves are side by side, and touch nowhere."""
    zero = arc(0.22, 0.4, 0.44, 0.8, -75, 260)
    halves = [arc(0.22, 0.4, 0.44, 0.8, -75, 82), arc(0.22, 0.4, 0.44, 0.8, 98, 260)]
    assert len(parts(drawn(zero, at=(40, 30), size=220))) == 1
    assert len(parts(drawn(*halves, at=(40, 30), size=220))) == 1


def test_a_digit_in_dashes_is_no_scribble():
    points = _dense(THREE[0], 0.02)
    dashes = [points[k : k + 7] for k in range(0, len(points), 10)]
    assert len(dashes) > 7
    assert are_scribbles(drawn(*dashes, at=(40, 30), size=220)) == [False]


@pytest.mark.parametrize("size", [30, 60, 120, 240])
@pytest.mark.parametrize("brush", [4.0, 22.0, 44.0])
def test_the_network_sees_the_same_lines_whatever_the_pen_and_the_size(size, brush):
    """Their width is 0.11 of the digit's height, within a fourth: 2 to 3 pixels of its 20."""
    drawing = drawn([(0.5, 0.0), (0.5, 0.8)], at=(20, 20), size=size, brush=brush)
    (digit,) = DigitsInDrawing(drawing).update()
    width = digit.image.sum(axis=1).max() / 255
    assert 1.4 < width < 2.8
    np.testing.assert_array_equal(digit.ink, drawing.ink)
    left, _, side = digit.frame
    assert left + side / 2 == pytest.approx(20 + size / 2, abs=side / 28)


@pytest.mark.parametrize("line", [[(-6, 100), (-6, 180)], [(-5, 140)], [(285, 285)]])
def test_of_a_bold_line_beside_the_pad_the_edge_is_seen(line):
    """Thinner, as the network gets lines otherwise, none of it would be on the pad."""
    drawing = Drawing()
    for index, (x, y) in enumerate(line):
        (drawing.extend if index else drawing.begin)(x, y)
    drawing.end()
    (digit,) = DigitsInDrawing(drawing).update()
    assert digit.ink.any()
    assert digit.image.any()


def test_a_small_digit_of_a_pen_that_lifts_is_the_same_followed_and_at_the_end():
    drawing = Drawing()
    cutter = DigitsInDrawing(drawing)
    for index, (x, y) in enumerate(_dense(TWO[0])):
        pen = 40 - 30 * min(index / 8, 1)
        (drawing.extend if index else drawing.begin)(100 + 50 * x, 100 + 50 * y, pen)
        assert states(cutter) == states(DigitsInDrawing(drawing))


def test_a_pen_without_width_draws_no_scribble():
    drawing = Drawing()
    drawing.begin(100, 100, 0.0)
    drawing.end()
    assert are_scribbles(drawing) == [False]


def test_each_digit_has_its_own_ink_size_and_place():
    """The bar of the 5 reaches over the 0, and is not in its image."""
    five = [FIVE[0], [(0.05, 0.03), (0.75, 0.0)]]
    drawing = drawn(*five, *moved(ZERO, 0.5, 0.1), at=(10, 20), size=220)
    first, second = DigitsInDrawing(drawing).update()
    for digit, strokes in ((first, five), (second, moved(ZERO, 0.5, 0.1))):
        alone = drawn(*strokes, at=(10, 20), size=220)
        np.testing.assert_array_equal(digit.ink, alone.ink)
        np.testing.assert_array_equal(digit.image, alone.image())
        assert digit.frame == input_frame(alone.ink)
    np.testing.assert_array_equal(np.maximum(first.ink, second.ink), drawing.ink)
    assert second.box.left < first.box.right


def test_a_digit_beside_a_picture_of_one():
    drawing = Drawing()
    drawing.place(drawn(*TWO, at=(20, 40), size=200).ink)
    for x, y in ((190, 45), (190, 120), (192, 195)):
        (drawing.extend if len(drawing.items) > 1 else drawing.begin)(x, y)
    drawing.end()
    picture, stroke = DigitsInDrawing(drawing).update()
    np.testing.assert_array_equal(picture.ink, drawing.items[0].ink)
    assert (picture.parts, stroke.parts) == ((0,), (1,))


def test_a_stroke_between_two_parts_of_a_picture_is_part_of_its_digit():
    """It touches both, but shares no row with either."""
    picture = np.zeros((280, 280), np.uint8)
    picture[[*range(40, 50), *range(200, 210)], 100:180] = 255
    drawing = Drawing()
    drawing.place(picture)
    drawing.begin(140, 50, 4)
    drawing.extend(140, 198, 4)
    drawing.end()
    assert parts(drawing) == [(0, 1)]


def test_a_stroke_on_a_picture_is_part_of_its_digit():
    drawing = Drawing()
    drawing.place(drawn(*SEVEN, at=(40, 40), size=240).ink)
    drawing.begin(60, 140)
    drawing.extend(150, 130)
    drawing.end()
    assert parts(drawing) == [(0, 1)]


def test_more_bars_than_any_number_are_a_scribble():
    bars = [[(0.03 * k, 0.1), (0.03 * k, 0.9)] for k in range(12)]
    assert parts(drawn(*bars, brush=4)) == [tuple(range(12))]
    assert are_scribbles(drawn(*bars, brush=4)) == [True]


def test_a_drawing_of_very_many_strokes_is_not_cut(monkeypatch):
    """The time for it would be missed while one draws."""
    dots = [[(0.01 * k, 0.2 + 0.3 * (k % 2))] for k in range(60)]
    monkeypatch.setattr(module, "grouped", None)
    drawing = drawn(*dots, brush=4)
    (digit,) = DigitsInDrawing(drawing).update()
    assert digit.parts == tuple(range(60))
    assert digit.is_scribble
    np.testing.assert_array_equal(digit.ink, drawing.ink)


# --- while one draws --------------------------------------------------------------------------


def states(cutter):
    return [(d.parts, d.image.tobytes(), d.is_scribble) for d in cutter.update()]


def test_at_every_point_the_digits_are_those_of_the_drawing_as_it_is():
    """Also after undoing, clearing and drawing something else; whatever is kept is right."""
    drawing = Drawing()
    cutter = DigitsInDrawing(drawing)

    def check():
        assert states(cutter) == states(DigitsInDrawing(drawing))

    strokes, _ = number(FIVE, ONE, SEVEN)
    for stroke in strokes:
        for index, (x, y) in enumerate(_dense(stroke, 0.1)):
            (drawing.extend if index else drawing.begin)(20 + 150 * x, 60 + 150 * y)
            if index % 3 == 0:
                check()
        drawing.end()
        check()
    assert len(cutter.update()) == 3
    for _ in range(2):
        drawing.undo()
        check()
    assert len(cutter.update()) == 1
    drawing.begin(200, 70)
    drawing.extend(200, 180)
    check()
    drawing.end()
    drawing.clear()
    check()
    drawing.undo()
    check()
    drawing.place(drawn(*TWO).ink)
    check()


def test_a_digit_that_did_not_change_is_the_same_object():
    drawing = drawn(*ONE, at=(20, 40), size=200)
    cutter = DigitsInDrawing(drawing)
    drawing.begin(150, 50)
    drawing.extend(150, 170)
    before = cutter.update()
    drawing.extend(152, 190)
    after = cutter.update()
    assert after[0] is before[0]
    assert after[1] is not before[1]
    assert before[1].ink.sum() < after[1].ink.sum()  # what was handed out stays as it was


# --- scribbles --------------------------------------------------------------------------------


def zigzag(passes):
    return [(0.1 + 0.8 * k / passes, 0.1 + 0.7 * (k % 2)) for k in range(passes + 1)]


def coil(turns):
    angles = np.linspace(0, 2 * math.pi * turns, 30 * turns)
    return [
        (0.1 + 0.1 * a / turns + 0.2 + 0.2 * math.cos(a), 0.4 + 0.3 * math.sin(a)) for a in angles
    ]


def star(points):
    angles = [math.radians(360 * 3 * k / points + 5) for k in range(points + 1)]
    return [(0.5 + 0.4 * math.cos(a), 0.5 + 0.4 * math.sin(a)) for a in angles[:-2]]


def test_lines_across_each_other_are_a_scribble():
    lines = [[(0.1, 0.2), (0.9, 0.3)], [(0.2, 0.8), (0.8, 0.1)], [(0.3, 0.1), (0.6, 0.9)]]
    assert are_scribbles(drawn(*lines)) == [False]
    lines += [[(0.1, 0.6), (0.9, 0.55)]]
    assert are_scribbles(drawn(*lines)) == [True]


def test_who_draws_a_digit_over_again_makes_no_scribble():
    strokes = [*THREE, *moved(THREE, 0.01, 0.012)]
    assert are_scribbles(drawn(*strokes, at=(40, 30), size=250)) == [False]


@pytest.mark.parametrize(
    "scribble",
    [partial(zigzag, 5), partial(zigzag, 9), partial(coil, 5), partial(coil, 8), partial(star, 7)],
    ids=["zigzag", "long zigzag", "coil", "long coil", "star"],
)
def test_a_scribble_is_none(scribble):
    assert are_scribbles(drawn(scribble())) == [True]


def test_beside_a_digit_only_the_scribble_is_one():
    small = [(0.5 * x + 0.3, 0.6 * y + 0.1) for x, y in zigzag(9)]
    assert are_scribbles(drawn(*ONE, small, size=240, brush=10)) == [False, True]


def test_a_trembling_hand_makes_no_scribble():
    rng = np.random.default_rng(1)
    trembling = [
        (x + dx, y + dy)
        for (x, y), (dx, dy) in zip(_dense(TWO[0]), rng.normal(0, 0.01, (999, 2)), strict=False)
    ]
    assert are_scribbles(drawn(trembling, at=(20, 20), size=240)) == [False]


# --- many hands -------------------------------------------------------------------------------


def share_cut(numbers):
    """Return how many drawings are cut into exactly their digits."""
    return np.mean([is_cut_correctly(number, step=12) for number in numbers])


def test_numbers_in_the_generator_s_hands_are_told_apart():
    rng = np.random.default_rng(1)
    digits = generated(100, rng)
    pairs = [
        side_by_side([digits[i], digits[j]], gap, rng, height)
        for (i, j), gap, height in zip(
            rng.choice(100, (90, 2)).tolist(), [0.05, 0.1, 0.3] * 30, [60, 130] * 45, strict=True
        )
    ]
    assert share_cut(pairs) >= 0.95  # of a small sample; tests/bench/bench_numbers.py measures


def test_single_digits_in_these_hands_stay_whole():
    rng = np.random.default_rng(2)
    several = [d for d in generated(1_000, rng) if len(d.strokes) > 1]
    gaps = list(with_gaps([d for d in several if d.digit == 4], rng))
    assert len(gaps) > 30
    assert share_cut([side_by_side([digit], 0, rng) for digit in several]) >= 0.98
    assert share_cut([side_by_side([digit], 0, rng) for digit in gaps]) >= 0.95


@pytest.fixture(scope="module")
def recordings():
    if not PENDIGITS.exists():
        pytest.skip("Pen-Digits is not beside the repository")
    return read_recordings(PENDIGITS)


def test_people_s_digits_stay_whole_and_are_no_scribbles(recordings):
    sample = [draw_recording(each) for each in recordings[::40]]
    assert np.mean([len(parts(drawing)) > 1 for drawing in sample]) <= 0.005
    assert not any(are_scribbles(drawing) == [True] for drawing in sample)


def test_two_of_people_s_digits_side_by_side_are_told_apart(recordings):
    rng = np.random.default_rng(1)
    digits = recorded([recordings[i] for i in rng.choice(len(recordings), 120)])
    pairs = [side_by_side(digits[i : i + 2], 0.15, rng) for i in range(0, 120, 2)]
    assert share_cut(pairs) >= 0.97
