import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.colors import LIGHT
from gui.pad.prediction_bars import PredictionBars


@pytest.fixture
def bars(qtbot):
    bars = PredictionBars()
    qtbot.addWidget(bars)
    bars.resize(260, 200)
    bars.show()
    qtbot.waitExposed(bars)
    return bars


def probabilities(**shares):
    result = np.full(10, 0.01)
    for digit, share in shares.items():
        result[int(digit[1:])] = share
    return result / result.sum()


def same_as_painted_afresh(qtbot, bars):
    """Compare with what a new widget shows for the same probabilities."""
    fresh = PredictionBars()
    qtbot.addWidget(fresh)
    fresh.resize(bars.size())
    fresh.show_probabilities(bars.probabilities)
    bars.clearFocus()  # which the only widget of a window gets
    return bars.grab().toImage() == fresh.grab().toImage()


def test_the_likeliest_has_the_longest_bar(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    picture = bars.grab().toImage()
    colors = [picture.pixelColor(60, digit * 20 + 10).name() for digit in range(10)]
    assert [digit for digit in range(10) if colors[digit] != colors[0]] == [7]


def test_changed_parts_are_painted(qtbot, bars):
    for shares in ({"d7": 0.9}, {"d7": 0.5, "d1": 0.4}, {"d7": 0.4, "d1": 0.5}):
        bars.show_probabilities(probabilities(**shares))
        bars.repaint()
        assert same_as_painted_afresh(qtbot, bars)
    bars.show_probabilities(None)
    assert same_as_painted_afresh(qtbot, bars)


def test_only_changed_rows_are_painted(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    changed = bars.probabilities.copy()
    changed[3] += 0.01
    assert bars._rows_to_paint(changed) == [3]
    assert bars._rows_to_paint(bars.probabilities + 1e-6) == []


def test_digits_are_painted_only_where_the_best_one_changes(qtbot, bars):
    bars.show_probabilities(probabilities(d7=0.9))
    QApplication.processEvents()
    left, paint = [], bars.paintEvent
    bars.paintEvent = lambda event: (
        left.append(event.region().boundingRect().left()),
        paint(event),
    )
    for other in (0.1, 0.2):
        bars.show_probabilities(np.where(np.arange(10) == 3, other, bars.probabilities))
        QApplication.processEvents()
    assert left == [bars._digit_width] * 2
    bars.show_probabilities(np.where(np.arange(10) == 3, 0.95, bars.probabilities))
    QApplication.processEvents()
    assert left[2:] == [0]
    bars.paintEvent = paint
    assert same_as_painted_afresh(qtbot, bars)


def test_many_small_changes_add_up(qtbot, bars):
    bars.show_probabilities(probabilities(d7=0.9))
    painted = 0
    for _ in range(100):
        changed = bars.probabilities.copy()
        changed[3] += 0.0001
        painted += 3 in bars._rows_to_paint(changed)
        bars.show_probabilities(changed)
        bars.repaint()
    assert painted == 10  # of 0.01 where a number has one decimal of a percent
    assert same_as_painted_afresh(qtbot, bars)


def test_of_a_certain_answer_only_its_row_is_painted(qtbot, bars):
    shares, painted = probabilities(d7=0.9), []
    bars.show_probabilities(shares, False)
    bars.repaint()
    paint = bars.paintEvent
    bars.paintEvent = lambda event: (painted.append(event.region().boundingRect()), paint(event))
    bars.show_probabilities(shares, True)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == [bars.row(7)]
    bars.paintEvent = paint
    assert same_as_painted_afresh(qtbot, bars)


def test_probabilities_that_do_not_add_up_to_one_are_shown_as_they_are(bars):
    """Sigmoid outputs are independent for each digit."""
    shares = np.full(10, 0.02)
    shares[[3, 8]] = 0.5, 1.0
    bars.show_probabilities(shares)
    picture = bars.grab().toImage()
    left, right = bars._digit_width + 2, bars.width() - bars._number_width - 8

    def length(digit):
        row = [picture.pixelColor(x, digit * 20 + 10).name() for x in range(left, right)]
        return sum(color != row[-1] for color in row) / len(row) if len(set(row)) > 1 else 1.0

    assert length(3) == pytest.approx(0.5, abs=0.02)
    assert length(8) == 1
    assert length(0) == pytest.approx(0.02, abs=0.02)
    assert "predicts 8, > 99.9 %" in bars.accessibleName()


def test_a_screen_reader_gets_the_digit(bars):
    assert "nothing drawn" in bars.accessibleName()
    bars.show_probabilities(probabilities(d7=0.9))
    assert "predicts 7" in bars.accessibleName()


# --- a click corrects the answer ----------------------------------------------------------------


@pytest.fixture
def chosen(bars):
    chosen = []
    bars.digit_chosen.connect(chosen.append)
    return chosen


@pytest.mark.parametrize("height", [140, 200, 300])
def test_each_row_can_be_clicked_at_every_height(bars, chosen, height):
    bars.resize(bars.width(), height)
    bars.show_probabilities(probabilities(d7=0.9))
    for digit in range(10):
        assert bars.rect().contains(bars.row(digit))
        assert bars.row(digit).height() >= 14
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(digit).center())
    assert chosen == list(range(10))


def test_nothing_can_be_chosen_before_anything_is_drawn(bars, chosen):
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(3).center())
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Down)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert chosen == []


