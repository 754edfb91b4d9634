import io

import numpy as np
import pytest
from PIL import Image

from core.errors import DataError
from core.ink.drawing import BRUSH, FILLED, RASTER_SIDE, Drawing
from core.ink.normalization import normalize_drawing
from core.pictures.digits_in_picture import ink_from_picture
from core.pictures.pictures import read_picture

ALIKE = 0.95
"""The lowest correlation of two 28×28 images of the same digit. It was chosen to separate good
results, with 0.97 to 1, from everything that a test below lists as wrong: the mildest of these, the
missing end of a line, gives 0.92."""

PIXEL = 10
"""Units of the pad per pixel of the image: a digit of 200 units becomes 20 pixels high."""


def draw(*strokes: list[tuple[float, float]], brush: float = BRUSH) -> np.ndarray:
    drawing = Drawing()
    for (x, y), *others in strokes:
        drawing.begin(x, y, brush)
        for point in others:
            drawing.extend(*point, brush)
        drawing.end()
    return drawing.ink


FIVE = (
    [(180, 50), (110, 50), (105, 125), (150, 120), (180, 150), (170, 200), (130, 225), (90, 205)],
)
FOUR = ([(110, 50), (85, 150), (190, 150)], [(160, 90), (150, 230)])
SEVEN = ([(90, 60), (185, 60), (150, 140), (125, 230)],)


def photo_of(ink, background=(235, 230, 220), pen=(40, 45, 60), height=240, width=320, size=150):
    """Put ink, `size` pixels high, on background, (height, width, 3) as floats."""
    small = np.asarray(Image.fromarray(ink).resize((size, size), Image.Resampling.BICUBIC))
    cover = np.zeros((height, width, 1))
    top, left = (height - size) // 2, (width - size) // 3
    cover[top : top + size, left : left + size, 0] = small / 255
    return np.array(background) * (1 - cover) + np.array(pen) * cover


