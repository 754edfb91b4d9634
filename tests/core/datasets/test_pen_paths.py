import numpy as np
import pytest

from core.datasets.glyphs import GLYPHS, Glyph, parse_glyph
from core.datasets.pen_paths import HOOK, SPACING, pen_path

DIGITS = pytest.mark.parametrize("digit", range(10))


def glyphs_of(digit: int) -> list[Glyph]:
    return [glyph for glyph in GLYPHS if glyph.digit == digit]


def turns(path: np.ndarray) -> np.ndarray:
    """Return the angle, in degrees, by which the path turns at each point except the ends."""
    step = np.diff(path, axis=0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    return np.degrees(np.abs(np.diff(heading)))


@DIGITS
def test_the_path_passes_through_all_points_of_the_glyph(digit):
    for glyph in glyphs_of(digit):
        pen = pen_path(glyph)
        path = pen.matrix @ pen.points
        gaps = np.linalg.norm(pen.points[:, None] - path, axis=-1).min(axis=1)
        assert gaps.max() <= SPACING / 2 + 0.1, glyph.name


@DIGITS
def test_only_lifting_the_pen_leaves_a_gap(digit):
    for glyph in glyphs_of(digit):
        pen = pen_path(glyph)
        steps = np.linalg.norm(np.diff(pen.matrix @ pen.points, axis=0), axis=1)
        assert (steps > 1.01 * SPACING).sum() < len(glyph.strokes), glyph.name


@DIGITS
def test_the_middle_of_the_glyph_is_the_origin(digit):
    for glyph in glyphs_of(digit):
        points = pen_path(glyph).points
        first, last = points.min(axis=0), points.max(axis=0)
        np.testing.assert_allclose(first, -last, atol=1e-4, err_msg=glyph.name)


def test_two_points_make_a_straight_line():
    pen = pen_path(parse_glyph("1 1 bare: 0,0 0,100"))
    path = pen.matrix @ pen.points
    np.testing.assert_allclose(path[:, 0], 0, atol=1e-4)
    np.testing.assert_allclose(path[: HOOK + 1, 1], -50, atol=1e-4)
    np.testing.assert_allclose(path[-1 - HOOK :, 1], 50, atol=1e-4)
    assert (np.diff(path[HOOK:-HOOK, 1]) > 0).all()


def test_the_pen_turns_sharply_at_a_corner_alone():
    curved = pen_path(parse_glyph("7 1 curved: 0,0 100,0 50,100"))
    cornered = pen_path(parse_glyph("7 1 cornered: 0,0 100,0! 50,100"))
    drawn = slice(HOOK, -HOOK)
    assert turns((curved.matrix @ curved.points)[drawn]).max() < 30
    # From heading right to heading (-50, 100): 90° + atan(50 / 100).
    corner = turns((cornered.matrix @ cornered.points)[drawn]).max()
    assert corner == pytest.approx(116.57, abs=0.1)
    assert turns((cornered.hasty @ cornered.points)[drawn]).max() < 30


def test_straight_lines_pass_through_the_same_points():
    pen = pen_path(parse_glyph("0 1 bow: 0,0 60,50 0,100"))
    straight = pen.straight @ pen.points
    gaps = np.linalg.norm(pen.points[:, None] - straight, axis=-1).min(axis=1)
    assert gaps.max() <= SPACING
    assert (turns(straight[HOOK:-HOOK]) > 1).sum() <= 2  # at the middle point alone


def test_strokes_and_pieces_divide_the_path():
    pen = pen_path(parse_glyph("4 1 open: 0,0 0,60! 80,60 | 50,0 50,100"))
    assert [stroke.start for stroke in pen.strokes] == [0, pen.strokes[0].stop]
    assert pen.strokes[1].stop == len(pen.matrix) == len(pen.piece)
    assert (np.diff(pen.piece) >= 0).all()
    assert pen.piece[pen.strokes[0]].max() == 1
    assert (pen.piece[pen.strokes[1]] == 2).all()


def test_stroke_ends_vary_along_the_stroke():
    pen = pen_path(parse_glyph("4 1 open: 0,0 0,60 80,60 | 50,0 50,100"))
    longer = pen.points + 0.5 * pen.ends @ pen.points
    moved = (longer - pen.points).tolist()
    assert moved == [[0, -30], [0, 0], [40, 0], [0, -50], [0, 50]]
