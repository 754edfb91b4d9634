from itertools import pairwise

import numpy as np
import pytest

from core.datasets.glyphs import GLYPHS, Glyph, parse_glyph

DIGITS = pytest.mark.parametrize("digit", range(10))


def glyphs_of(digit: int) -> list[Glyph]:
    found = [glyph for glyph in GLYPHS if glyph.digit == digit]
    assert found
    return found


def test_a_line_of_the_table_is_read():
    glyph = parse_glyph("7 1.5 crossed, serif: 12,20 16,6! 80,-4! 44,100 | 32,54 78,50")
    assert (glyph.digit, glyph.weight, glyph.name) == (7, 1.5, "crossed, serif")
    stem, bar = glyph.strokes
    assert stem.points.tolist() == [[12, 20], [16, 6], [80, -4], [44, 100]]
    assert stem.corners == (1, 2)
    assert bar.points.tolist() == [[32, 54], [78, 50]]
    assert bar.corners == ()


@DIGITS
def test_each_digit_is_written_in_several_ways(digit):
    names = [glyph.name for glyph in glyphs_of(digit)]
    assert len(names) >= 5
    assert len(set(names)) == len(names)


def test_every_common_way_of_writing_is_included():
    names = {(glyph.digit, word) for glyph in GLYPHS for word in glyph.name.split()}
    assert {(1, "base"), (2, "loop"), (4, "open"), (4, "closed"), (7, "crossed,")} <= names
    assert {(3, "flat"), (9, "hooked"), (9, "straight")} <= names
    strokes = {(glyph.digit, len(glyph.strokes)) for glyph in GLYPHS}
    assert {(4, 1), (4, 2), (5, 1), (5, 2), (8, 1), (8, 2)} <= strokes


def test_a_glyph_can_be_chosen():
    for glyph in GLYPHS:
        assert glyph.digit in range(10), glyph
        assert glyph.weight > 0, glyph


@DIGITS
def test_a_glyph_is_about_a_hundred_units_tall(digit):
    for glyph in glyphs_of(digit):
        points = np.concatenate([stroke.points for stroke in glyph.strokes])
        width, height = points.max(axis=0) - points.min(axis=0)
        assert 90 <= height <= 110, glyph.name
        assert width <= 105, glyph.name


@DIGITS
def test_the_pen_moves_from_point_to_point(digit):
    for glyph in glyphs_of(digit):
        for stroke in glyph.strokes:
            assert len(stroke.points) >= 2, glyph.name
            steps = [np.hypot(*(b - a)) for a, b in pairwise(stroke.points)]
            assert min(steps) >= 2, glyph.name


@DIGITS
def test_corners_are_between_the_ends_of_a_stroke(digit):
    for glyph in glyphs_of(digit):
        for stroke in glyph.strokes:
            last = len(stroke.points) - 1
            assert all(0 < corner < last for corner in stroke.corners), glyph.name
