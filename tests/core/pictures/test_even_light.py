"""Drawings and small pictures: margins, frames, polarities, and pictures inside pictures."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from core.ink.normalization import normalize_drawing
from core.pictures.background import reduce_picture
from core.pictures.borders import without_border_shapes
from core.pictures.digits_in_picture import digits_in
from core.pictures.even_light import ink_in_even_light
from tests.core.pictures.inked_pages import INKS, page
from tests.core.pictures.test_pictures import FIVE, FOUR, SEVEN, correlation, draw

SAME = 0.85
"""The lowest correlation here: the pictures are enlarged from 20 pixels, which blurs them. With the
other polarity, a frame or a missing part there is less than half of it."""

DIGITS = {"5": draw(*FIVE), "4": draw(*FOUR), "7": draw(*SEVEN), "1": draw([(140, 40), (135, 240)])}


def small(ink, margin=4):
    """Reduce ink to an image like MNIST's, with this margin around the digit."""
    image = normalize_drawing(ink)
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return np.pad(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], margin)


def enlarged(image, factor):
    size = tuple(round(side * factor) for side in reversed(image.shape))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def likeness(picture, ink) -> float:
    (digit,) = digits_in(picture)
    return correlation(digit.ink, ink)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("is_inverted", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("margin", [0, 1, 4])
@pytest.mark.parametrize("factor", [1, 10])
def test_any_margin_will_do(digit, is_inverted, margin, factor):
    picture = enlarged(small(DIGITS[digit], margin), factor)
    assert likeness(255 - picture if is_inverted else picture, DIGITS[digit]) > SAME


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("thickness", [1, 3])
@pytest.mark.parametrize("is_inverted", [False, True], ids=["light", "dark"])
def test_a_frame_is_no_ink(digit, thickness, is_inverted):
    framed = np.pad(small(DIGITS[digit], 2), thickness, constant_values=255)
    assert likeness(255 - framed if is_inverted else framed, DIGITS[digit]) > SAME


@pytest.mark.parametrize("sides", [("top", "left"), ("bottom",), ("left", "right")])
def test_lines_along_some_sides_are_no_ink(sides):
    picture = 255 - enlarged(small(DIGITS["5"]), 4)
    for side in sides:
        line = {
            "top": np.s_[:5],
            "bottom": np.s_[-5:],
            "left": np.s_[:, :5],
            "right": np.s_[:, -5:],
        }
        picture[line[side]] = 0
    assert likeness(picture, DIGITS["5"]) > SAME


def test_a_box_around_a_digit_is_no_ink():
    boxed = np.pad(np.pad(small(DIGITS["5"], 3), 1, constant_values=255), 5)
    assert likeness(enlarged(255 - boxed, 4), DIGITS["5"]) > SAME


@pytest.mark.parametrize("gap", [0, 1])
def test_a_digit_may_stand_on_the_box_around_it(gap):
    placed = np.pad(small(DIGITS["7"], 0), ((7 - gap, gap), (5, 5)))
    boxed = np.pad(np.pad(placed, 2, constant_values=255), 6)
    assert likeness(255 - boxed, DIGITS["7"]) > SAME


def test_a_small_image_stays_as_it_is():
    image = normalize_drawing(DIGITS["5"])
    (digit,) = digits_in(image)
    assert np.corrcoef(normalize_drawing(digit.ink).ravel(), image.ravel())[0, 1] > 0.99


def test_the_box_is_around_the_digit():
    picture = np.full((120, 90), 240, np.uint8)
    picture[30:90, 40:50] = 30
    (digit,) = digits_in(picture)
    np.testing.assert_allclose(digit.box, (30, 90, 40, 50), atol=2)


def test_a_picture_inside_a_figure_is_read():
    """As a plotting library shows an image: light on black, with ticks, on a white page."""
    figure = np.full((240, 320), 255, np.uint8)
    figure[30:210, 70:250] = enlarged(normalize_drawing(DIGITS["5"]), 180 / 28)
    figure[210:214, 100:250:40] = 0
    assert likeness(figure, DIGITS["5"]) > SAME


def test_a_transparent_card_with_ink_is_read():
    paper = np.full((60, 60, 4), 255, np.uint8)
    paper[16:44, 16:44, :3] = 255 - normalize_drawing(DIGITS["5"])[..., None]
    card = np.pad(paper, ((9, 4), (3, 12), (0, 0)))
    assert likeness(card, DIGITS["5"]) > SAME


def test_a_bar_of_the_digit_is_no_frame():
    """A 7 without margins, whose bar is the whole first row."""
    picture = np.zeros((60, 40), np.uint8)
    picture[:9] = 255
    for row in range(60):
        right = 40 - row // 3
        picture[row, right - 9 : right] = 255
    (digit,) = digits_in(picture)
    assert digit.box.top == 0
    assert digit.box.right - digit.box.left == 40


@pytest.mark.parametrize("side", [60, 100, 140, 200, 280])
@pytest.mark.parametrize("margin", [0, 2, 10])
def test_a_bold_digit_that_fills_the_picture_is_one(side, margin):
    for strokes in (FIVE, FOUR, SEVEN):
        ink = draw(*strokes, brush=44)
        image = small(ink, 0)
        picture = np.pad(enlarged(image, side / max(image.shape)), margin)
        assert likeness(255 - picture, ink) > SAME


@pytest.mark.parametrize("digits", ["54", "5741", "17574", "47547541"])
def test_a_row_of_digits_may_be_cropped_to_its_ink(digits):
    row = [np.pad(enlarged(small(DIGITS[d], 0), 5), ((0, 0), (0, 20))) for d in digits]
    found = digits_in(255 - np.hstack(row)[:, :-20])
    assert len(found) == len(digits)
    for digit, name in zip(found, digits, strict=True):
        assert correlation(digit.ink, DIGITS[name]) > SAME


def test_a_bold_digit_at_the_edge_is_no_table_beside_a_thin_one():
    mask = np.zeros((200, 300), np.bool_)
    mask[60:150, 40:44] = True
    mask[0:150, 200:216] = mask[134:150, 200:260] = True
    np.testing.assert_array_equal(without_border_shapes(mask), mask)


@pytest.mark.parametrize("ink", INKS, ids=["5", "4", "7"])
@pytest.mark.parametrize("side", [200, 250])
def test_what_is_lit_beside_a_shadow_is_no_sheet_of_paper(side, ink):
    """The soft edge of the shadow, along its rim, would be ink."""
    corner = (200 - side // 2,) * 2
    drawn = np.asarray(page(400, 400, (ink, side, corner)), np.float32) * 185 / 255 + 50
    x, y = np.meshgrid(np.arange(400), np.arange(400))
    shade = 1 - 0.5 / (1 + np.exp((260 - x - y / 5) / 4))
    noise = np.random.default_rng(5).normal(0, 4, drawn.shape)
    picture = np.clip(drawn * shade + noise, 0, 255).astype(np.uint8)
    assert ink_in_even_light(reduce_picture(picture)) is None


@pytest.mark.parametrize("color", [(250, 240, 90), (150, 250, 150), (255, 160, 200)])
@pytest.mark.parametrize("digit", ["5", "4"])
def test_the_corners_of_a_highlighted_cell_are_no_digits(digit, color):
    """Its soft corners are all that stands out of a cell, where the digit is taken for paper."""
    rng = np.random.default_rng(1)
    cell = np.zeros((500, 700), np.float32)
    cell[100:400, 120:580] = 0.9
    cell = ndimage.gaussian_filter(cell, 2)[..., None]
    ink = np.zeros((500, 700, 1), np.float32)
    ink[110:390, 210:490, 0] = DIGITS[digit] / 255
    picture = (248 * (1 - cell) + np.array(color) * cell) * (1 - ink) + 30 * ink
    picture += rng.normal(0, 3, picture.shape)
    assert likeness(np.clip(picture, 0, 255).astype(np.uint8), DIGITS[digit]) > SAME


VIRIDIS = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]
JET = [(0, 0, 128), (0, 80, 255), (40, 255, 215), (255, 230, 0), (128, 0, 0)]
COOLWARM = [(59, 76, 192), (141, 176, 254), (221, 221, 221), (244, 154, 123), (180, 4, 38)]


@pytest.mark.parametrize("colors", [VIRIDIS, JET, COOLWARM], ids=["viridis", "jet", "coolwarm"])
@pytest.mark.parametrize("digit", ["5", "4"])
def test_of_a_plot_with_a_color_bar_the_image_is_read(digit, colors):
    """The colors of the scale are paper and ink in one; the bar has both, too."""
    image = np.kron(normalize_drawing(DIGITS[digit]) / 255, np.ones((13, 13)))
    plot = np.zeros((480, 640))
    plot[58:422, 80:444] = image
    plot[58:422, 480:498] = np.linspace(1, 0, 364)[:, None]
    at = np.linspace(0, 1, len(colors))
    picture = np.stack([np.interp(plot, at, scale) for scale in np.transpose(colors)], axis=2)
    is_paper = np.ones(plot.shape, np.bool_)
    for left, right in ((80, 444), (480, 498)):
        picture[57:423, [left - 1, right]] = picture[[57, 422], left - 1 : right + 1] = 0
        is_paper[57:423, left - 1 : right + 1] = False
    picture[is_paper] = 255
    assert likeness(np.uint8(picture), DIGITS[digit]) > SAME


@pytest.mark.parametrize(
    ("radii", "width", "lean"), [((90, 120), 40, 0.2), ((105, 125), 50, 0.4), ((105, 125), 60, 0.0)]
)
def test_the_inside_of_a_large_0_is_no_picture(radii, width, lean):
    """It is a fifth of the picture, and has a margin of ink all around."""
    y, x = np.mgrid[:280, :280] - 139.5
    across, down = radii
    inside, outside = (
        np.hypot((x + lean * y) / (across - k), y / (down - k)) < 1 for k in (width, 0)
    )
    ring = np.uint8(255 * (outside & ~inside))
    picture = enlarged(np.asarray(Image.fromarray(ring).resize((28, 28))), 10)
    assert likeness(picture, ring) > SAME
    assert likeness(255 - picture, ring) > SAME
