import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QImage,
    QPointingDevice,
    QRegion,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.colors import LIGHT
from core.errors import DataError
from core.ink.drawing import BRUSH, Stroke
from core.ink.normalization import normalize_drawing
from core.pictures.digits_in_picture import ink_from_picture
from gui.pad.draw_pad import RASTER_SIDE, DrawPad
from tests.gui.driving import draw_stroke


@pytest.fixture
def pad(qtbot):
    pad = DrawPad()
    qtbot.addWidget(pad)
    pad.resize(280, 280)
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def test_a_new_pad_is_blank(pad):
    assert pad.is_blank
    assert pad.ink.shape == (RASTER_SIDE, RASTER_SIDE)
    assert not pad.ink.any()


def test_ink_is_where_the_pen_went(pad):
    draw_stroke(pad, [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)])
    rows, columns = np.nonzero(pad.ink > 128)
    assert rows.mean() == pytest.approx(140, abs=2)
    assert 40 < columns.min() < 56 < 224 < columns.max() < 240
    # Antialiased: there are grays between background and ink.
    assert ((pad.ink > 0) & (pad.ink < 255)).any()


def test_a_dot_is_also_ink(pad):
    draw_stroke(pad, [(0.5, 0.5)])
    assert not pad.is_blank
    assert pad.ink[140, 140] == 255


@pytest.mark.parametrize(("width", "height"), [(140, 140), (560, 560), (300, 420)])
def test_the_raster_does_not_depend_on_the_size_on_screen(qtbot, pad, width, height):
    points = [(0.3, 0.2), (0.7, 0.2), (0.4, 0.8)]
    draw_stroke(pad, points)
    reference = normalize_drawing(pad.ink).astype(float)
    other = DrawPad()
    qtbot.addWidget(other)
    other.resize(width, height)
    side = min(width, height)
    shown = [(x * side / width + (width - side) / 2 / width, y * side / height) for x, y in points]
    draw_stroke(other, shown)
    # The mouse moves by whole pixels of the screen.
    difference = np.abs(normalize_drawing(other.ink) - reference)
    assert difference.mean() < 0.02 * 255


def test_undo_and_clear(pad):
    draw_stroke(pad, [(0.2, 0.2), (0.2, 0.8)])
    one = pad.ink
    draw_stroke(pad, [(0.6, 0.2), (0.6, 0.8)])
    pad.undo()
    np.testing.assert_array_equal(pad.ink, one)
    pad.undo()
    pad.undo()
    assert pad.is_blank
    draw_stroke(pad, [(0.2, 0.2), (0.2, 0.8)])
    pad.clear()
    assert not pad.ink.any()


def test_every_change_signals(qtbot, pad):
    for change in (
        lambda: pad.begin_stroke(QPointF(10, 10)),
        lambda: pad.extend_stroke(QPointF(50, 50)),
        pad.undo,
    ):
        with qtbot.waitSignal(pad.drawing_changed, timeout=100):
            change()


def test_arrays_given_away_do_not_change(pad):
    pad.begin_stroke(QPointF(10, 10))
    before = pad.ink
    copy = before.copy()
    pad.extend_stroke(QPointF(200, 200))
    np.testing.assert_array_equal(before, copy)


def test_pressure_widens_the_line(pad):
    amounts = []
    for pressure in (0.1, 0.5, 1.0):
        pad.begin_stroke(QPointF(50, 140), pressure)
        pad.extend_stroke(QPointF(230, 140), pressure)
        amounts.append(int(pad.ink.sum()))
        pad.clear()
    assert amounts[0] < amounts[1] < amounts[2]


def test_other_buttons_and_hovering_draw_nothing(pad):
    QTest.mousePress(pad, Qt.MouseButton.RightButton, pos=pad.rect().center())
    QTest.mouseMove(pad, pad.rect().center() / 2)
    QTest.mouseRelease(pad, Qt.MouseButton.RightButton)
    QTest.mouseMove(pad, pad.rect().center())
    assert pad.is_blank


