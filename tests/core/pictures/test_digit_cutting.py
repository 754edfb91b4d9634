"""Sheets are cut into their digits, and single digits stay whole."""

import numpy as np
import pytest
from scipy import ndimage

from core.datasets.strokes import make_strokes
from core.ink.boxes import box_around
from core.ink.drawing import BRUSH, Drawing
from core.pictures.digit_cutting import cut_digits
from core.pictures.digits_in_picture import digits_in
from core.pictures.ink_map import inked
from core.pictures.ruled_lines import without_lines
from tests.pages import make_page, score


@pytest.fixture(scope="module")
def digits():
    return make_strokes(train=10, test=40, seed=3).test


def ink_of(*strokes, brush=BRUSH):
    """Soft ink of strokes on the pad."""
    drawing = Drawing()
    for (x, y), *others in strokes:
        drawing.begin(x, y, brush)
        for point in others:
            drawing.extend(*point, brush)
        drawing.end()
    return (drawing.ink / 255).astype(np.float32)


@pytest.mark.parametrize("kind", ["plain", "skewed", "shadow", "lines", "grid", "form"])
def test_a_sheet_is_cut_into_its_digits_in_reading_order(digits, kind):
    page = make_page(digits.images, digits.labels, kind, seed=1, side=45)
    found = score(page, [digit.box for digit in digits_in(page.pixels)])
    assert found.found >= 0.95 * len(page.boxes)
    assert found.false <= 1
    assert found.disorder == 0


def test_a_row_is_read_from_left_to_right(digits):
    page = make_page(digits.images[:9], digits.labels[:9], "plain", seed=2, side=50, per_row=9)
    found = score(page, [digit.box for digit in digits_in(page.pixels)])
    assert found == (9, 0, 0)


FIVE = [(110, 60), (105, 125), (150, 120), (180, 150), (170, 200), (130, 225), (90, 205)]


@pytest.mark.parametrize(
    "strokes",
    [
        (FIVE, [(135, 55), (190, 50)]),
        ([(110, 50), (85, 150), (155, 150)], [(190, 90), (180, 230)]),
        ([(140, 50), (140, 130)], [(140, 160), (140, 230)]),
        (FIVE, [(240, 40), (240, 42)]),
    ],
    ids=["5-bar-apart", "4-open", "1-skipped", "speck"],
)
def test_a_digit_of_several_pieces_is_one(strokes):
    assert len(cut_digits(ink_of(*strokes))) == 1


def test_two_digits_are_two_though_one_is_small():
    one, other = cut_digits(ink_of([(60, 60), (60, 220)], [(160, 110), (160, 220)]))
    assert one.box.right < other.box.left
    assert one.box.side > 1.3 * other.box.side


def test_a_wide_zero_is_a_digit_beside_a_high_one():
    angles = np.linspace(0, 2 * np.pi, 30)
    zero = [(180 + 55 * np.sin(angle), 150 - 36 * np.cos(angle)) for angle in angles]
    one, other = cut_digits(ink_of([(70, 40), (70, 220)], zero))
    assert one.box.right < other.box.left


@pytest.mark.parametrize("mark", [[(160, 130), (150, 215)], [(150, 140), (190, 140)]])
def test_a_comma_or_dash_is_no_digit_beside_a_high_one(mark):
    assert len(cut_digits(ink_of([(70, 40), (70, 220)], mark))) == 1


def test_a_digit_has_only_its_own_ink():
    """The end of the left one reaches over the right one, into its box."""
    strokes = ([(40, 60), (40, 220)], [(140, 220), (190, 60), (240, 220)])
    ink = ink_of(*strokes, [(40, 60), (180, 30)])
    left, right = cut_digits(ink)
    assert right.ink.sum() < 0.7 * ink.sum()
    assert left.ink.sum() + right.ink.sum() == pytest.approx(ink.sum(), rel=0.02)


def test_lines_are_taken_away_and_what_crosses_them_stays():
    ink = np.pad(ink_of(FIVE), 100)
    ruled = ink.copy()
    for row in (60, 200, 340, 440):
        ruled[row : row + 3] = 0.8
    (digit,) = cut_digits(ruled)
    (alone,) = cut_digits(ink)
    assert max(abs(a - b) for a, b in zip(digit.box, alone.box, strict=True)) <= 3
    assert digit.ink.sum() == pytest.approx(alone.ink.sum(), rel=0.05)


