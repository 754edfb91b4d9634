"""The digits of a picture in their tab: marked, corrected, kept, exported, put on the pad."""

import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow

from core.colors import DARK, LIGHT
from core.inspection.prediction import Prediction
from core.my_digits.my_digits import MyDigits
from core.network.network import Network
from gui.sheet.sheet_view import SheetView
from tests.core.pictures.sheets import sheet_of

NETWORK = Network((784, 10))
ROWS, COLUMNS = 3, 4
SURE, UNSURE = 0.98, 0.6


def predictions(sheet, unsure=(), shift=0):
    """Each digit is predicted as the last figure of its place."""
    made = []
    for place, image in enumerate(sheet.images):
        share = UNSURE if place in unsure else SURE
        probabilities = np.full(10, (1 - share) / 9)
        probabilities[(place + shift) % 10] = share
        made.append(Prediction(NETWORK, image, probabilities, probabilities, 0.9))
    return made


@pytest.fixture
def empty(qtbot, tmp_path):
    """The view in a window of its own, without a sheet."""
    window = QMainWindow()
    view = SheetView(MyDigits(tmp_path / "mine"))
    window.setCentralWidget(view)
    view.window_ = window
    qtbot.addWidget(window)
    window.resize(760, 400)
    window.show()
    qtbot.waitExposed(window)
    return view


@pytest.fixture
def view(empty):
    """Twelve digits in three rows; of 2 and 7 the network is not sure."""
    sheet = sheet_of(ROWS, COLUMNS)
    empty.show_sheet(sheet)
    empty.show_predictions(predictions(sheet, (2, 7)))
    return empty


def texts(view):
    return [view.model.index(row).data() for row in range(view.model.rowCount())]


def words(view, row):
    return view.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)


def press(view, *keys):
    for key in keys:
        QTest.keyClick(view.list, key)


def center_of(view, row):
    return view.list.visualRect(view.model.index(row)).topLeft() + QPoint(29, 29)


def select(view, *rows):
    view.list.setFocus()
    view.list.clearSelection()
    for row in rows:
        selection = view.list.selectionModel()
        selection.select(view.model.index(row), selection.SelectionFlag.Select)


# --- what is shown --------------------------------------------------------------------------


def test_without_a_sheet_it_says_how_to_get_one(empty, qtbot):
    assert empty.empty.isVisible()
    assert not empty.list.isVisible()
    enabled = [
        b.isEnabled()
        for b in (empty.exchange.keep, empty.exchange.export, empty.exchange.copy, empty.step)
    ]
    assert enabled == [False] * 4
    with qtbot.waitSignal(empty.picture_wanted):
        QTest.mouseClick(empty.read, Qt.MouseButton.LeftButton)


def test_each_digit_has_its_prediction_and_those_not_sure_are_marked(view):
    assert texts(view) == ["0", "1", "2?", "3", "4", "5", "6", "7?", "8", "9", "0", "1"]
    assert words(view, 0) == "Digit 1: predicted as 0, 98.0 % confident"
    assert words(view, 2) == "Digit 3: predicted as 2, 60.0 % confident, not sure"
    assert view.summary.text() == "12 digits in 3 rows, 2 not sure"


def test_before_there_are_predictions_nothing_is_claimed(empty):
    empty.show_sheet(sheet_of(1, 2))
    assert texts(empty) == ["", ""]
    assert empty.summary.text() == "2 digits in 1 row"
    assert not empty.exchange.keep.isEnabled()
    assert not empty.exchange.copy.isEnabled()


def test_another_network_predicts_otherwise_and_corrections_stay(view):
    view.list.go_to(4)
    press(view, Qt.Key.Key_9)
    view.show_predictions(predictions(view.model.sheet, (0,), shift=5))
    assert texts(view)[:5] == ["5?", "6", "7", "8", "9 ✓"]
    assert view.summary.text() == "12 digits in 3 rows, 1 not sure, 1 labeled by you"


def test_a_new_sheet_replaces_everything_and_closes_menus_about_the_one_before(view):
    view.list.go_to(4)
    press(view, Qt.Key.Key_9)
    menu = view.list.make_menu()
    menu.popup(view.mapToGlobal(QPoint(50, 50)))
    view.show_sheet(sheet_of(1, 3))
    assert not menu.isVisible()
    assert texts(view) == ["", "", ""]
    assert view.result.text() == ""
    assert view.list.selected() == []
    assert not view.model.can_undo