def test_a_finger_draws(pad):
    screen = QTest.createTouchDevice(QPointingDevice.DeviceType.TouchScreen)
    center = pad.rect().center()
    QTest.touchEvent(pad, screen).press(0, center, pad).commit()
    QTest.touchEvent(pad, screen).move(0, center / 2, pad).commit()
    QTest.touchEvent(pad, screen).release(0, center / 2, pad).commit()
    rows, _ = np.nonzero(pad.ink > 128)
    assert rows.min() < 80
    assert rows.max() > 130


def test_undo_in_the_middle_of_a_stroke_ends_it(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    pad.undo()
    QTest.mouseMove(pad, pad.rect().center() / 2)
    assert pad.is_blank
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton)


# --- strokes end where the pen is lost ----------------------------------------------------


def press_and_drag(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.mouseMove(pad, QPoint(200, 60))


def lengths(pad):
    return [len(item.points) for item in pad.drawing.items]


def test_releasing_draws_the_line_to_where_the_pen_was_lifted(pad):
    press_and_drag(pad)
    assert pad.ink[60, 199] == 0
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert pad.ink[60, 199] == 255


@pytest.mark.parametrize(
    "lose",
    [
        lambda pad: QApplication.sendEvent(pad, QHideEvent()),
        lambda pad: pad.clearFocus(),
        lambda pad: QApplication.sendEvent(pad, QEvent(QEvent.Type.UngrabMouse)),
        lambda pad: QApplication.sendEvent(pad, QEvent(QEvent.Type.WindowDeactivate)),
    ],
    ids=["hidden", "focus", "grab", "window"],
)
def test_losing_the_pen_ends_the_stroke(pad, lose):
    pad.setFocus()
    press_and_drag(pad)
    lose(pad)
    assert pad.ink[60, 199] == 255
    # The button may still be down.
    QTest.mouseMove(pad, QPoint(200, 200))
    assert lengths(pad) == [2]
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton)


def test_pressing_again_without_a_release_begins_another_stroke(pad):
    press_and_drag(pad)
    press_and_drag(pad)
    assert lengths(pad) == [2, 2]


def test_a_quick_second_press_is_a_stroke_too(pad):
    QTest.mouseDClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    assert set(lengths(pad)) == {1}


def test_a_second_button_does_not_break_a_stroke(pad):
    press_and_drag(pad)
    QTest.mousePress(pad, Qt.MouseButton.RightButton, pos=QPoint(200, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.RightButton, pos=QPoint(200, 60))
    QTest.mouseMove(pad, QPoint(200, 200))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert lengths(pad) == [3]


# --- fingers and pens ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def screen():
    return QTest.createTouchDevice(QPointingDevice.DeviceType.TouchScreen)


def test_a_second_finger_neither_draws_nor_breaks_a_stroke(pad, screen):
    first, other = QPoint(60, 60), QPoint(220, 220)
    QTest.touchEvent(pad, screen).press(0, first, pad).commit()
    QTest.touchEvent(pad, screen).stationary(0).press(1, other, pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(60, 100), pad).move(1, first, pad).commit()
    QTest.touchEvent(pad, screen).stationary(0).release(1, first, pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(60, 140), pad).commit()
    QTest.touchEvent(pad, screen).release(0, QPoint(60, 140), pad).commit()
    (stroke,) = pad.drawing.items
    assert [(point.x, point.y) for point in stroke.points] == [(60, 60), (60, 100), (60, 140)]
    assert stroke.line[-1] == stroke.points[-1]


def test_lifting_the_first_finger_ends_its_stroke(pad, screen):
    QTest.touchEvent(pad, screen).press(0, QPoint(60, 60), pad).commit()
    QTest.touchEvent(pad, screen).stationary(0).press(1, QPoint(220, 220), pad).commit()
    QTest.touchEvent(pad, screen).release(0, QPoint(60, 60), pad).stationary(1).commit()
    QTest.touchEvent(pad, screen).move(1, QPoint(100, 220), pad).commit()
    QTest.touchEvent(pad, screen).release(1, QPoint(100, 220), pad).commit()
    assert lengths(pad) == [1]


def test_a_touch_that_is_cancelled_ends_the_stroke(pad, screen):
    QTest.touchEvent(pad, screen).press(0, QPoint(60, 60), pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(200, 60), pad).commit()
    QApplication.sendEvent(pad, QTouchEvent(QEvent.Type.TouchCancel, screen))
    assert pad.ink[60, 199] == 255
    QTest.touchEvent(pad, screen).move(0, QPoint(200, 200), pad).commit()
    QTest.touchEvent(pad, screen).release(0, QPoint(200, 200), pad).commit()
    assert lengths(pad) == [2]


def send_pen(pad, kind, position, pressure, button=Qt.MouseButton.LeftButton, buttons=None):
    if buttons is None:
        lifted = kind == QEvent.Type.TabletRelease
        buttons = Qt.MouseButton.NoButton if lifted else Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind,
        QPointingDevice.primaryPointingDevice(),
        position,
        pad.mapToGlobal(position),
        pressure,
        *(0, 0, 0, 0, 0),  # tilt, wheel, rotation, height
        Qt.KeyboardModifier.NoModifier,
        button,
        buttons,
    )
    QApplication.sendEvent(pad, event)


