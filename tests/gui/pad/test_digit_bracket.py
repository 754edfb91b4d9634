"""The frame around the selected digit of a number."""

import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QApplication

from core.colors import DARK, LIGHT
from core.ink.boxes import Box
from gui.pad.draw_pad import DrawPad

LEFT, RIGHT = Box(60, 220, 40, 90), Box(60, 220, 150, 230)


@pytest.fixture
def pad(qtbot):
    pad = DrawPad()
    qtbot.addWidget(pad)
    pad.resize(300, 280)
    pad.show()
    qtbot.waitExposed(pad)
    for x in (60, 190):
        pad.begin_stroke(QPointF(x, 80))
        pad.extend_stroke(QPointF(x, 200))
    pad.end_stroke()
    return pad


def picture(pad):
    return pad.grab().toImage()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("box", [LEFT, RIGHT])
def test_it_is_painted_around_the_digit_and_leaves_the_ink_alone(pad, theme, box):
    pad.apply_theme(theme)
    plain = picture(pad)
    pad.bracket.show(box)
    framed = picture(pad)
    changed = [
        (x, y) for x in range(300) for y in range(280) if framed.pixel(x, y) != plain.pixel(x, y)
    ]
    xs, ys = zip(*changed, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((box.left + 10 - 4, box.right + 10 + 4), abs=2)
    assert (min(ys), max(ys)) == pytest.approx((box.top - 4, box.bottom + 4), abs=2)
    inside = QRect(box.left + 10, box.top, box.right - box.left, box.bottom - box.top)
    assert not any(inside.contains(x, y) for x, y in changed)


def test_when_another_digit_is_selected_nothing_is_left_of_the_frame(pad):
    """Only the parts of the pad that change are painted."""
    pad.bracket.show(LEFT)
    left = on_screen(pad)
    pad.bracket.show(RIGHT)
    assert on_screen(pad) != left
    pad.bracket.show(LEFT)
    assert on_screen(pad) == left
    pad.bracket.show(None)
    assert on_screen(pad) == picture(pad) != left


def on_screen(pad):
    """What was painted at the updates that were asked for, and not all anew."""
    QApplication.processEvents()
    return pad.screen().grabWindow(pad.winId()).toImage()


def test_at_the_edge_of_the_pad_it_stays_inside(pad):
    pad.bracket.show(Box(0, 280, 0, 280))
    assert pad.bracket._frame(pad.bracket.box).left() >= 10
