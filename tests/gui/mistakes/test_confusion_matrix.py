import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from core.colors import DARK, LIGHT
from core.settings.data_source import READY_CLASSES
from gui.mistakes.confusion_grid import HEADING
from gui.mistakes.confusion_matrix import ConfusionMatrix
from tests.gui.mistakes.evaluations import of_counts

COUNTS = np.diag([90] * 10)
COUNTS[7, [2, 7]] = 13, 1015
COUNTS[4, 9] = 5


@pytest.fixture
def matrix(qtbot):
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.show_evaluation(of_counts(COUNTS))
    matrix.resize(430, 309)
    matrix.show()
    qtbot.waitExposed(matrix)
    return matrix


def click(matrix, cell):
    place = matrix.grid.rect(cell).center()
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)


def chosen_by(matrix, act):
    chosen = []
    matrix.cell_chosen.connect(chosen.append)
    act()
    matrix.cell_chosen.disconnect(chosen.append)
    return chosen


def test_a_click_selects_and_another_deselects(matrix):
    assert chosen_by(matrix, lambda: click(matrix, (7, 2))) == [(7, 2)]
    assert chosen_by(matrix, lambda: click(matrix, (4, 4))) == [(4, 4)]
    assert chosen_by(matrix, lambda: click(matrix, (4, 4))) == [None]
    click(matrix, (7, 2))
    beside = QPoint(2, 2)
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=beside)
    assert matrix.selected is None


def test_arrows_begin_at_the_most_frequent_mistake_and_stop_at_the_edge(matrix):
    keys = Qt.Key
    QTest.keyClick(matrix, keys.Key_Down)
    assert matrix.selected == (7, 2)
    for key, cell in (
        (keys.Key_Up, (6, 2)),
        (keys.Key_Right, (6, 3)),
        (keys.Key_Down, (7, 3)),
        (keys.Key_Left, (7, 2)),
    ):
        assert chosen_by(matrix, lambda k=key: QTest.keyClick(matrix, k)) == [cell]
    matrix.select((9, 0))
    assert chosen_by(matrix, lambda: QTest.keyClick(matrix, keys.Key_Down)) == []
    assert chosen_by(matrix, lambda: QTest.keyClick(matrix, keys.Key_Left)) == []
    assert chosen_by(matrix, lambda: QTest.keyClick(matrix, keys.Key_Escape)) == [None]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ((7, 2), "7 predicted as 2: 13 of 1,028 (1.3 %)"),
        ((7, 7), "7 predicted correctly: 1,015 of 1,028 (98.7 %)"),
        ((7, 3), "7 predicted as 3: 0 of 1,028 (0.0 %)"),
    ],
)
def test_a_cell_in_words(matrix, cell, words):
    place = matrix.grid.rect(cell).center()
    QTest.mouseMove(matrix, place)
    assert matrix.hovered == cell
    QToolTip.hideText()
    event = QHelpEvent(QEvent.Type.ToolTip, place, matrix.mapToGlobal(place))
    QApplication.sendEvent(matrix, event)
    assert QToolTip.text() == words
    QToolTip.hideText()
    click(matrix, cell)
    assert matrix.accessibleDescription() == words


def test_a_digit_that_the_set_lacks_has_no_share(matrix):
    counts = COUNTS.copy()
    counts[3] = 0
    matrix.show_evaluation(of_counts(counts))
    assert matrix.words((3, 5)) == "3 predicted as 5: 0 of 0"
    assert not matrix.grab().isNull()


def test_new_counts_keep_the_selection_and_update_its_text(matrix):
    matrix.select((7, 2))
    counts = COUNTS.copy()
    counts[7, 2] = 8
    assert chosen_by(matrix, lambda: matrix.show_evaluation(of_counts(counts))) == []
    assert matrix.selected == (7, 2)
    assert matrix.accessibleDescription() == "7 predicted as 2: 8 of 1,023 (0.8 %)"


def test_without_an_evaluation_there_is_nothing_to_select(matrix):
    matrix.show_evaluation(None)
    click(matrix, (7, 2))
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    assert matrix.selected is None
    image = matrix.grab().toImage()
    colors = {image.pixel(x, y) for x in range(0, 430, 3) for y in range(0, 309, 3)}
    assert len(colors) == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_selected_cell_is_outlined(matrix, theme):
    matrix.apply_theme(theme)
    matrix.clearFocus()

    def border(cell):
        rect = matrix.grid.rect(cell)
        image = matrix.grab().toImage()
        scale = image.width() / matrix.width()
        place = rect.topLeft() + QPoint(0, rect.height() // 2)
        return image.pixelColor(place * scale).name().upper()

    before = border((7, 5))
    matrix.select((7, 5))
    matrix.clearFocus()
    assert border((7, 5)) == theme.text != before
    matrix.select((1, 5))
    assert border((7, 5)) == before


def test_a_wide_place_leaves_room_for_what_is_beside(matrix):
    matrix.fit(309)
    assert matrix.maximumWidth() <= 500
    assert matrix.maximumWidth() >= matrix.sizeHint().width()
    matrix.fit(800)
    assert matrix.maximumWidth() > 800


def test_the_most_frequent_mistake_is_named_until_a_cell_is_selected(matrix):
    assert matrix.accessibleDescription() == "Most often: 7 predicted as 2 (13)"
    matrix.select((7, 7))
    assert "correctly" in matrix.accessibleDescription()
    matrix.show_evaluation(of_counts(np.diag(COUNTS.diagonal())))
    matrix.select(None)
    assert matrix.accessibleDescription() == "No mistakes"


def test_names_that_are_wider_than_a_column_stand_above_it(matrix):
    assert matrix.grid.heading == HEADING
    before = matrix.grid.rect((0, 0)).top()
    matrix.show_classes(READY_CLASSES["fashion-mnist"])
    matrix.show_evaluation(of_counts(COUNTS))
    assert matrix.grid.heading > 3 * HEADING
    assert matrix.grid.rect((0, 0)).top() > before
    assert matrix.item_at(QPointF(matrix.grid.rect((7, 2)).center())) == (7, 2)
    matrix.show_classes(("0", "1", "2"))
    assert matrix.grid.heading == HEADING