@pytest.mark.parametrize(
    "strokes", [([(140, 20), (140, 260)],), ([(60, 60), (220, 60), (120, 250)],)]
)
def test_a_straight_stroke_is_no_ruled_line(strokes):
    assert len(cut_digits(ink_of(*strokes))) == 1


def test_a_blank_picture_has_none():
    assert cut_digits(np.zeros((50, 60), np.float32)) == []


def test_a_long_straight_stroke_of_a_digit_is_no_ruled_line():
    bent = ink_of([(60, 70), (90, 45), (125, 70), (110, 230), (200, 230)], brush=10)
    ruled = np.pad(bent, ((0, 0), (60, 60)))
    assert without_lines(ruled) is ruled
    ruled[[150, 151]] = 1
    removed = without_lines(ruled)
    assert not removed[150:152, :60].any()
    assert removed[240:, :].sum() == ruled[240:, :].sum()


def test_two_strokes_whose_boxes_overlap_are_one_digit():
    four = ink_of([(80, 60), (50, 180), (90, 180)], [(250, 50), (80, 270)], brush=14)
    (digit,) = cut_digits(four)
    assert digit.box == box_around(inked(four))


LEANING_FOUR = [[(150, 40), (70, 130), (130, 126)], [(215, 90), (120, 200)]]


@pytest.mark.parametrize("brush", [8, 14])
def test_an_open_four_that_leans_is_one_digit(brush):
    four = ink_of(*LEANING_FOUR, brush=brush)
    (digit,) = cut_digits(four)
    assert digit.box == box_around(inked(four))


def test_an_open_four_may_reach_over_the_edge():
    cut_off = ink_of(*LEANING_FOUR, brush=10)[45:]
    whole = box_around(inked(cut_off))
    (digit,) = cut_digits(cut_off)
    assert digit.box == whole
    (read,) = digits_in((255 * (1 - cut_off)).astype(np.uint8))
    assert read.box == whole


def test_the_bar_of_a_single_five_may_lie_apart():
    five = ink_of(FIVE, [(165, 40), (215, 36)], brush=10)
    (read,) = digits_in((255 * (1 - five)).astype(np.uint8))
    assert read.box == box_around(inked(five))


@pytest.mark.parametrize(
    "strokes",
    [
        ([(70, 60), (130, 60), (80, 200)], [(190, 60), (150, 205)]),
        ([(120, 60), (70, 200)], [(190, 60), (140, 200)]),
    ],
    ids=["71", "11"],
)
def test_digits_that_lean_are_told_apart(strokes):
    assert len(cut_digits(ink_of(*strokes, brush=10))) == 2


def test_a_neighbor_cut_off_by_the_edge_is_no_part_of_a_digit():
    both = ink_of(FIVE, [(250, 60), (250, 200), (279, 130)], brush=10)
    (digit,) = cut_digits(both)
    assert digit.box.right < 230


def test_pale_ink_counts_for_a_little_where_it_continues_a_line():
    ink = np.zeros((20, 60), np.float32)
    ink[5:8, 5:20] = ink[5:8, 24:30] = 0.9
    ink[5:8, 20:24] = 0.4  # the pen was light
    ink[6, 30:] = 0.4  # a ruled line
    ink[15:18, 45:55] = 0.4
    mask = inked(ink)
    assert mask[5:8, 5:30].all()
    assert not mask[:, 40:].any()


def test_a_shadow_over_a_corner_is_no_ink(digits):
    page = make_page(digits.images[:12], digits.labels[:12], "plain", seed=4, side=50, per_row=4)
    pixels = page.pixels.astype(np.float32)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    pixels[x > y + 0.2 * pixels.shape[1]] *= 0.55
    found = score(page, [digit.box for digit in digits_in(pixels.astype(np.uint8))])
    assert found.found >= 11
    assert found.false <= 1


@pytest.mark.parametrize("seed", [1, 29])
def test_a_page_is_read_as_a_page_if_more_digits_are_found_so(digits, seed):
    page = make_page(digits.images[:20], digits.labels[:20], "grid", seed, side=50, per_row=5)
    assert score(page, [digit.box for digit in digits_in(page.pixels)]) == (20, 0, 0)


