import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from core.colors import DARK, LIGHT
from gui.mistakes.digit_gallery import DigitGallery
from gui.widgets.digit_tiles import TILE_WIDTH
from gui.widgets.tile_painter import ink_table
from tests.gui.mistakes.evaluations import make_evaluation, make_set

N = 60
LABELS = [7] * N
SET = make_set(LABELS)
ALL = np.arange(N)[::-1]
"""In this order: the last image of the set is the first of the gallery."""


@pytest.fixture
def gallery(qtbot):
    gallery = DigitGallery()
    qtbot.addWidget(gallery)
    gallery.resize(3 * TILE_WIDTH + 17, 260)
    gallery.show()
    qtbot.waitExposed(gallery)
    gallery.show_digits(ALL, make_evaluation(LABELS, [2] * N, [0.9] * N), SET)
    return gallery


def move_mouse(gallery, inside):
    """Let the mouse enter or leave the gallery, with the events that Qt sends."""
    gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
    if not inside:
        QApplication.sendEvent(gallery, QEvent(QEvent.Type.Leave))


def click(gallery, tile):
    place = gallery.tile_rect(tile).center()
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)


def color(gallery, tile, pixel):
    """Return the drawn color of an image's pixel, as 0xAARRGGBB."""
    row, column = divmod(pixel, 28)
    place = QPointF(gallery.tile_rect(tile).topLeft()) + QPointF(2 * column + 0.9, 2 * row + 0.9)
    picture = gallery.viewport().grab().toImage()
    scale = picture.width() / gallery.viewport().width()
    x, y = int(place.x() * scale), int(place.y() * scale)
    return picture.pixel(x, y)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_each_tile_shows_the_image_that_it_stands_for(gallery, theme):
    gallery.apply_theme(theme)
    table = ink_table(theme)
    for scrolled in (0, 333, 10_000):
        gallery.verticalScrollBar().setValue(scrolled)
        seen = [
            tile for tile in range(N) if gallery.viewport().rect().contains(gallery.tile_rect(tile))
        ]
        assert len(seen) >= 6
        for tile in (seen[0], seen[-1]):
            # Within the frame of a tile that is marked.
            for pixel in (29, 400, 700):
                assert color(gallery, tile, pixel) == table[SET.images[ALL[tile], pixel]]


def test_the_line_below_a_digit_is_as_narrow_as_its_tile(gallery):
    font = gallery._painter._font
    widest = max(QFontMetrics(font).horizontalAdvance(f"{text} %") for text in ("> 99", "100"))
    assert gallery._painter._name_width + widest < TILE_WIDTH


def test_a_click_chooses_the_digit_under_the_mouse(gallery):
    chosen = []
    gallery.digit_chosen.connect(chosen.append)
    click(gallery, 4)
    gallery.verticalScrollBar().setValue(333)
    click(gallery, 14)
    assert chosen == [ALL[4], ALL[14]]
    beside = QPoint(gallery.viewport().width() - 1, 5)
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    QTest.mouseClick(
        gallery.viewport(), Qt.MouseButton.RightButton, pos=gallery.tile_rect(14).center()
    )
    # Pressed on one, released on another.
    QTest.mousePress(
        gallery.viewport(), Qt.MouseButton.LeftButton, pos=gallery.tile_rect(14).center()
    )
    QTest.mouseRelease(
        gallery.viewport(), Qt.MouseButton.LeftButton, pos=gallery.tile_rect(15).center()
    )
    assert len(chosen) == 2