def test_two_thousand_digits_are_drawn_without_a_stutter(view):
    one = sheet_of(1, 1)
    many = type(one)(
        "many",
        tuple(one.digits[0]._replace(row=n // 50) for n in range(2000)),
        one.images * 2000,
        one.preview,
        one.scale,
    )
    view.show_sheet(many)
    took = []
    for shift in range(4):
        predicted = predictions(many, range(0, 2000, 50), shift)
        begin = time.process_time()
        view.show_predictions(predicted)
        view.list.grab()
        took.append(time.process_time() - begin)
    assert view.summary.text() == "2,000 digits in 40 rows, 40 not sure"
    assert min(took) < 0.1


# --- the pad and the picture ----------------------------------------------------------------


def test_a_click_or_return_puts_a_digit_on_the_pad(view, qtbot):
    view.list.setFocus()
    ink = view.model.sheet.digits[1].ink
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=center_of(view, 1))
    assert chosen.args[1] == 2
    np.testing.assert_array_equal(chosen.args[0], ink)
    press(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.chosen) as chosen:
        press(view, Qt.Key.Key_Return)
    assert chosen.args[1] == 3


def test_a_click_that_extends_the_selection_leaves_the_pad_alone(view):
    placed = []
    view.chosen.connect(lambda _ink, number: placed.append(number))
    for row, modifier in (
        (0, Qt.KeyboardModifier.ControlModifier),
        (3, Qt.KeyboardModifier.ShiftModifier),
    ):
        QTest.mouseClick(
            view.list.viewport(), Qt.MouseButton.LeftButton, modifier, center_of(view, row)
        )
    assert view.list.selected() == [0, 1, 2, 3]
    assert placed == []


def test_the_picture_shows_where_a_digit_is_and_a_click_there_chooses_it(view, qtbot):
    picture = view.picture
    assert picture.isVisible()
    view.list.go_to(6)
    assert picture._marked == 6
    left, top, right, bottom = picture._boxes_on_screen()[9]
    place = QPointF((left + right) / 2, (top + bottom) / 2)
    assert picture.item_at(place) == 9
    with qtbot.waitSignal(view.chosen) as chosen:
        QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert chosen.args[1] == 10
    assert view.list.selected() == [9]
    assert picture.item_at(QPointF(1, 1)) is None


def test_the_boxes_are_where_the_picture_is(view):
    """The third row's first digit: below and to the left of all others."""
    boxes = view.picture._boxes_on_screen()
    assert boxes.min() >= 0
    assert boxes[:, 2].max() <= view.picture.width()
    assert boxes[:, 3].max() <= view.picture.height()
    assert boxes[8, 1] > boxes[4, 3] > boxes[0, 3]


def test_a_narrow_view_has_no_picture(view, qtbot):
    view.window_.resize(540, 300)
    qtbot.waitUntil(lambda: not view.picture.isVisible())
    view.window_.resize(900, 300)
    qtbot.waitUntil(view.picture.isVisible)


# --- corrections ----------------------------------------------------------------------------


def test_a_digits_key_corrects_the_selection_and_shows_what_was_predicted(view):
    select(view, 2, 4)
    press(view, Qt.Key.Key_8)
    assert texts(view)[2:5] == ["8→2", "3", "8→4"]
    assert words(view, 2) == "Digit 3: you say 8; predicted as 2, 60.0 % confident"
    assert view.summary.text() == "12 digits in 3 rows, 1 not sure, 2 labeled by you"
    assert view.result.text().startswith("Labeled 2 digits as 8. ")
    view.result.linkActivated.emit("undo")
    assert texts(view)[2:5] == ["2?", "3", "4"]
    assert view.result.text() == ""


def test_a_label_that_is_the_prediction_makes_sure(view):
    view.list.go_to(7)
    press(view, Qt.Key.Key_7)
    assert texts(view)[7] == "7 ✓"
    assert view.model.unsure == [2]


def test_delete_takes_a_correction_back_and_the_keys_undo_that(view):
    view.list.go_to(3)
    press(view, Qt.Key.Key_8, Qt.Key.Key_Delete)
    assert texts(view)[3] == "3"
    press(view, Qt.Key.Key_Delete)  # there is nothing to take back
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert texts(view)[3] == "8→3"
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert texts(view)[3] == "3"
    assert not view.model.can_undo


def test_the_windows_undo_is_the_pads_where_there_is_no_correction(view):
    undone = []
    undo = QAction(view.window_, shortcut="Ctrl+Z")
    undo.triggered.connect(lambda: undone.append(True))
    view.window_.addAction(undo)
    view.list.go_to(3)
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    press(view, Qt.Key.Key_8)
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert texts(view)[3] == "3"


def test_one_steps_through_the_digits_that_nobody_is_sure_of(view):
    seen = []
    for _ in range(3):
        press(view, Qt.Key.Key_N)
        seen.append(view.list.selected())
    assert seen == [[2], [7], [2]]
    press(view, Qt.Key.Key_5)
    QTest.mouseClick(view.step, Qt.MouseButton.LeftButton)
    assert view.list.selected() == [7]
    press(view, Qt.Key.Key_5)
    assert not view.step.isEnabled()
    assert view.summary.text() == "12 digits in 3 rows, sure of all, 2 labeled by you"


def test_the_menu_does_the_same(view, qtbot):
    view.list.go_to(2)
    menu = view.list.make_menu()
    with qtbot.waitSignal(view.chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args[1] == 3
    menu.findChildren(type(menu))[0].actions()[6].trigger()
    assert texts(view)[2] == "6→2"
    menu.actions()[1].trigger()
    assert texts(view)[2] == "2?"


# --- what leaves the view -------------------------------------------------------------------


def test_the_text_is_copied_row_by_row(view):
    view.list.go_to(2)
    press(view, Qt.Key.Key_8)
    QTest.mouseClick(view.exchange.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "0183\n4567\n8901"
    assert view.result.text().strip() == "Copied 12 digits."
    select(view, 5, 3, 4)
    QTest.keyClick(view.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "3\n45"


def test_digits_are_kept_as_mine(view, qtbot):
    view.list.go_to(2)
    press(view, Qt.Key.Key_8)
    select(view, 0, 1)
    selected, corrected, every = view.exchange.make_menu().actions()
    assert [a.text() for a in (selected, corrected, every)] == [
        "Selected (2)",
        "Labeled by you (1)",
        "All (12, 1 not sure)",
    ]
    mine = view.exchange._my_digits
    with qtbot.waitSignal(view.kept):
        corrected.trigger()
    assert [item.digit for item in mine.items] == [8]
    assert view.result.text().startswith("Kept 1. ")
    selected.trigger()
    assert [item.digit for item in mine.items] == [8, 0, 1]
    every.trigger()
    assert view.result.text().startswith("Kept 9, 3 already there. ")
    with qtbot.waitSignal(view.kept):
        view.result.linkActivated.emit("undo")
    assert view.result.text().strip() == "Took 9 digits out of My digits."
    assert [item.digit for item in MyDigits(mine.folder).items] == [8, 0, 1]
    view.list.clearSelection()
    assert not view.exchange.make_menu().actions()[0].isEnabled()


def test_all_are_exported_as_a_folder_with_labels(view, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    QTest.mouseClick(view.exchange.export, Qt.MouseButton.LeftButton)
    assert view.result.text().strip() == "Exported 12."
    assert len(MyDigits(folder)) == 12
    assert (folder / "7" / "form-0008.png").exists()
    assert len((folder / "labels.csv").read_text().splitlines()) == 13


def test_an_export_that_fails_says_why(view, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "file"))
    QTest.mouseClick(view.exchange.export, Qt.MouseButton.LeftButton)
    assert "could not be written" in view.result.text()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_boxes_stand_out_from_the_paper_in_any_theme(empty, theme):
    """The picture has its own brightness: white here, then black, then that of the window."""
    empty.apply_theme(theme)
    sheet = sheet_of(ROWS, COLUMNS)
    clear = np.zeros((*sheet.preview.shape, 4), np.uint8)
    papers = (sheet.preview, LIGHT), (255 - sheet.preview, DARK), (clear, theme)
    for preview, fitting in papers:
        empty.show_sheet(replace(sheet, preview=preview))
        empty.show_predictions(predictions(sheet, (2,)))
        image = empty.picture.grab().toImage()
        left, top, right, _ = empty.picture._boxes_on_screen()[2]
        edge = image.pixelColor(round((left + right) / 2), round(top))
        assert edge.name().upper() == fitting.fault
        paper = image.pixelColor(round(right + 4), round(top + 10))
        if preview.ndim == 2:
            assert paper.red() == preview[0, 0]


def test_the_boxes_of_a_dense_sheet_do_not_bury_it(empty):
    sheet = sheet_of(30, 4)
    empty.show_sheet(sheet)
    empty.show_predictions(predictions(sheet, (27,)))
    empty.picture.mark(0)
    image = empty.picture.grab().toImage()

    def edge(place):
        left, top, right, _ = empty.picture._boxes_on_screen()[place]
        return image.pixelColor(round((left + right) / 2), round(top))

    assert edge(10).name() == "#ffffff"
    assert edge(27).red() > edge(27).blue()
    assert edge(0).blue() > edge(0).red()
