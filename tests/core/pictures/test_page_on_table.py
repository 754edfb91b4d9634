"""A page is found on its table, and nothing else is taken for a page."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from core.datasets.strokes import make_strokes
from core.ink.drawing import Drawing
from core.pictures.digits_in_picture import digits_in
from core.pictures.page_on_table import page_on_table, without_table
from tests.core.pictures.inked_pages import INKS, page
from tests.core.pictures.test_pictures import correlation
from tests.pages import make_page, score

TABLES = {"brown": (143, 104, 72), "dark": (50, 45, 40), "light": (190, 180, 170)}

ASKEW = 0.85
"""The lowest correlation for a digit that is seen through noise; that of the paper is below 0.5."""


@pytest.fixture(scope="module")
def digits():
    return make_strokes(train=10, test=25, seed=4).test


@pytest.mark.parametrize("seed", [2, 4])
def test_the_digits_of_a_page_on_a_table_are_found_and_nothing_else(digits, seed):
    page = make_page(digits.images, digits.labels, "photo", seed, side=50)
    assert score(page, [digit.box for digit in digits_in(page.pixels)]) == (25, 0, 0)


def on_table(flat, turn, table, falls=0.0):
    """Lay a page, (h, w) gray, on a table that fills the rest of the picture: RGB with noise.

    It is turned by `turn` degrees, and its right side has `falls` less light than its left.
    """
    height, width = (round(1.6 * side) for side in flat.size[::-1])
    color = np.array(TABLES[table], np.float32)
    corner = (width - flat.width) // 2, (height - flat.height) // 2
    cover, paper = Image.new("L", (width, height), 0), Image.new("L", (width, height), 255)
    cover.paste(255, (*corner, corner[0] + flat.width, corner[1] + flat.height))
    paper.paste(flat, corner)
    cover, paper = (
        np.asarray(image.rotate(turn, Image.Resampling.BICUBIC), np.float32)[..., None] / 255
        for image in (cover, paper)
    )
    colors = color * (1 - cover) + (30 + 210 * paper) * cover
    colors *= np.linspace(1, 1 - falls, width)[:, None]
    noise = np.random.default_rng(1).normal(0, 3, (height, width, 1))
    return np.clip(colors + noise, 0, 255).astype(np.uint8)


def turned(ink, turn):
    return np.asarray(Image.fromarray(ink).rotate(turn, Image.Resampling.BICUBIC))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("turn", [2, -4, 6, 10])
@pytest.mark.parametrize("width", [260, 370], ids=["square", "wide"])
def test_a_digit_on_paper_that_lies_askew_is_read(width, turn, table):
    """The paper has a hole where the digit is, but it is no 0."""
    for ink in INKS:
        flat = page(260, width, (ink, 160, (width // 2 - 80, 50)))
        (digit,) = digits_in(on_table(flat, turn, table))
        assert correlation(digit.ink, turned(ink, turn)) > ASKEW


@pytest.mark.parametrize("falls", [0.15, 0.3, 0.5])
@pytest.mark.parametrize("turn", [0, 5])
def test_the_light_may_fall_across_the_paper(turn, falls):
    for ink in INKS:
        flat = page(260, 260, (ink, 160, (50, 50)))
        (digit,) = digits_in(on_table(flat, turn, "brown", falls))
        assert correlation(digit.ink, turned(ink, turn)) > ASKEW


@pytest.mark.parametrize("falls", [0.0, 0.3])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_row_on_paper_that_lies_askew_is_read(count, falls):
    inks = (INKS * 2)[:count]
    flat = page(
        400, 110 * count + 200, *((ink, 120, (100 + 110 * k, 140)) for k, ink in enumerate(inks))
    )
    found = digits_in(on_table(flat, 5, "brown", falls))
    assert len(found) == count
    for digit, ink in zip(found, inks, strict=True):
        assert correlation(digit.ink, turned(ink, 5)) > ASKEW


@pytest.mark.parametrize("turn", [2, 6])
def test_a_sheet_of_digits_that_lies_askew_in_even_light_is_read(turn):
    inks = INKS * 8
    places = [(60 + 110 * (k % 6), 60 + 120 * (k // 6)) for k in range(24)]
    flat = page(580, 770, *((ink, 100, place) for ink, place in zip(inks, places, strict=True)))
    found = digits_in(on_table(flat, turn, "brown"))
    assert len(found) == 24
    for digit, ink in zip(found, inks, strict=True):
        assert correlation(digit.ink, turned(ink, turn)) > ASKEW


def photo(paper=210.0, table=90.0, light=1.0):
    """A page, askew and perhaps half in a shadow, on a table: (300, 400, 3), and its pixels."""
    y, x = np.mgrid[:300, :400].astype(np.float32)
    page = (np.abs(x - 200 + 0.1 * (y - 150)) < 120) & (np.abs(y - 150 - 0.1 * (x - 200)) < 110)
    colors = np.where(page, paper, table)
    colors[:, :200] *= light
    colors[130:170, 180:184] = 30
    colors = ndimage.gaussian_filter(colors, 0.7)
    return np.repeat(colors[..., None], 3, axis=2).astype(np.float32), page


@pytest.mark.parametrize(("paper", "table"), [(210.0, 90.0), (30.0, 110.0)])
def test_the_page_is_told_from_the_table_across_a_shadow(paper, table):
    colors, page = photo(paper, table, light=0.6)
    found = page_on_table(colors)
    assert not (found & ~page).any()
    assert found.sum() > 0.85 * page.sum()


def test_squared_paper_is_told_from_the_table():
    """Most of the picture is as steep as the outline of the page."""
    colors = np.full((300, 400, 3), 90, np.float32)
    page = np.zeros((300, 400), np.bool_)
    page[25:-25, 30:-30] = True
    colors[page] = 130
    for at in range(2, 400, 6):
        page_lines = np.zeros_like(page)
        page_lines[at : at + 2] = page_lines[:, at : at + 2] = True
        colors[page & page_lines] = 90
    found = page_on_table(ndimage.gaussian_filter(colors, (0.7, 0.7, 0)))
    assert found is not None
    assert not (found & ~page).any()
    assert found.sum() > 0.85 * page.sum()


def test_a_page_may_go_over_the_edge_of_the_picture():
    colors, page = photo()
    found = page_on_table(colors[:, :290])
    assert not (found & ~page[:, :290]).any()
    assert found[:, 280:].any()


def test_the_paper_goes_on_where_the_table_was():
    colors, _ = photo()
    whole = without_table(colors, colors)
    writing = ndimage.binary_dilation(np.abs(colors[..., 0] - 30) < 60, iterations=4)
    assert np.abs(whole[~writing] - 210).max() < 12
    np.testing.assert_array_equal(whole[130:170, 178:186], colors[130:170, 178:186])


def test_a_bold_digit_is_no_page():
    drawing = Drawing()
    drawing.begin(90, 60, 44)
    for point in [(140, 30), (190, 60), (130, 125), (190, 180), (150, 240), (70, 235)]:
        drawing.extend(*point, 44)
    drawing.end()
    ink = np.pad(drawing.ink[::2, ::2], ((0, 0), (20, 20))) / np.float32(255)
    assert page_on_table((235 - 180 * ink)[..., None]) is None


def test_what_has_no_table_stays():
    paper = np.full((300, 400, 1), 220, np.float32)
    framed = paper.copy()
    framed[20:280, 20:380] = 40
    framed[24:276, 24:376] = 220  # a frame has the same paper on both sides
    y, x = np.mgrid[:300, :400]
    shaded = np.where((x > y + 60)[..., None], paper * 0.6, paper)
    for colors in (paper, framed, shaded):
        assert without_table(colors, colors) is colors