def test_a_pen_draws_by_its_pressure_between_touching_and_lifting(pad):
    kind = QEvent.Type
    send_pen(pad, kind.TabletMove, QPointF(10, 10), 0, buttons=Qt.MouseButton.NoButton)
    send_pen(pad, kind.TabletPress, QPointF(60.5, 60), 0.5)
    # Systems send mouse events for the same pen.
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(61, 60))
    send_pen(pad, kind.TabletMove, QPointF(200.25, 60), 1)
    QTest.mouseMove(pad, QPoint(200, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    barrel = Qt.MouseButton.RightButton
    both = barrel | Qt.MouseButton.LeftButton
    send_pen(pad, kind.TabletPress, QPointF(200, 61), 1, barrel, both)
    send_pen(pad, kind.TabletRelease, QPointF(200, 61), 1, barrel, Qt.MouseButton.LeftButton)
    send_pen(pad, kind.TabletMove, QPointF(200, 100), 0)
    send_pen(pad, kind.TabletRelease, QPointF(200, 100), 0)
    send_pen(pad, kind.TabletMove, QPointF(10, 10), 0, buttons=Qt.MouseButton.NoButton)
    (stroke,) = pad.drawing.items
    assert stroke.points == [
        (60.5, 60, pytest.approx(0.7 * BRUSH)),
        (200.25, 60, BRUSH),
        (200, 100, pytest.approx(0.4 * BRUSH)),
    ]
    assert stroke.line[-1] == stroke.points[-1]


# --- the brush ----------------------------------------------------------------------------


def test_the_brush_is_the_width_of_later_strokes(pad):
    def thickness():
        return np.count_nonzero(pad.ink[:, 140] > 127)

    assert pad.brush == BRUSH
    draw_stroke(pad, [(0.2, 0.2), (0.8, 0.2)])
    assert thickness() == BRUSH
    pad.brush = 40
    assert thickness() == BRUSH
    draw_stroke(pad, [(0.2, 0.7), (0.8, 0.7)])
    assert thickness() == BRUSH + 40


def test_a_stroke_keeps_its_brush(pad):
    press_and_drag(pad)
    pad.brush = 40
    QTest.mouseMove(pad, QPoint(200, 200))
    (stroke,) = pad.drawing.items
    assert {point.width for point in stroke.points} == {BRUSH}


def test_the_brush_stays_within_what_can_be_read(pad):
    pad.brush = 1
    assert pad.brush == 10
    pad.brush = 100
    assert pad.brush == 44


# --- what is taken back -------------------------------------------------------------------


def test_clearing_and_pictures_are_undone_in_turn(pad):
    draw_stroke(pad, [(0.2, 0.2), (0.2, 0.8)])
    stroke = pad.ink
    picture = np.zeros((280, 280), np.uint8)
    picture[100:200, 130:150] = 200
    pad.place(picture)
    np.testing.assert_array_equal(pad.ink, picture)
    pad.clear()
    assert pad.is_blank
    pad.undo()
    np.testing.assert_array_equal(pad.ink, picture)
    pad.undo()
    np.testing.assert_array_equal(pad.ink, stroke)


def test_a_test_image_is_used_exactly_until_something_is_drawn_on_it(qtbot, pad):
    example = np.arange(784, dtype=np.uint8).reshape(28, 28)
    with qtbot.waitSignal(pad.drawing_changed, timeout=100):
        pad.place_example(example)
    np.testing.assert_array_equal(pad.drawing.image(), example)
    draw_stroke(pad, [(0.2, 0.2), (0.2, 0.8)])
    np.testing.assert_array_equal(pad.drawing.image(), normalize_drawing(pad.ink))
    pad.undo()
    np.testing.assert_array_equal(pad.drawing.image(), example)


@pytest.mark.parametrize(
    "change",
    [
        lambda pad: pad.place(np.zeros((280, 280), np.uint8)),
        lambda pad: pad.place_example(np.zeros((28, 28), np.uint8)),
        lambda pad: pad.clear(),
    ],
    ids=["place", "place_example", "clear"],
)
def test_a_change_in_the_middle_of_a_stroke_ends_it(pad, change):
    press_and_drag(pad)
    change(pad)
    after = lengths_of_strokes(pad)
    QTest.mouseMove(pad, QPoint(200, 200))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert lengths_of_strokes(pad) == after == []
    pad.undo()
    assert lengths(pad) == [2]


def lengths_of_strokes(pad):
    return [len(item.points) for item in pad.drawing.items if isinstance(item, Stroke)]


# --- the screen ---------------------------------------------------------------------------


def darkness(pad):
    """What the screen shows, 0 for background to 255 for ink, without the frame."""
    image = pad.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    red = pixels[:, : 3 * image.width() : 3].astype(float)
    background, ink = QColor(LIGHT.surface).red(), QColor(LIGHT.text).red()
    return ((background - red) / (background - ink) * 255)[2:-2, 2:-2]


def test_the_screen_shows_the_ink_while_and_after_it_is_drawn(pad):
    picture = np.zeros((280, 280), np.uint8)
    picture[40:90, 40:120] = np.linspace(0, 255, 80).astype(np.uint8)
    pad.place(picture)
    pad.grab()
    for brush, y in ((10, 0.5), (22, 0.65), (44, 0.85)):
        pad.brush = brush
        draw_stroke(pad, [(0.2, y), (0.5, y - 0.1), (0.7, y), (0.3, y + 0.05)])
    grown = darkness(pad)
    # Two ways of antialiasing differ at edges only.
    difference = np.abs(grown - pad.ink[2:-2, 2:-2])
    assert np.count_nonzero(difference > 64) < 0.001 * difference.size
    pad.apply_theme(LIGHT)
    np.testing.assert_array_equal(darkness(pad), grown)
    pad.clear()
    pad.undo()
    np.testing.assert_array_equal(darkness(pad), grown)
    pad.undo()
    assert np.count_nonzero(darkness(pad) != grown) > 1000


def test_drawing_updates_only_the_place_that_changed(qtbot, pad):
    regions = []
    pad.paintEvent, paint = (
        lambda event: regions.append(event.rect()) or paint(event),
        pad.paintEvent,
    )
    draw_stroke(pad, [(0.2, 0.2)])
    qtbot.waitUntil(lambda: bool(regions))
    regions.clear()
    pad.begin_stroke(QPointF(100, 150))
    qtbot.waitUntil(lambda: bool(regions))
    assert all(QRect(80, 130, 40, 40).contains(region) for region in regions)
    pad.extend_stroke(QPointF(200, 150))
    QApplication.processEvents()
    regions.clear()
    pad.end_stroke()  # draws the second half of the way
    qtbot.waitUntil(lambda: bool(regions))
    changed = QRegion()
    for region in regions:
        changed += region
    assert changed.boundingRect().contains(QRect(140, 140, 70, 20))
    assert QRect(130, 130, 90, 40).contains(changed.boundingRect())


# --- pictures -----------------------------------------------------------------------------


OPAQUE, TRANSPARENT = QColor(255, 255, 255, 255), QColor(0, 0, 0, 0)


def blue_square(background=OPAQUE):
    image = QImage(
        *(41, 30),  # lines that do not fill whole words of memory
        QImage.Format.Format_RGB888 if background == OPAQUE else QImage.Format.Format_ARGB32,
    )
    image.fill(background)
    for y in range(10, 20):
        for x in range(10, 30):
            image.setPixelColor(x, y, QColor(20, 30, 200))
    return image


def expected_square(background=OPAQUE):
    colors = 3 if background == OPAQUE else 4
    pixels = np.full((30, 41, colors), background.getRgb()[:colors], np.uint8)
    pixels[10:20, 10:30] = (20, 30, 200, 255)[:colors]
    return pixels


def mime(image=None, urls=(), text=None):
    data = QMimeData()
    if image is not None:
        data.setImageData(image)
    if urls:
        data.setUrls(
            [QUrl.fromLocalFile(str(url)) if "://" not in str(url) else QUrl(url) for url in urls]
        )
    if text is not None:
        data.setText(text)
    return data


class Answers:
    """What the pad said of pictures, and what was in them."""

    def __init__(self, pad):
        self.pictures, self.refusals = [], []
        pad.picture_dropped.connect(self.read)
        pad.picture_refused.connect(self.refusals.append)

    def read(self, reader):
        try:
            self.pictures.append(reader().pixels)
        except DataError as error:
            self.refusals.append(str(error))


def paste(pad, data):
    QApplication.clipboard().setMimeData(data)
    answers = Answers(pad)
    pad.paste()
    # What Python made must not be left to Qt when the process ends.
    QApplication.clipboard().clear()
    return answers


def test_a_clipboard_that_another_program_is_changing_is_empty(pad, monkeypatch):
    """Qt then returns nothing at all."""
    monkeypatch.setattr(QClipboard, "mimeData", lambda *_: None)
    answers = Answers(pad)
    pad.paste()
    assert len(answers.refusals) == 1
    assert answers.pictures == []


@pytest.mark.parametrize("background", [OPAQUE, TRANSPARENT], ids=["opaque", "transparent"])
def test_a_copied_picture_is_pasted(pad, background):
    answers = paste(pad, mime(blue_square(background)))
    assert answers.refusals == []
    np.testing.assert_array_equal(answers.pictures[0], expected_square(background))
    assert answers.pictures[0].dtype == np.uint8
    assert pad.is_blank


@pytest.mark.parametrize("background", [OPAQUE, TRANSPARENT], ids=["opaque", "transparent"])
def test_a_copied_file_is_pasted(pad, tmp_path, background):
    file = tmp_path / "ein Bild.png"
    assert blue_square(background).save(str(file))
    # File managers add an icon of the file.
    icon = QImage(16, 16, QImage.Format.Format_RGB32)
    answers = paste(pad, mime(icon, [file]))
    assert answers.refusals == []
    np.testing.assert_array_equal(answers.pictures[0], expected_square(background))


@pytest.mark.parametrize("ink", [255, 0], ids=["white", "black"])
@pytest.mark.parametrize("is_file", [True, False], ids=["file", "image"])
def test_ink_on_nothing_can_be_read_whatever_its_color(pad, tmp_path, ink, is_file):
    image = QImage(60, 60, QImage.Format.Format_ARGB32)
    image.fill(QColor(255, 255, 255, 0))
    bar = range(20, 28)
    for y in range(10, 50):
        for x in bar:
            image.setPixelColor(x, y, QColor(ink, ink, ink))
    file = tmp_path / "one.png"
    assert image.save(str(file))
    answers = paste(pad, mime(urls=[file]) if is_file else mime(image))
    rows, columns = np.nonzero(ink_from_picture(answers.pictures[0]) > 127)
    # The bar is five times as high as wide, and is put upright in the middle of the pad.
    assert np.ptp(rows) == pytest.approx(5 * np.ptp(columns), rel=0.1)
    assert rows.mean() == pytest.approx(139.5, abs=1)
    assert columns.mean() == pytest.approx(139.5, abs=1)


def test_a_web_browser_s_picture_is_pasted_without_its_address(pad):
    answers = paste(pad, mime(blue_square(), ["https://example.org/7.png"]))
    np.testing.assert_array_equal(answers.pictures[0], expected_square())


def test_a_file_that_is_not_a_picture_is_refused_in_one_line(pad, tmp_path):
    text, missing = tmp_path / "notes.png", tmp_path / "missing.png"
    text.write_text("seven")
    picture = tmp_path / "seven.png"
    assert blue_square().save(str(picture))
    for data in (
        mime(text="7"),
        mime(),
        mime(urls=[text]),
        mime(urls=[missing]),
        mime(urls=[tmp_path]),
        mime(urls=[picture, picture]),
        mime(urls=["https://example.org/7.png"]),
    ):
        answers = paste(pad, data)
        assert answers.pictures == []
        (line,) = answers.refusals
        assert line
        assert "\n" not in line
    assert "notes.png" in paste(pad, mime(urls=[text])).refusals[0]


def encoded(kind):
    """The blue square as another program would offer it, in a format of Pillow's."""
    stream = io.BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {}
    Image.fromarray(expected_square()).save(stream, kind, **options)
    return stream.getvalue()


def offered(**contents):
    data = QMimeData()
    for kind, content in contents.items():
        data.setData(f"image/{kind}", content)
    return data


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff", "webp"])
def test_pictures_from_another_program_are_read_like_files(pad, kind):
    answers = paste(pad, offered(**{kind: encoded(kind.upper())}))
    assert answers.refusals == []
    np.testing.assert_array_equal(answers.pictures[0], expected_square())


def test_the_lossless_one_of_several_formats_is_used(pad):
    answers = paste(pad, offered(jpeg=encoded("JPEG"), png=encoded("PNG")))
    np.testing.assert_array_equal(answers.pictures[0], expected_square())


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='5' height='5'/></svg>"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"


@pytest.mark.parametrize(
    "contents",
    [
        {"svg+xml": SVG},
        {"x-eps": EPS},
        {"png": SVG},
        {"png": EPS},
        {"jpeg": b""},
        {"png": encoded("PNG")[:60]},
    ],
)
def test_other_formats_are_not_decoded_by_anyone(pad, monkeypatch, contents):
    monkeypatch.setattr(QMimeData, "imageData", lambda _: pytest.fail("Qt was to decode it"))
    answers = paste(pad, offered(**contents))
    assert answers.pictures == []
    assert len(answers.refusals) == 1


def test_a_huge_copied_picture_is_reduced(pad):
    image = QImage(9_000, 600, QImage.Format.Format_Grayscale8)
    image.fill(200)
    answers = paste(pad, mime(image))
    assert answers.pictures[0].shape == (200, 3_000, 3)
    assert (answers.pictures[0] == 200).all()


def test_pasted_pages_and_addresses_are_refused(pad):
    page = QMimeData()
    page.setHtml("<img src='file:///etc/hostname'>")
    for data in (page, mime(urls=["data:image/png;base64,AAAA"]), QMimeData()):
        answers = paste(pad, data)
        assert (answers.pictures, len(answers.refusals)) == ([], 1)


def drag(pad, data):
    event = QDragEnterEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(pad, event)
    return event


def drop(pad, data):
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(pad, event)
    return event


def corner(pad):
    """The color within the frame of a drop, which is thicker than the ring of the focus."""
    return pad.grab().toImage().pixelColor(3, 140).name().upper()


def test_a_picture_may_be_dropped_and_the_frame_shows_it(pad, tmp_path):
    file = tmp_path / "seven.png"
    assert blue_square().save(str(file))
    answers = Answers(pad)
    data = mime(urls=[file])
    entered = drag(pad, data)
    assert entered.isAccepted()
    # A move would have the file manager delete the file.
    assert entered.dropAction() == Qt.DropAction.CopyAction
    assert corner(pad) == LIGHT.accent
    assert drop(pad, data).dropAction() == Qt.DropAction.CopyAction
    assert corner(pad) != LIGHT.accent
    np.testing.assert_array_equal(answers.pictures[0], expected_square())


def test_the_frame_is_restored_when_the_drag_leaves(pad):
    before = corner(pad)
    data = mime(blue_square())
    assert drag(pad, data).isAccepted()
    assert corner(pad) == LIGHT.accent
    QApplication.sendEvent(pad, QDragLeaveEvent())
    assert corner(pad) == before


def test_runs_folders_and_text_are_not_taken_by_the_pad(pad, tmp_path):
    run = tmp_path / "run.NPZ"
    run.write_bytes(b"")
    for data in (mime(urls=[run]), mime(urls=[tmp_path]), mime(text="7")):
        assert not drag(pad, data).isAccepted()
        assert corner(pad) != LIGHT.accent
