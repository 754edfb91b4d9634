"""A picture with several digits: what each view and file gets of it."""

import numpy as np
import pytest

from core.errors import Cancelled, DataError
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import Drawing
from core.pictures.picture_decoding import DecodedPicture
from core.pictures.sheet import read_sheet
from tests.core.pictures.sheets import sheet_of, whole


def test_the_text_has_the_rows_of_the_picture():
    sheet = sheet_of(2, 3)
    assert sheet.text(np.arange(6, dtype=np.uint8), range(6)) == "012\n345"
    assert sheet.rows.tolist() == [0, 0, 0, 1, 1, 1]


def test_digits_know_the_row_in_which_they_stand():
    pixels = np.full((400, 600), 255, np.uint8)
    for top, left in ((60, 80), (60, 200), (60, 320), (230, 80), (230, 200)):
        pixels[top : top + 90, left : left + 12] = 0
    assert read_sheet(whole(pixels), "ones").rows.tolist() == [0, 0, 0, 1, 1]


def test_reading_can_be_cancelled_between_its_stages():
    pixels = np.full((300, 400), 255, np.uint8)
    pixels[50:250, 90:110] = pixels[50:250, 190:210] = pixels[50:250, 290:310] = 0
    stages = []
    read_sheet(whole(pixels), "ones", lambda done, total: stages.append((done, total)))
    assert [done for done, _ in stages] == list(range(len(stages)))
    assert len(stages) > 1
    assert all(total >= len(stages) for _, total in stages)

    def cancel(done, total):
        if (done, total) == stages[-1]:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_sheet(whole(pixels), "ones", cancel)


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


@pytest.mark.parametrize(("rows", "is_read"), [(50, True), (51, False), (70, False)])
def test_a_picture_of_more_digits_than_can_be_found_is_refused(rows, is_read):
    pixels = np.full((rows * 14 + 10, 50 * 14 + 10), 255, np.uint8)
    for row in range(rows):
        for column in range(50):
            top, left = 14 * row + 8, 14 * column + 10
            pixels[top : top + 9, left : left + 2] = 0
    if is_read:
        assert len(read_sheet(whole(pixels), "bars")) == 50 * rows
    else:
        with pytest.raises(DataError, match=r"more than 2,500 digits.*Cut it into parts"):
            read_sheet(whole(pixels), "bars")