def test_a_press_that_ends_elsewhere_chooses_nothing(bars, chosen):
    bars.resize(bars.width(), 500)
    bars.show_probabilities(probabilities(d7=0.9))
    QTest.mousePress(bars, Qt.MouseButton.LeftButton, pos=bars.row(3).center())
    QTest.mouseRelease(bars, Qt.MouseButton.LeftButton, pos=QPoint(-30, 50))
    QTest.mousePress(bars, Qt.MouseButton.LeftButton, pos=bars.row(3).center())
    QTest.mouseRelease(bars, Qt.MouseButton.LeftButton, pos=QPoint(30, 490))
    QTest.mouseClick(bars, Qt.MouseButton.RightButton, pos=bars.row(3).center())
    assert chosen == []


def test_the_keyboard_chooses_too(bars, chosen):
    bars.show_probabilities(probabilities(d7=0.9))
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert chosen == []  # no row is marked yet
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(bars, key)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert chosen == [8, 6]
    assert "6" in bars.accessibleDescription()


def test_the_row_under_the_mouse_is_marked(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    plain = bars.grab().toImage()
    QTest.mouseMove(bars, bars.row(3).center())
    assert bars.grab().toImage() != plain
    QTest.mouseMove(bars, QPoint(-20, -20))
    bars.leaveEvent(QEvent(QEvent.Type.Leave))
    assert bars.grab().toImage() == plain


def test_only_a_certain_answer_has_the_accents_color(bars):
    for is_certain, color in ((True, LIGHT.accent), (False, LIGHT.control)):
        bars.show_probabilities(probabilities(d7=0.9), is_certain)
        shown = bars.grab().toImage().pixelColor(60, bars.row(7).center().y())
        assert shown.name() == color.lower()


def test_classes_have_their_names_and_as_many_rows(bars, chosen):
    names = ("cat", "dog", "a rather long name of a class")
    bars.show_probabilities(np.array([0.2, 0.7, 0.1], np.float32), classes=names)
    assert bars.accessibleName() == "The network predicts dog, 70.0 %"
    assert not bars.grab().isNull()  # it is painted
    QTest.keyClick(bars, Qt.Key.Key_Down)
    assert bars.accessibleDescription().startswith(
        "a rather long name of a class: 10.0 %. The probability"
    )
    QTest.keyClick(bars, Qt.Key.Key_Down)
    assert bars.accessibleDescription().startswith("cat: 20.0 %")
    for row in (2, 3):
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(row).center())
    assert chosen == [2]
    bars.show_probabilities(None)
    assert bars.classes == names
