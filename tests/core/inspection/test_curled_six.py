"""A 6 whose top curls back is no 8."""

import math
from itertools import pairwise

import numpy as np
import pytest

from core.ink.drawing import Drawing
from core.inspection.curled_six import is_curled_six
from core.inspection.prediction import predict
from core.network.network import Network


def image(*strokes, pen=14.0):
    """The network's input for strokes of points in 0…1."""
    drawing = Drawing()
    for stroke in strokes:
        points = [(40 + 200 * x, 40 + 200 * y) for x, y in stroke]
        drawing.begin(*points[0], pen)
        for (x0, y0), (x1, y1) in pairwise(points):
            for part in np.linspace(0.2, 1, 5):
                drawing.extend(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, pen)
        drawing.end()
    return drawing.image()


def arc(x, y, width, height, begin=0, end=360):
    """Points of an arc, in degrees, clockwise from the right."""
    angles = [math.radians(a) for a in np.linspace(begin, end, 25)]
    return [(x + width / 2 * math.cos(a), y + height / 2 * math.sin(a)) for a in angles]


def six(end, slant=0.0):
    """A 6, from its loop up to its top, which bends to the right as far as `end`, in degrees."""
    top = arc(0.3, 0.22, 0.44, 0.44, -180, end)
    points = [*arc(0.28, 0.8, 0.4, 0.4, -180, 200)[::-1], (0.08, 0.5), *top]
    return [(x + slant * (0.5 - y), y) for x, y in points]


# Loops are drawn from where they cross. An open one has two ends.
EIGHT = [*arc(0.3, 0.25, 0.4, 0.5, 90, 450), *arc(0.3, 0.75, 0.44, 0.5, -90, 270)]
OPEN_EIGHT = [[*arc(0.3, 0.25, 0.4, 0.5, -40, -270), *arc(0.3, 0.75, 0.44, 0.5, -90, 270)]]
OPEN_EIGHT[0] += [(0.48, 0.34)]
FULL_EIGHT = [*arc(0.3, 0.2, 0.1, 0.12, 90, 450), *arc(0.3, 0.7, 0.44, 0.56, -90, 270)]


@pytest.mark.parametrize("pen", [10.0, 20.0])
@pytest.mark.parametrize("slant", [-0.2, 0.0, 0.2])
@pytest.mark.parametrize("end", [30, 60, 90])
def test_a_six_whose_top_curls_back(end, slant, pen):
    assert is_curled_six(image(six(end, slant), pen=pen))


@pytest.mark.parametrize("pen", [10.0, 20.0])
def test_a_line_that_sticks_out_is_no_end(pen):
    assert is_curled_six(image(six(60), [(0.08, 0.6), (-0.06, 0.6)], pen=pen))


@pytest.mark.parametrize(
    "strokes",
    [
        [six(-100)],
        [six(-60)],
        [EIGHT],
        OPEN_EIGHT,
        [FULL_EIGHT],
        [arc(0.3, 0.5, 0.6, 1.0)],
        [[(x, 1 - y) for x, y in six(60)]],
        [[(0.6 - x, y) for x, y in six(60)]],
        [[(0.3, 0.0), (0.3, 1.0)]],
        [],
    ],
    ids=[
        "6",
        "6 that bends",
        "8",
        "open 8",
        "8 whose upper loop is full",
        "0",
        "6 on its head",
        "6 in a mirror",
        "1",
        "nothing",
    ],
)
@pytest.mark.parametrize("pen", [10.0, 20.0])
def test_what_is_none(strokes, pen):
    assert not is_curled_six(image(*strokes, pen=pen))


def test_what_is_all_ink_is_none():
    assert not is_curled_six(np.full((28, 28), 255, np.uint8))


@pytest.mark.parametrize(
    ("classes", "predicted", "drawn", "is_certain"),
    [
        (None, 8, six(60), False),
        (None, 8, EIGHT, True),
        (None, 6, six(60), True),
        (tuple("abcdefghij"), 8, six(60), True),
    ],
    ids=["an 8", "of a closed 8", "a 6", "of letters"],
)
def test_a_curled_six_is_no_certain_eight(classes, predicted, drawn, is_certain):
    network = Network((784, 10)) if classes is None else Network((784, 10), classes=classes)
    network.layers[0].b[predicted] = 20
    prediction = predict(network, image(drawn), (0.9,) * 10)
    assert prediction.digit == predicted
    assert prediction.is_certain is is_certain
