"""A picture with several digits: what each view and file gets of it."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import DataError
from core.ink.boxes import Box
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import Drawing
from core.pictures.picture_decoding import DecodedPicture
from core.pictures.sheet import read_sheet
from tests.core.pictures.sheets import sheet_of, whole


def at(*places):
    """A sheet with digits of 20×30 whose upper left corners are these."""
    sheet = sheet_of(1, len(places))
    boxes = [Box(top, top + 30, left, left + 20) for left, top in places]
    digits = tuple(d._replace(box=b) for d, b in zip(sheet.digits, boxes, strict=True))
    return replace(sheet, digits=digits)


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ([(0, 0), (40, 0), (80, 0), (0, 40), (40, 40)], "012\n34"),
        ([(0, 0), (2, 40), (0, 80), (4, 120)], "0\n1\n2\n3"),  # a column
        ([(0, 0), (100, 17), (300, 52), (0, 50), (200, 85)], "012\n34"),  # 10° askew
        ([(0, 0), (40, 9), (80, -9), (0, 60)], "012\n3"),  # a trembling hand
        ([(5, 5)], "0"),
    ],
)
def test_the_text_has_the_rows_of_the_picture(places, text):
    sheet = at(*places)
    labels = np.arange(len(places), dtype=np.uint8)
    assert sheet.text(labels, range(len(places))) == text
    assert sheet.rows[-1] == text.count("\n")


def test_the_text_of_some_digits_has_no_empty_rows():
    sheet = sheet_of(3, 3)
    assert sheet.text(np.arange(9, dtype=np.uint8), [1, 2, 6]) == "12\n6"


def test_each_digit_is_what_the_pad_would_make_of_it():
    pixels = np.full((300, 200), 255, np.uint8)
    pixels[50:250, 90:110] = 0
    sheet = read_sheet(whole(pixels), "one")
    (digit,) = sheet.digits
    drawing = Drawing()
    drawing.place(digit.ink)
    (shown,) = DigitsInDrawing(drawing).update()
    np.testing.assert_array_equal(sheet.images, [shown.image])
    assert not shown.is_scribble  # so that one is as sure of it there
    assert (sheet.name, len(sheet), sheet.scale) == ("one", 1, 1.0)


def test_boxes_are_in_pixels_of_the_file_and_the_preview_is_small():
    """A file of 4,800×3,200, of which half were decoded; a quarter of all is shown."""
    pixels = np.full((2400, 1600, 3), 255, np.uint8)
    pixels[500:1900, 700:900] = 0
    sheet = read_sheet(DecodedPicture(pixels, 3200, 4800), "large")
    assert sheet.preview.shape == (1200, 800, 3)
    assert sheet.scale == 0.25
    (box,) = (digit.box for digit in sheet.digits)
    np.testing.assert_allclose(box, (1000, 3800, 1400, 1800), atol=40)
    top, left = (round(sheet.scale * edge) for edge in (box.top, box.left))
    assert sheet.preview[top + 20, left + 20].max() < 128


def test_a_picture_without_digits_is_refused():
    with pytest.raises(DataError, match="No digit"):
        read_sheet(whole(np.full((50, 50), 200, np.uint8)), "blank")
