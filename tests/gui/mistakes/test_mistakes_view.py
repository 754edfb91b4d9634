import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from core.datasets.dataset import Dataset
from core.settings.data_source import OwnData
from core.training.evaluation import Evaluation
from gui.mistakes.mistakes_view import MistakesView
from tests.gui.driving import child, click
from tests.gui.mistakes.evaluations import make_evaluation, make_set

LABELS = [7, 7, 7, 7, 7, 2, 2, 4]
FIRST = make_evaluation(LABELS, [2, 7, 2, 1, 7, 2, 7, 4], [0.5, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.9])
SECOND = make_evaluation(LABELS, [2, 7, 2, 7, 7, 2, 2, 4], [0.9, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.9])
SET = make_set(LABELS)


@pytest.fixture
def view(qtbot):
    view = MistakesView()
    qtbot.addWidget(view)
    view.resize(658, 345)
    view.show()
    qtbot.waitExposed(view)
    return view


def show(view, evaluation, step=4690, images=SET):
    view.show_evaluation(evaluation, images, step)


def shown(view):
    return view.gallery.digits.tolist()


def test_the_header_counts(view):
    show(view, FIRST)
    assert view.header.text() == "4 of 8 correct after step 4,690; 4 mistakes"
    labels = np.arange(10_000) % 10
    guesses = np.where(np.arange(10_000) < 9_999, labels, 3)
    large = make_evaluation(labels, guesses, np.full(10_000, 0.9))
    show(view, large, 1_234_567, make_set(labels))
    assert view.header.text() == "9,999 of 10,000 correct after step 1,234,567; 1 mistake"


@pytest.mark.parametrize("size", [(1300, 400), (700, 900), (658, 345), (1300, 401)])
def test_no_cell_is_cut_at_any_size(qapp, view, size):
    """The cells once were laid out for a width that the matrix had no longer."""
    show(view, FIRST)
    view.resize(*size)
    qapp.processEvents()
    assert view.matrix.grid.width == view.matrix.width()
    assert view.matrix.grid.bounds.right() < view.matrix.width()


def test_with_nothing_selected_all_mistakes_are_shown(view):
    show(view, FIRST)
    assert shown(view) == [2, 3, 0, 6]
    assert view.caption.text() == "4 mistakes\nMost confident first"
    show(view, make_evaluation(LABELS, LABELS, [0.9] * 8))
    assert shown(view) == []
    assert view.caption.text() == "No mistakes"


def test_a_click_on_a_cell_shows_its_digits_most_confident_first(view):
    show(view, FIRST)
    for cell, digits, caption in (
        ((7, 2), [2, 0], "7 predicted as 2: 2\nMost confident first"),
        ((7, 7), [4, 1], "7 predicted correctly: 2\nLeast confident first"),
        ((3, 5), [], "No 3 predicted as 5"),
    ):
        place = view.matrix.grid.rect(cell).center()
        QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=place)
        assert shown(view) == digits
        assert view.caption.text() == caption
    click(view, "all_mistakes_button")
    assert view.matrix.selected is None
    assert shown(view) == [2, 3, 0, 6]
    assert not child(view, "all_mistakes_button").isEnabled()


def test_a_click_on_a_digit_signals_its_index(view, qtbot):
    show(view, FIRST)
    place = view.gallery.tile_rect(1).center()
    with qtbot.waitSignal(view.digit_chosen) as chosen:
        QTest.mouseClick(view.gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [3]


def test_a_new_evaluation_changes_the_counts_and_keeps_the_selection(view):
    show(view, FIRST)
    view.matrix.select((7, 2))
    show(view, SECOND, 9380)
    assert view.header.text() == "6 of 8 correct after step 9,380; 2 mistakes"
    assert view.matrix.selected == (7, 2)
    assert view.matrix.words((7, 7)) == "7 predicted correctly: 3 of 5 (60.0 %)"
    assert shown(view) == [0, 2]


def test_digits_under_the_mouse_wait_unless_the_data_set_changed(view):
    show(view, FIRST)
    view.gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    show(view, SECOND, 9380)
    assert view.header.text().startswith("6 of 8")
    assert shown(view) == [2, 3, 0, 6]
    show(view, FIRST, 1, make_set(LABELS))
    show(view, SECOND, 2, make_set(LABELS))
    assert shown(view) == [0, 2]


def test_data_that_arrive_while_hidden_are_drawn_when_shown(view, qtbot):
    show(view, FIRST)
    view.hide()
    show(view, SECOND, 9380)
    assert view.header.text().startswith("4 of 8")
    assert shown(view) == [2, 3, 0, 6]
    view.show()
    assert view.header.text().startswith("6 of 8")
    assert shown(view) == [0, 2]


def test_the_same_prediction_is_drawn_once(view):
    """It comes with every snapshot."""
    show(view, FIRST)
    click_place = view.gallery.tile_rect(1).center()
    QTest.mouseClick(view.gallery.viewport(), Qt.MouseButton.LeftButton, pos=click_place)
    digits = view.gallery.digits
    show(view, FIRST)
    assert view.gallery.digits is digits


def test_before_the_first_evaluation_it_says_what_to_do(view):
    empty = child(view, "mistakes_empty", QLabel)
    assert empty.isVisible()
    assert "Press Space" in empty.text()
    show(view, FIRST)
    assert not empty.isVisible()
    view.matrix.select((7, 2))
    view.clear()
    assert empty.isVisible()
    assert shown(view) == []
    show(view, SECOND)
    assert shown(view) == [0, 2]
    assert view.caption.text() == "7 predicted as 2: 2\nMost confident first"
    show(view, None)
    assert empty.isVisible()


def test_everything_that_can_be_used_has_a_name_and_a_tool_tip(view):
    for name in ("confusion_matrix", "digit_gallery", "all_mistakes_button"):
        widget = child(view, name)
        assert widget.toolTip()
        assert widget.accessibleName() or widget.text()


def test_the_words_of_an_empty_tab_never_have_the_focus(view, qtbot):
    show(view, FIRST)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.matrix.setFocus()
    view.clear()
    assert not child(view, "mistakes_empty").hasFocus()


def test_classes_of_own_data_have_their_names_and_as_many_rows(view):
    """Two rows of a table for ten once were painted until Qt ended the program."""
    show(view, FIRST)
    view.matrix.select((7, 2))
    images = make_set([0, 0, 1])
    own = OwnData("/pets", ("cat", "dog"), False, False)
    view.show_dataset(Dataset(own, images.images, images.labels, images.images, images.labels))
    assert view.matrix.selected is None
    view.show_evaluation(FIRST, SET, 1)  # of the run before
    assert not view.matrix.grab().isNull()
    labels, guesses = np.array([0, 0, 1], np.uint8), np.array([0, 1, 1], np.uint8)
    confusion = np.array([[1, 1], [0, 1]])
    confidence = np.array([0.9, 0.8, 0.7], np.float32)
    evaluation = Evaluation(0.1, 2 / 3, confusion, guesses, confidence, labels == guesses)
    show(view, evaluation, 1, images)
    assert view.matrix.words((0, 1)) == "cat predicted as dog: 1 of 2 (50.0 %)"
    assert view.gallery.words(0) == "Test image 1: cat, predicted as dog, 80.0 % confident"
    view.matrix.select((0, 1))
    assert view.caption.text() == "cat predicted as dog: 1\nMost confident first"
    QTest.keyClick(view.matrix, Qt.Key.Key_Down)
    QTest.keyClick(view.matrix, Qt.Key.Key_Down)
    assert view.matrix.selected == (1, 1)
    assert not view.grab().isNull()
