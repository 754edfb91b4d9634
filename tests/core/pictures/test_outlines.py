"""Frames, boxes and circles around digits are no ink."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.ink.drawing import Drawing
from core.pictures.ink_map import inked
from core.pictures.outlines import outline_of, without_outlines
from tests.core.pictures.inked_pages import INKS, SAME, likenesses, page

TOUCHED = 0.85
"""The lowest where the line covers a part of the digit, which goes with it."""


@pytest.mark.parametrize("thickness", [2, 4, 6, 10, 16])
@pytest.mark.parametrize("inset", [8, 20, 40])
@pytest.mark.parametrize(
    "shape", ["rectangle", "ellipse", "rounded_rectangle"], ids=["square", "circle", "round"]
)
def test_a_frame_may_be_thick_and_round_and_have_a_margin(shape, inset, thickness):
    image = page(300, 300, (INKS[0], 150, (75, 75)))
    corners = (40,) if shape == "rounded_rectangle" else ()
    line = (inset, inset, 299 - inset, 299 - inset)
    getattr(ImageDraw.Draw(image), shape)(line, *corners, outline=0, width=thickness)
    assert min(likenesses(image, INKS[:1])) > SAME


@pytest.mark.parametrize("turn", [3, 6, 10])
def test_a_frame_may_be_askew(turn):
    image = page(300, 300, (INKS[0], 150, (75, 75)))
    ImageDraw.Draw(image).rectangle((40, 40, 259, 259), outline=0, width=6)
    turned = image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255)
    ink = np.asarray(Image.fromarray(INKS[0]).rotate(turn, Image.Resampling.BICUBIC))
    assert min(likenesses(turned, [ink])) > SAME


@pytest.mark.parametrize("turn", [0.5, 1, 2])
def test_nothing_stays_of_a_long_frame_that_is_askew(turn):
    frame, digit = Image.new("L", (700, 300), 0), Image.new("L", (700, 300), 0)
    ImageDraw.Draw(frame).rectangle((40, 100, 659, 199), outline=255, width=2)
    ImageDraw.Draw(digit).rectangle((345, 120, 351, 179), fill=255)
    frame, digit = (image.rotate(turn, Image.Resampling.BICUBIC) for image in (frame, digit))
    ink = np.asarray(digit, np.float32) / 255
    left = without_outlines(ink + np.asarray(frame, np.float32) / 255)
    np.testing.assert_array_equal(inked(left), inked(ink))


def form(inks, thickness, gap, side=110, cell=110):
    """Boxes in a row, with this gap between them, and a digit in each."""
    pitch = cell + gap
    corners = [(60 + pitch * k, 60) for k in range(len(inks))]
    inset = (cell - side) // 2
    image = page(
        cell + 120,
        len(inks) * pitch + 120,
        *((ink, side, (x + inset, y + inset)) for ink, (x, y) in zip(inks, corners, strict=True)),
    )
    for x, y in corners:
        ImageDraw.Draw(image).rectangle((x, y, x + cell, y + cell), outline=0, width=thickness)
    return image


@pytest.mark.parametrize("boxes", [2, 3, 6])
@pytest.mark.parametrize(
    ("thickness", "gap"), [(2, 0), (2, 10), (2, 30), (4, 0), (4, 10), (4, 30), (8, 10), (8, 30)]
)
def test_each_digit_in_a_box_of_a_form_is_found(thickness, gap, boxes):
    inks = (INKS * 2)[:boxes]
    assert min(likenesses(form(inks, thickness, gap), inks)) > SAME


def test_digits_may_touch_their_boxes():
    image = form(INKS * 2, 3, 30, side=176)  # their ink reaches the lines
    assert min(likenesses(image, INKS * 2)) > TOUCHED


@pytest.mark.parametrize("ink", [INKS[0], INKS[2]], ids=["5", "7"])
def test_a_single_digit_may_reach_out_of_its_box(ink):
    image = page(300, 300, (ink, 320, (-10, -10)))
    ImageDraw.Draw(image).rectangle((60, 60, 239, 239), outline=0, width=5)
    assert min(likenesses(image, [ink])) > SAME


def test_circled_answers_are_read():
    image = page(280, 840, *((ink, 180, (50 + 280 * k, 50)) for k, ink in enumerate(INKS)))
    for left in (40, 320, 600):
        ImageDraw.Draw(image).ellipse((left, 40, left + 200, 240), outline=0, width=10)
    assert min(likenesses(image)) > SAME


def test_of_touching_boxes_and_circles_only_the_ink_in_them_stays():
    lines = Image.new("L", (400, 140), 0)
    draw_line = ImageDraw.Draw(lines)
    draw_line.rectangle((10, 10, 130, 130), outline=255, width=9)
    draw_line.rectangle((120, 10, 240, 130), outline=255, width=9)
    draw_line.ellipse((260, 10, 380, 130), outline=255, width=5)
    ones = np.zeros((140, 400), np.float32)
    ones[40:100, [70, 71, 72, 73, 180, 181, 182, 183, 320, 321, 322, 323]] = 1
    ink = np.maximum(ones, np.asarray(lines, np.float32) / 255)
    np.testing.assert_array_equal(without_outlines(ink), ones)


def test_of_a_frame_around_a_row_the_ticks_go_and_a_digit_that_touches_it_stays():
    ink = np.zeros((180, 700), np.float32)
    ink[40:120, 40:640] = 1
    ink[42:118, 42:638] = 0
    ink[120:126, 100:640:100] = 1
    ink[60:100, 150:156] = 1
    ink[42:100, 350:356] = 1
    left = without_outlines(ink)
    assert np.flatnonzero(left.any(axis=0)).tolist() == [*range(150, 156), *range(350, 356)]
    np.testing.assert_array_equal(left[44:100], ink[44:100] * left[80])
    assert not left[100:].any()
    assert not left[:42].any()


def test_an_empty_box_is_no_digit():
    image = form(INKS, 3, 30)
    ImageDraw.Draw(image).rectangle((201, 64, 309, 169), fill=255)
    inside = [INKS[0], INKS[2]]
    ImageDraw.Draw(image).rectangle((200, 60, 310, 170), outline=0, width=3)
    assert min(likenesses(image, inside)) > SAME


@pytest.mark.parametrize("turn", [0, 5, 20, 45])
def test_a_rectangle_may_be_askew_and_an_ellipse_is_none(turn):
    image = Image.new("L", (300, 300))
    ImageDraw.Draw(image).rectangle((50, 100, 249, 179), fill=255)
    outline = filled(image.rotate(turn, Image.Resampling.BICUBIC))
    np.testing.assert_allclose(outline.sides, (80, 200), rtol=0.04)
    assert outline.is_rectangle
    ImageDraw.Draw(image).rectangle((0, 0, 299, 299), fill=0)
    ImageDraw.Draw(image).ellipse((50, 100, 249, 179), fill=255)
    assert not filled(image.rotate(turn, Image.Resampling.BICUBIC)).is_rectangle


def filled(image):
    """Return the outline of an area, bright on black."""
    mask = np.asarray(image) > 127
    return outline_of(mask[mask.any(axis=1)][:, mask.any(axis=0)].astype(np.int32), 1)


def test_a_zero_is_no_box_though_it_is_drawn_as_a_rectangle():
    zero = np.zeros((100, 60), np.int32)
    zero[:6] = zero[-6:] = zero[:, :6] = zero[:, -6:] = 1
    outline = outline_of(zero, 1)
    assert outline.is_rectangle
    assert outline.box() is None
    assert not outline.is_around_digits


def test_a_speck_in_a_loop_is_no_digit():
    drawing = Drawing()
    drawing.begin(140, 40)
    for angle in np.linspace(0, 2 * np.pi, 40):
        drawing.extend(140 + 90 * np.sin(angle), 140 - 100 * np.cos(angle))
    drawing.end()
    labels = (drawing.ink > 127).astype(np.int32)
    labels = labels[labels.any(axis=1)][:, labels.any(axis=0)]
    labels[60:70, 80:90] = 2
    assert not outline_of(labels, 1).is_around_digits
    labels[60:140, 80:90] = 2
    assert outline_of(labels, 1).is_around_digits


@pytest.mark.parametrize("height", [15, 17, 20])
@pytest.mark.parametrize("width", [14, 16, 19])
@pytest.mark.parametrize("line", [1.5, 2.5, 4.0])
@pytest.mark.parametrize("lean", [0.0, 0.25])
def test_a_small_0_is_no_box(height, width, line, lean):
    """Between its curves, four straight pieces enclose a square."""
    y, x = np.mgrid[:280, :280] / 10 - 13.95
    outside, inside = (
        np.hypot((x + lean * y) / (width / 2 - k), y / (height / 2 - k)) < 1 for k in (0, line)
    )
    ink = (outside & ~inside).reshape(28, 10, 28, 10).mean(axis=(1, 3)).astype(np.float32)
    assert without_outlines(ink) is ink