def test_a_slanted_stroke_is_no_ruled_line():
    both = ink_of([(80, 60), (50, 180), (90, 180)], [(250, 20), (80, 265)], brush=14)
    box = box_around(both > 0)
    cropped = both[box.top : box.bottom, box.left : box.right]  # it goes across the picture
    assert without_lines(cropped) is cropped


def test_the_sides_of_boxes_go_with_the_lines_that_they_connect():
    ink = np.zeros((120, 900), np.float32)
    ink[[20, 21, 98, 99]] = 1
    for left in range(0, 900, 50):
        ink[22:98, left : left + 2] = 1
    ones = np.zeros_like(ink)
    ones[35:80, 75:78] = 1  # stands between both lines
    ones[40:98, 225:229] = 1  # touches one
    rest = without_lines(np.maximum(ink, ones))
    np.testing.assert_array_equal(rest[30:90] > 0.5, ones[30:90] > 0.5)


def test_squares_go_where_they_cross_and_where_digits_connect_them():
    ink = np.zeros((400, 500), np.float32)
    lines = np.zeros_like(ink)
    for at in range(10, 500, 24):
        lines[at : at + 2] = lines[:, at : at + 2] = 1
    for left in (60, 150, 240):
        ink[100:180, left : left + 14] = 1
        ink[120:150, left : left + 50] = 1  # thick, from one line to the next
    rest = without_lines(np.maximum(ink, lines)) > 0.5
    assert not (rest & (ndimage.binary_dilation(ink > 0, iterations=3) == 0)).any()
    assert rest[ink > 0].mean() > 0.95


def test_a_thin_line_that_is_askew_is_broken_into_steps():
    ink = np.zeros((600, 800), np.float32)
    columns = np.arange(20, 780)
    for top in range(60, 560, 24):
        rows = top + columns // 20
        ink[rows, columns] = ink[rows + 1, columns] = np.where(columns % 40, 0.5, 0.1)
    digit = np.zeros_like(ink)
    digit[200:260, 300:308] = 1
    rest = without_lines(np.maximum(ink, digit))
    np.testing.assert_array_equal(rest > 0.3, digit > 0.3)


@pytest.mark.parametrize("slope", [0.03, 0.08, 0.1])
def test_a_pale_line_that_is_askew_is_broken_where_it_lies_between_two_rows(slope):
    ink = np.zeros((600, 1000), np.float32)
    columns = np.arange(20, 980)
    for top in range(60, 440, 24):
        at = top + slope * columns
        rows, share = np.floor(at).astype(int), at % 1
        ink[rows, columns] = 0.38 * (1 - share)
        ink[rows + 1, columns] = 0.38 * share
    digit = np.zeros_like(ink)
    digit[200:260, 300:308] = 1
    rest = without_lines(np.maximum(ink, digit))
    np.testing.assert_array_equal(rest > 0.3, digit > 0.3)


def test_digits_at_the_edge_count_if_the_picture_was_cropped_to_them():
    ink = np.zeros((100, 300), np.float32)
    for left in range(10, 300, 60):
        ink[5:, left : left + 8] = ink[5:13, left : left + 30] = 1
    ink[80:, 130:138] = ink[80:, 130:160] = 0  # one ends above the edge
    assert len(cut_digits(ink)) == 5


def cropped_page(ink):
    """Four rows of six digits, cropped to their ink: of the outermost, one touches each edge."""
    side = ink.shape[0]
    page = np.zeros((4 * side, 6 * side), np.float32)
    for row in range(4):
        for column in range(6):
            shift = ((row * 3 + column * 5) % 7, (row * 5 + column * 3) % 7)
            page[row * side :, column * side :][:side, :side] = np.roll(ink, shift, (0, 1))
    box = box_around(inked(page))
    return page[box.top : box.bottom, box.left : box.right]


def test_a_page_that_was_cropped_to_its_digits_keeps_those_at_the_edge():
    assert len(cut_digits(cropped_page(ink_of(FIVE, brush=14)[30:260, 30:260]))) == 24


def test_shadows_and_cut_off_digits_at_the_edge_of_a_page_are_no_digits():
    page = cropped_page(ink_of(FIVE, brush=14)[30:260, 30:260])
    margin = np.pad(page, 40)
    margin[:90, :15] = margin[200:330, -20:] = margin[:12, 300:420] = margin[-20:, 500:560] = 1
    assert len(cut_digits(margin)) == 24
    assert all(digit.box.left > 0 for digit in cut_digits(page[:, 60:]))
