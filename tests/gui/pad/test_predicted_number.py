"""A number, and which of its digits is selected."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT
from gui.pad.predicted_number import PredictedNumber


@pytest.fixture
def number(qtbot):
    number = PredictedNumber()
    qtbot.addWidget(number)
    number.resize(116, 64)
    number.show()
    qtbot.waitExposed(number)
    return number


@pytest.fixture
def selected(number):
    selected = []
    number.digit_selected.connect(selected.append)
    return selected


def press(number, position):
    QTest.mouseClick(number, Qt.MouseButton.LeftButton, pos=position.toPoint())


@pytest.mark.parametrize("size", [(116, 64), (46, 64), (200, 170)])
@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_the_digits_stand_side_by_side_in_their_place(number, count, size):
    number.resize(*size)
    number.show_number("1" * count, [0.9] * count)
    cells = [number.cell(index) for index in range(count)]
    assert cells[0].left() >= 0
    assert cells[-1].right() <= size[0] + 1e-6
    for left, right in pairwise(cells):
        assert left.right() == pytest.approx(right.left())


def test_a_click_selects_a_digit(number, selected):
    number.show_number("123", [0.9] * 3, 2)
    for index in (0, 1, 2):
        press(number, number.cell(index).center())
    assert selected == [0, 1, 2]


def test_the_arrow_keys_go_from_digit_to_digit(number, selected):
    number.show_number("123", [0.9] * 3, 1)
    number.setFocus()
    QTest.keyClick(number, Qt.Key.Key_Left)
    QTest.keyClick(number, Qt.Key.Key_Right)
    number.show_number("123", [0.9] * 3, 2)
    QTest.keyClick(number, Qt.Key.Key_Right)  # there is none
    assert selected == [0, 2]


def test_one_digit_is_no_control(number, selected):
    for text in ("", "7", "?"):
        number.show_number("12", [0.9, 0.9])
        assert number.focusPolicy() == Qt.FocusPolicy.TabFocus
        number.show_number(text, [0.9][: len(text)])
        assert number.focusPolicy() == Qt.FocusPolicy.NoFocus
        assert number.accessibleName() == "Predicted digit"
        press(number, number.cell(0).center())
    assert selected == []


def test_it_looks_as_large_as_it_can(number):
    """A single digit as ever, whatever its certainty; more digits are smaller."""
    number.show_number("7", [0.9])
    one = number.grab().toImage()
    number.show_number("7", [0.5])
    assert number.grab().toImage() == one
    pictures = []
    for text in ("77", "777", "77777777"):
        number.show_number(text, [0.9] * len(text))
        pictures.append(number.grab().toImage())
    assert one not in pictures


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_selection_certainty_and_doubt_can_be_seen(number, theme):
    number.apply_theme(theme)
    pictures = []
    for text, shares, index in (
        ("12", [0.9, 0.8], 0),
        ("12", [0.9, 0.8], 1),
        ("12", [0.9, 0.7], 1),
        ("1?", [0.9, 0.7], 1),
        ("1234567?", [0.9] * 8, 1),
        ("1234567?", [0.9] * 7 + [0.2], 1),
    ):
        number.show_number(text, shares, index)
        pictures.append(number.grab().toImage())
    for picture in pictures:
        assert sum(picture == other for other in pictures) == 1


def test_a_screen_reader_hears_the_number_and_what_is_selected(number):
    number.show_number("12", [0.9, 0.8], 0)
    assert "number" in number.accessibleName()
    assert number.accessibleDescription() == "12. Digit 1 is selected: 1, 90 %"
    number.show_number("12", [0.9, 0.8], 1)
    assert number.accessibleDescription() == "12. Digit 2 is selected: 2, 80 %"
    number.show_number("2", [0.8])
    assert number.accessibleDescription() == "2"


def test_a_name_is_shown_from_its_beginning_however_long(number):
    """Not cut at both ends: of two that begin alike, the picture is the same."""
    number.resize(90, 64)
    number.show_name("a horse with a long name")
    long = number.grab().toImage()
    number.show_name("a horse with another name, still longer")
    assert number.grab().toImage() == long