def test_the_keys_move_and_return_chooses(gallery):
    chosen = []
    gallery.digit_chosen.connect(chosen.append)
    QTest.keyClick(gallery, Qt.Key.Key_Return)
    assert chosen == []
    QApplication.sendEvent(gallery, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert gallery.current == 0
    keys = Qt.Key
    for key, place in (
        (keys.Key_Right, 1),
        (keys.Key_Down, 4),
        (keys.Key_Left, 3),
        (keys.Key_Up, 0),
        (keys.Key_Up, 0),
        (keys.Key_PageDown, 9),  # three rows of three are fully visible
        (keys.Key_PageUp, 0),
        (keys.Key_End, N - 1),
        (keys.Key_Right, N - 1),
    ):
        QTest.keyClick(gallery, key)
        assert gallery.current == place
        assert gallery.viewport().rect().contains(gallery.tile_rect(place))
        assert gallery.accessibleDescription().startswith(f"Test image {ALL[place]}: ")
    QTest.keyClick(gallery, keys.Key_Return)
    assert chosen == [ALL[N - 1]]
    QTest.keyClick(gallery, keys.Key_Home)
    assert gallery.current == 0


def test_a_tool_tip_shows_everything_known(gallery):
    place = gallery.tile_rect(2).center()
    QToolTip.hideText()
    event = QHelpEvent(QEvent.Type.ToolTip, place, gallery.viewport().mapToGlobal(place))
    QApplication.sendEvent(gallery.viewport(), event)
    assert QToolTip.text() == (
        "Test image 57: a 7, predicted as 2, 90.0 % confident. Click to put it on the pad."
    )
    QToolTip.hideText()


def test_a_new_order_keeps_the_scrolling_and_the_current_digit(gallery):
    move_mouse(gallery, inside=False)
    click(gallery, 4)
    gallery.verticalScrollBar().setValue(333)
    order = np.roll(ALL, 7)
    gallery.show_newer(order, make_evaluation(LABELS, [2] * N, [0.8] * N))
    assert gallery.digits.tolist() == order.tolist()
    assert gallery.verticalScrollBar().value() == 333
    assert gallery.current == 11
    gallery.show_newer(order[order != ALL[4]], make_evaluation(LABELS, [2] * N, [0.8] * N))
    assert gallery.current is None


def test_nothing_moves_under_the_mouse(gallery):
    """But the predictions are updated; the new order appears when the mouse has left."""
    move_mouse(gallery, inside=True)
    gallery.verticalScrollBar().setValue(333)
    for sure in (0.8, 0.7):
        order = np.arange(0, N, 2)
        gallery.show_newer(order, make_evaluation(LABELS, [3] * N, [sure] * N))
        assert gallery.digits.tolist() == ALL.tolist()
        assert gallery.verticalScrollBar().value() == 333
    assert gallery.words(0) == f"Test image {N - 1}: a 7, predicted as 3, 70.0 % confident"
    chosen = []
    gallery.digit_chosen.connect(chosen.append)
    click(gallery, 14)
    assert chosen == [ALL[14]]
    move_mouse(gallery, inside=False)
    assert gallery.digits.tolist() == order.tolist()


def test_other_digits_are_shown_at_once_from_the_first(gallery):
    move_mouse(gallery, inside=True)
    gallery.verticalScrollBar().setValue(333)
    evaluation = make_evaluation(LABELS, [2] * N, [0.9] * N)
    gallery.show_newer(ALL[:5], evaluation)
    gallery.show_digits(ALL[::-1], evaluation, SET)
    assert gallery.digits.tolist() == ALL[::-1].tolist()
    assert gallery.verticalScrollBar().value() == 0
    move_mouse(gallery, inside=False)
    assert gallery.digits.tolist() == ALL[::-1].tolist()


def test_cleared_it_shows_nothing(gallery):
    click(gallery, 4)
    gallery.clear()
    assert gallery.verticalScrollBar().maximum() == 0
    assert gallery.current is None
    click(gallery, 0)
    assert gallery.current is None
    picture = gallery.viewport().grab().toImage()
    assert len({picture.pixel(x, y) for x in range(200) for y in range(200)}) == 1


def test_columns_do_not_depend_on_how_many_digits_there_are(gallery, qtbot):
    """There is room for a fourth column, or for the scroll bar."""
    gallery.resize(4 * TILE_WIDTH + 2, 260)
    qtbot.waitUntil(gallery.verticalScrollBar().isVisible)
    assert gallery.tiles.columns == 3
    gallery.show_digits(ALL[:2], make_evaluation(LABELS, [2] * N, [0.9] * N), SET)
    qtbot.waitUntil(lambda: not gallery.verticalScrollBar().isVisible())
    assert gallery.tiles.columns == 3
