import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from core.normalization import normalize_drawing
from gui.draw_pad import RASTER_SIDE, DrawPad
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
    # Antialiased: there are greys between paper and ink.
    assert ((pad.ink > 0) & (pad.ink < 255)).any()


def test_a_dot_is_ink_too(pad):
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


def test_every_change_is_signalled(qtbot, pad):
    for change in (
        lambda: pad.begin_stroke(QPointF(10, 10)),
        lambda: pad.extend_stroke(QPointF(50, 50)),
        pad.undo,
    ):
        with qtbot.waitSignal(pad.drawing_changed, timeout=100):
            change()


def test_what_was_handed_out_does_not_change(pad):
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
    centre = pad.rect().center()
    QTest.touchEvent(pad, screen).press(0, centre, pad).commit()
    QTest.touchEvent(pad, screen).move(0, centre / 2, pad).commit()
    QTest.touchEvent(pad, screen).release(0, centre / 2, pad).commit()
    rows, _ = np.nonzero(pad.ink > 128)
    assert rows.min() < 80
    assert rows.max() > 130


def test_undo_in_the_middle_of_a_stroke_ends_it(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    pad.undo()
    QTest.mouseMove(pad, pad.rect().center() / 2)
    assert pad.is_blank
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton)