def lit(picture, noise=5.0, gradient=0.5, shadow=0.35):
    """Light it from one side, with a soft shadow over its corner and a camera's noise."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width] / max(height, width)
    light = (1 - gradient * x) * (1 - shadow / (1 + np.exp((x + y - 0.5) / 0.02)))
    noisy = picture * light[..., None]
    noisy += np.random.default_rng(0).normal(0, noise, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def correlation(seen, drawn) -> float:
    """Correlate two normalized drawings; their centers may be rounded to different pixels."""
    one, other = normalize_drawing(seen), normalize_drawing(drawn).ravel()
    moved = (np.roll(one, (y, x), (0, 1)).ravel() for y in (-1, 0, 1) for x in (-1, 0, 1))
    return max(float(np.corrcoef(image, other)[0, 1]) for image in moved)


def likeness(picture, ink) -> float:
    """Correlate the drawing found in a picture with its original ink."""
    return correlation(ink_from_picture(picture), ink)


@pytest.mark.parametrize(
    "wrong",
    [
        draw(*FIVE, brush=BRUSH + 2 * PIXEL),
        draw(*FIVE, brush=BRUSH - PIXEL),
        draw(FIVE[0][:-1]),
        draw(*FOUR),
        draw(*SEVEN),
        255 - draw(*FIVE),
    ],
    ids=["thick", "thin", "an-end-lost", "a-4", "a-7", "inverted"],
)
def test_the_bound_determines_the_diagnosis(wrong):
    assert correlation(wrong, draw(*FIVE)) < ALIKE


@pytest.mark.parametrize("strokes", [FIVE, FOUR, SEVEN], ids=["5", "4", "7"])
def test_a_digit_is_found_in_either_polarity(strokes):
    ink = draw(*strokes)
    assert likeness(ink, ink) > ALIKE
    assert likeness(255 - ink, ink) > ALIKE


@pytest.mark.parametrize(
    ("strokes", "background", "pen"),
    [
        (FIVE, (235, 230, 220), (40, 45, 60)),
        (FOUR, (240, 240, 240), (60, 80, 190)),
        (SEVEN, (240, 240, 240), (200, 60, 60)),
        (FIVE, (225, 225, 220), (140, 140, 142)),
        (FOUR, (40, 70, 55), (225, 225, 215)),
        (SEVEN, (90, 120, 210), (200, 74, 60)),
    ],
    ids=["ink", "blue", "red", "pencil", "chalk", "as-light-as-the-background"],
)
def test_a_digit_is_found_in_uneven_light(strokes, background, pen):
    ink = draw(*strokes)
    shadow = 0.35 if background[0] > 200 else 0.0
    assert likeness(lit(photo_of(ink, background, pen), shadow=shadow), ink) > ALIKE


def test_jpeg_changes_little(tmp_path):
    ink, path = draw(*FIVE), tmp_path / "photo.jpg"
    Image.fromarray(lit(photo_of(ink))).save(path, quality=50)
    assert likeness(read_picture(path), ink) > ALIKE


@pytest.mark.parametrize("pen", [0, 255])
def test_transparent_pictures_may_have_ink_of_any_color(pen):
    ink = draw(*FIVE)
    picture = np.dstack([np.full((*ink.shape, 3), pen, np.uint8), ink])
    assert likeness(picture, ink) > ALIKE


@pytest.mark.parametrize(("height", "width", "size"), [(60, 90, 50), (600, 800, 100)])
def test_the_size_of_the_picture_does_not_matter(height, width, size):
    ink = draw(*FIVE)
    picture = lit(photo_of(ink, height=height, width=width, size=size), shadow=0)
    assert likeness(picture, ink) > ALIKE


def test_an_image_like_mnists_is_recognized():
    ink = draw(*FIVE)
    assert likeness(normalize_drawing(ink), ink) > ALIKE


def test_thin_lines_become_about_as_thick_as_the_pad_s():
    seen = ink_from_picture(255 - draw(*SEVEN, brush=6))
    # Lines as thin as 0.7 of the brush are left as they are, so others may be off by that much.
    assert 0.7 < seen.sum() / draw(*SEVEN).sum() < 1 / 0.7
    assert likeness(255 - draw(*SEVEN, brush=6), draw(*SEVEN)) > ALIKE


def test_thick_lines_stay_thick():
    bold = draw(*SEVEN, brush=40)
    assert likeness(255 - bold, bold) > ALIKE


def test_the_table_beside_the_paper_is_ignored():
    """It is darker than the pencil, and has more pixels."""
    ink = draw(*FIVE)
    picture = photo_of(ink, pen=(150, 150, 152))
    picture[:, :40] = (90, 60, 40)
    assert likeness(picture.astype(np.uint8), ink) > ALIKE


def test_a_finger_that_reaches_into_the_picture_is_ignored():
    """It is as dark as the digit, and has more pixels."""
    ink = draw(*FIVE)
    picture = photo_of(ink)
    picture[:200, 270:290] = (40, 45, 60)
    assert likeness(picture.astype(np.uint8), ink) > ALIKE


def test_specks_and_distant_objects_are_left_out():
    ink = draw(*FIVE)
    picture = photo_of(ink)
    picture[185:189, 160:164] = 30
    picture[100:120, 280:300] = 30
    assert likeness(picture.astype(np.uint8), ink) > ALIKE


def test_a_digit_may_consist_of_several_parts():
    ink = draw(FIVE[0][2:], [(120, 80), (180, 80)])
    assert likeness(255 - ink, ink) > ALIKE


def test_a_very_pale_stain_is_not_a_digit():
    picture = np.full((120, 120), 230, np.uint8)
    picture[40:80, 50:60] -= 5
    with pytest.raises(DataError, match="No digit was found"):
        ink_from_picture(picture)


def test_a_dot_is_no_digit():
    picture = np.full((120, 120), 230, np.uint8)
    picture[50:53, 50:53] = 30
    with pytest.raises(DataError, match="No digit was found"):
        ink_from_picture(picture)


def test_the_ink_fills_the_middle_of_the_pad():
    ink = ink_from_picture(lit(photo_of(draw(*FIVE))))
    assert ink.shape == (RASTER_SIDE, RASTER_SIDE)
    assert ink.dtype == np.uint8
    assert ink.max() == 255
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    # The soft edge may be a unit or two wide, and thickening rounds.
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - FILLED) <= 4
    assert abs(rows[0] + rows[-1] + 1 - RASTER_SIDE) <= 4
    assert abs(columns[0] + columns[-1] + 1 - RASTER_SIDE) <= 4


def test_the_picture_is_not_changed():
    picture = lit(photo_of(draw(*FIVE)))
    before = picture.copy()
    ink_from_picture(picture)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("side", [1, 2, 60])
@pytest.mark.parametrize("colors", [(), (3,), (4,)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_single_color_is_not_a_digit(side, colors, level):
    with pytest.raises(DataError, match="No digit was found"):
        ink_from_picture(np.full((side, side, *colors), level, np.uint8))


@pytest.mark.parametrize("side", [28, 120, 500])
def test_noise_is_not_a_digit(side):
    rng = np.random.default_rng(0)
    for noise in (rng.normal(180, 12, (side, side)), rng.uniform(0, 256, (side, side, 3))):
        with pytest.raises(DataError, match="No digit was found"):
            ink_from_picture(noise.clip(0, 255).astype(np.uint8))


def test_a_blank_page_in_uneven_light_contains_no_digit():
    with pytest.raises(DataError, match="No digit was found"):
        ink_from_picture(lit(np.full((240, 320, 3), 230.0)))


@pytest.mark.parametrize("kind", ["png", "webp", "bmp", "gif"])
def test_every_kind_of_file_is_read(tmp_path, kind):
    ink, path = draw(*FIVE), tmp_path / f"five.{kind}"
    options = {"lossless": True} if kind == "webp" else {}
    Image.fromarray(255 - ink).save(path, **options)
    assert likeness(read_picture(path), ink) > ALIKE


def test_16_bits_are_reduced_to_8(tmp_path):
    gray = np.arange(256, dtype=np.uint16).reshape(16, 16)
    Image.fromarray(gray * 257).save(tmp_path / "deep.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "deep.png"), gray)


def test_a_palette_with_a_transparent_color_keeps_it(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "palette.png", transparency=1)
    pixels = read_picture(tmp_path / "palette.png")
    assert pixels.tolist() == [[[10, 20, 30, 255], [40, 50, 60, 0]]]


def test_a_photo_taken_sideways_is_turned_upright(tmp_path):
    image = Image.fromarray(np.array([[10, 20, 30]], np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    image.save(tmp_path / "sideways.png", exif=exif)
    assert read_picture(tmp_path / "sideways.png").tolist() == [[10], [20], [30]]


def test_the_first_of_several_images_is_read(tmp_path):
    first, second = Image.new("L", (3, 2), 0), Image.new("L", (3, 2), 200)
    first.save(tmp_path / "moving.gif", save_all=True, append_images=[second])
    assert read_picture(tmp_path / "moving.gif").max() == 0


@pytest.mark.parametrize("factor", [1.5, 3], ids=["more-than-safe", "more-than-twice"])
def test_a_decompression_bomb_is_refused(tmp_path, monkeypatch, factor):
    Image.new("L", (60, 50)).save(tmp_path / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", int(3000 / factor))
    with pytest.raises(DataError, match=r"bomb\.png.* too many pixels"):
        read_picture(tmp_path / "bomb.png")


def test_bad_files_are_named_with_their_fault(tmp_path):
    with pytest.raises(DataError, match=r"none\.png' cannot be read: No such file"):
        read_picture(tmp_path / "none.png")
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(DataError, match=r"text\.png' is not a picture.* but a text file"):
        read_picture(tmp_path / "text.png")
    whole = io.BytesIO()
    Image.fromarray(lit(photo_of(draw(*FIVE)))).save(whole, "PNG")
    (tmp_path / "half.png").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(DataError, match=r"half\.png' cannot be read.*damaged"):
        read_picture(tmp_path / "half.png")
