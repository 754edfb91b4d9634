"""Digits side by side and scribbles are doubted; no way of writing one digit is."""

import math
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.ink.doubt import Doubt, doubt_about
from core.ink.drawing import Drawing
from core.ink.recordings import draw_recording, read_recordings

PENDIGITS = Path(__file__).parents[4] / "shared" / "pendigits" / "pendigits-train.unipen.gz"


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
ZERO = [arc(0.22, 0.4, 0.44, 0.8, -90, 270)]
SEVEN = [[(0.0, 0.0), (0.42, 0.0), (0.12, 0.8)]]
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
    "0 with a stroke in it": SLASHED_ZERO,
    "5 with a bar": FIVE,
    "8": EIGHT,
}


@pytest.mark.parametrize("brush", [10.0, 22.0, 44.0])
@pytest.mark.parametrize("size", [100, 250])
@pytest.mark.parametrize("digit", SINGLE.values(), ids=SINGLE)
def test_one_digit_is_not_doubted(digit, size, brush):
    assert doubt_about(drawn(*digit, at=(10, 10), size=size, brush=brush)) is None


@pytest.mark.parametrize(
    "pair",
    [(ONE, TWO), (ONE, ONE), (FOUR, BARRED_SEVEN), (ONE, ZERO), (OPEN_FOUR, ONE), (TWO, FIVE)],
    ids=["12", "11", "47", "10", "41", "25"],
)
@pytest.mark.parametrize("brush", [10.0, 22.0])
def test_two_digits_are(pair, brush):
    width = max(x for stroke in pair[0] for x, _ in stroke)
    strokes = pair[0] + moved(pair[1], width + 0.15, 0.04, 0.95)
    assert doubt_about(drawn(*strokes, at=(20, 20), size=220, brush=brush)) is Doubt.SEVERAL


def test_and_three():
    strokes = ONE + moved(TWO, 0.3) + moved(SEVEN, 0.9)
    assert doubt_about(drawn(*strokes, at=(20, 60), size=190)) is Doubt.SEVERAL


def test_in_a_picture_too():
    both = Drawing()
    both.place(drawn(*ONE, *moved(TWO, 0.35), at=(40, 40), size=220).ink)
    assert doubt_about(both) is Doubt.SEVERAL
    one = Drawing()
    one.place(drawn(*TWO, at=(40, 40), size=220).ink)
    assert doubt_about(one) is None


def zigzag(passes):
    return [(0.1 + 0.8 * k / passes, 0.1 + 0.7 * (k % 2)) for k in range(passes + 1)]


def coil(turns):
    angles = np.linspace(0, 2 * math.pi * turns, 30 * turns)
    return [
        (0.1 + 0.1 * a / turns + 0.2 + 0.2 * math.cos(a), 0.4 + 0.3 * math.sin(a)) for a in angles
    ]


@pytest.mark.parametrize(
    "scribble",
    [partial(zigzag, 6), partial(zigzag, 9), partial(coil, 5), partial(coil, 8)],
    ids=["zigzag", "long zigzag", "coil", "long coil"],
)
def test_a_scribble_is_doubted(scribble):
    assert doubt_about(drawn(scribble())) is Doubt.SCRIBBLE


def test_a_trembling_hand_makes_no_scribble():
    rng = np.random.default_rng(1)
    trembling = [
        (x + dx, y + dy)
        for (x, y), (dx, dy) in zip(_dense(TWO[0]), rng.normal(0, 0.006, (999, 2)), strict=False)
    ]
    assert doubt_about(drawn(trembling, at=(20, 20), size=240)) is None


def test_nothing_is_not_doubted():
    drawing = Drawing()
    assert doubt_about(drawing) is None
    drawing.begin(-500, -500)  # beside the pad
    drawing.end()
    assert doubt_about(drawing) is None
    assert doubt_about(drawn([(0.5, 0.5)])) is None


def test_an_image_of_a_data_set_is_one_digit():
    """However broken it looks, until somebody draws on it."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, [8, 20]] = 255
    drawing = Drawing()
    drawing.place_example(image)
    assert doubt_about(drawing) is None
    drawing.begin(5, 5)
    drawing.end()
    assert doubt_about(drawing) is Doubt.SEVERAL


@pytest.fixture(scope="module")
def recordings():
    if not PENDIGITS.exists():
        pytest.skip("Pen-Digits is not beside the repository")
    return read_recordings(PENDIGITS)


def test_people_s_digits_are_not_doubted(recordings):
    sample = recordings[::25]
    doubted = [each for each in sample if doubt_about(draw_recording(each)) is not None]
    assert len(doubted) <= 0.005 * len(sample)


def test_two_of_people_s_digits_side_by_side_are(recordings):
    rng = np.random.default_rng(1)
    pairs = rng.choice(len(recordings), (100, 2))
    doubted = [
        doubt_about(drawn(*side_by_side(recordings[a], recordings[b], 0.15), size=1)) is not None
        for a, b in pairs.tolist()
    ]
    assert np.mean(doubted) >= 0.97


def side_by_side(one, other, gap):
    """Strokes of two recordings, both 130 units high, with a gap of this share of the height."""
    result, left = [], 20.0
    for recording in (one, other):
        points = np.concatenate([np.array(stroke) for stroke in recording.strokes])
        (x, y), (right, top) = points.min(axis=0), points.max(axis=0)
        scale = 130 / max(top - y, 1e-9)
        for stroke in recording.strokes:
            result.append([(left + (a - x) * scale, 70 + (top - b) * scale) for a, b in stroke])
        left += (right - x) * scale + gap * 130
    width = max(a for stroke in result for a, _ in stroke) + 20
    shrink = min(1, 280 / width)
    return [[(a * shrink, b * shrink) for a, b in stroke] for stroke in result]
