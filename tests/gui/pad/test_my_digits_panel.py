import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QPushButton

from core.colors import DARK, LIGHT
from core.errors import Cancelled, DataError
from core.my_digits.incoming import ExchangeReport
from core.my_digits.my_digits import MyDigit, MyDigits
from gui.pad.my_digits_panel import MyDigitsPanel
from tests.gui.widgets.test_theme import contrast

WIDTH = 276


def bar(place: int) -> np.ndarray:
    """Upright ink that no other place has."""
    ink = np.zeros((280, 280), np.uint8)
    ink[40:240, 100 : 110 + place] = 255
    return ink


@pytest.fixture
def mine(tmp_path):
    """A 3, a 5 and a 7, drawn in this order."""
    mine = MyDigits(tmp_path / "mine")
    for digit in (3, 5, 7):
        mine.add(bar(digit), digit)
    return mine


@pytest.fixture
def show(qtbot):
    """Show a panel, as wide as the column, in a separate window."""

    def shown(my_digits):
        window = QMainWindow()
        panel = MyDigitsPanel(my_digits)
        window.setCentralWidget(panel)
        qtbot.addWidget(window)
        window.resize(WIDTH, 300)
        window.show()
        qtbot.waitExposed(window)
        panel.window_ = window
        return panel

    return shown


@pytest.fixture
def panel(show, mine):
    return show(mine)


def texts(panel):
    """The text below each image."""
    model = panel.list.model_
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def select(panel, *rows):
    panel.list.setFocus()
    panel.list.clearSelection()
    for row in rows:
        index = panel.list.model_.index(row)
        panel.list.selectionModel().select(index, panel.list.selectionModel().SelectionFlag.Select)


def digits_on_disk(mine):
    return [item.digit for item in MyDigits(mine.folder).items]


# --- what is shown --------------------------------------------------------------------------


def test_without_digits_it_says_how_to_get_some(show, tmp_path):
    panel = show(MyDigits(tmp_path / "none"))
    assert panel.empty.isVisible()
    assert "is saved here" in panel.empty.text()
    assert not panel.list.isVisible()
    assert panel.findChild(QPushButton, "import_button").isEnabled()
    assert not panel.findChild(QPushButton, "learn_button").isEnabled()
    assert not panel.findChild(QPushButton, "export_button").isEnabled()
    assert panel.summary.text() == ""


def test_the_latest_is_the_first(panel):
    assert not panel.empty.isVisible()
    assert texts(panel) == ["7", "5", "3"]
    assert panel.summary.text() == "3 digits"
    assert "5: 1\n6: 0" in panel.summary.toolTip()


def test_an_added_digit_is_there_after_a_refresh(panel, mine):
    mine.add(bar(20), 9)
    panel.refresh()
    assert texts(panel) == ["9", "7", "5", "3"]
    assert panel.summary.text() == "4 digits"


def test_wrong_predictions_are_counted_and_marked(panel, mine):
    panel.show_predictions([3, 6, 7])
    assert panel.summary.text() == "3 digits, 1 predicted wrong"
    assert texts(panel) == ["7", "5→6", "3"]
    tool_tip = panel.list.model_.data(panel.list.model_.index(1), Qt.ItemDataRole.ToolTipRole)
    assert tool_tip.startswith("A 5, drawn on ")
    assert tool_tip.endswith("the network predicts 6")
    panel.show_predictions([3, 5, 7])
    assert panel.summary.text() == "3 digits, all predicted correctly"
    mine.add(bar(20), 9)
    panel.refresh()
    assert panel.summary.text() == "4 digits"
    panel.show_predictions(None)
    assert panel.summary.text() == "4 digits"


@pytest.mark.parametrize(
    ("accuracies", "line"),
    [
        ((0.58, 1.0, 0.991, 0.9908), "Mine 58 % → 100 %, test set 99.10 % → 99.08 %"),
        ((0.58, None, 0.991, None), "Mine 58 %, test set 99.10 %"),
        ((None, 1.0, None, None), "Mine 100 %"),
        ((None, None, None, None), ""),
    ],
)
def test_the_result_of_fine_tuning_is_one_line(panel, accuracies, line):
    panel.show_accuracy(*accuracies)
    assert panel.result.text() == line
    assert panel.result.isVisible() == bool(line)


def test_unreadable_files_are_reported(show, mine):
    (mine.folder / "3" / "bad.png").write_bytes(b"bad")
    panel = show(MyDigits(mine.folder))
    assert panel.result.text() == "1 file cannot be read."
    assert "bad.png" in panel.result.toolTip()


def test_a_file_name_is_no_markup(panel):
    panel.exchange.run(refuse_with("<b>a</b>"), Path(), "Import")
    assert "&lt;b&gt;a" in panel.result.text()


def refuse_with(text):
    def work(*_):
        raise DataError(text)

    return work


def test_the_images_are_drawn_in_ink_on_background(panel):
    """The bars of the 7 and of the 3, and nothing where there is no fourth."""

    def color(row, theme):
        panel.apply_theme(theme)
        picture: QImage = panel.list.grab().toImage()
        middle = panel.list.visualRect(panel.list.model_.index(row)).topLeft() + QPoint(29, 29)
        return picture.pixelColor(middle).name().upper()

    for theme in (LIGHT, DARK):
        assert color(0, theme) == color(2, theme) == theme.text


def test_it_fills_its_place_and_scrolls_to_the_rest(panel, mine):
    panel.resize(276, 500)
    panel.refresh()
    assert panel.list.height() > 400
    assert not panel.list.verticalScrollBar().isVisible()
    while len(mine) < 100:
        mine.add(bar(len(mine) + 10), 1)
    panel.refresh()
    panel.list.scrollToBottom()
    last = panel.list.visualRect(panel.list.model_.index(99))
    assert panel.list.verticalScrollBar().maximum() > 0
    assert 0 < last.bottom() < panel.list.height()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_text_below_an_image_can_be_read(panel, theme, monkeypatch):
    pens = []
    draw = QPainter.drawText

    def note(painter, *arguments):
        pens.append(painter.pen().color().name())
        draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", note)
    panel.apply_theme(theme)
    panel.show_predictions([3, 8, 7])
    panel.list.grab()
    assert len(set(pens)) == 2  # right and wrong ones
    for ground in (theme.window, theme.surface):
        assert all(contrast(pen, ground) >= 4.5 for pen in pens)


def test_two_thousand_digits_load_and_are_drawn_without_a_stutter(panel, mine):
    image = mine.items[0].image
    items = [MyDigit(number % 10, f"{number:04}", image, b"") for number in range(2000)]
    took = []
    for count in range(1990, 2001):
        begin = time.process_time()
        panel.list.show_items(items[:count], {})
        panel.list.grab()
        took.append(time.process_time() - begin)
    assert panel.list.verticalScrollBar().maximum() > 20 * panel.list.height()
    assert min(took) < 0.033  # a frame


# --- what the user does ---------------------------------------------------------------------


def test_delete_removes_the_selection_and_undo_restores_it(panel, mine, qtbot):
    before = mine.items
    inks = [mine.ink(item) for item in before]
    select(panel, 0, 2)
    with qtbot.waitSignal(panel.changed):
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert texts(panel) == ["5"]
    assert digits_on_disk(mine) == [5]
    assert panel.result.text().startswith("Removed 2 digits.")
    with qtbot.waitSignal(panel.changed):
        panel.result.linkActivated.emit("bring back")
    assert [item.name for item in mine.items] == [item.name for item in before]
    for item, ink in zip(mine.items, inks, strict=True):
        np.testing.assert_array_equal(mine.ink(item), ink)
    panel.bring_back()  # there is no more of it
    assert texts(panel) == ["7", "5", "3"]


def test_removing_a_digit_selects_the_next_one(panel, mine):
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model_.index(1))
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [item.digit for item in panel.list.selected()] == [3]
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert digits_on_disk(mine) == []
    assert panel.empty.isVisible()


def test_a_digit_key_relabels_the_selection(panel, mine, qtbot):
    panel.show_predictions([3, 6, 7])
    select(panel, 1)
    with qtbot.waitSignal(panel.changed):
        QTest.keyClick(panel.list, Qt.Key.Key_6)
    assert texts(panel) == ["7", "6", "3"]
    assert digits_on_disk(mine) == [3, 6, 7]
    assert panel.summary.text() == "3 digits, all predicted correctly"


def test_the_windows_shortcuts_do_not_take_the_selections_keys(panel, mine):
    taken = []
    for key in ("4", "Del", "B"):
        shortcut = QAction(panel.window_, shortcut=key)
        shortcut.triggered.connect(lambda _=False, k=key: taken.append(k))
        panel.window_.addAction(shortcut)
    panel.list.setFocus()
    panel.list.clearSelection()
    QTest.keyClick(panel.list, Qt.Key.Key_4)
    assert taken == ["4"]
    select(panel, 0)
    QTest.keyClick(panel.list, Qt.Key.Key_4)
    QTest.keyClick(panel.list, Qt.Key.Key_B)
    assert taken == ["4", "B"]
    assert digits_on_disk(mine) == [3, 5, 4]


def test_the_menu_does_the_same(panel, mine):
    select(panel, 0)
    menu = panel.list.make_menu()
    (answers,) = menu.findChildren(QMenu)
    answers.actions()[8].trigger()
    assert digits_on_disk(mine) == [3, 5, 8]
    menu.actions()[0].trigger()  # its purpose is gone
    select(panel, 0)
    panel.list.make_menu().actions()[0].trigger()
    assert digits_on_disk(mine) == [3, 5]


def test_digits_removed_by_another_app_disappear_with_a_message(panel, mine):
    MyDigits(mine.folder).remove(mine.items[0])
    select(panel, 2)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert "cannot be read" in panel.result.text()
    assert texts(panel) == ["7", "5"]


def test_fine_tuning_is_enabled_when_it_is_possible(panel, qtbot):
    button = panel.findChild(QPushButton, "learn_button")
    with qtbot.waitSignal(panel.learn_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.set_can_learn(False)
    assert not button.isEnabled()
    panel.refresh()
    assert not button.isEnabled()
    panel.set_can_learn(True)
    assert button.isEnabled()


def choose(panel, button, entry):
    """Choose an entry of a button's menu."""
    (menu,) = panel.findChild(QPushButton, button).findChildren(QMenu)
    menu.actions()[entry].trigger()


@pytest.mark.parametrize(("entry", "name"), [(0, "folder"), (1, "mine.npz")])
def test_digits_are_exported_and_imported(show, panel, tmp_path, monkeypatch, entry, name):
    path = str(tmp_path / name)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (path, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (path, ""))
    choose(panel, "export_button", entry)
    assert panel.result.text() == "Exported 3."
    other = show(MyDigits(tmp_path / "other"))
    choose(other, "import_button", entry)
    assert other.result.text() == "Imported 3."
    assert sorted(texts(other)) == ["3", "5", "7"]
    choose(other, "import_button", entry)
    assert other.result.text() == "Imported 0, 3 already there."


@pytest.mark.parametrize("button", ["import_button", "export_button"])
@pytest.mark.parametrize("entry", [0, 1])
def test_a_dialog_that_is_cancelled_does_nothing(panel, tmp_path, monkeypatch, button, entry):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    before = sorted(tmp_path.rglob("*"))
    choose(panel, button, entry)
    assert panel.result.text() == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_a_button_shows_its_menu(panel, qtbot):
    button = panel.findChild(QPushButton, "import_button")
    (menu,) = button.findChildren(QMenu)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    menu.close()


def test_refused_text_is_named(panel):
    refused = ("4/a.png: blank", "5/b.png: blank", "6/c.png: blank")
    panel.exchange.run(lambda *_: ExchangeReport(1, 2, refused), Path(), "Import")
    assert panel.result.text() == ("Imported 1, 2 already there, 3 refused (4/a.png, 5/b.png, …).")
    assert "6/c.png: blank" in panel.result.toolTip()


def test_omitted_files_are_named(panel):
    report = ExchangeReport(1, left_out=("7/a.heic: no picture", "notes.jpg: elsewhere"))
    panel.exchange.run(lambda *_: report, Path(), "Import")
    assert panel.result.text() == "Imported 1, 2 left out (7/a.heic, notes.jpg)."
    assert "notes.jpg: elsewhere" in panel.result.toolTip()


def test_the_window_responds_while_a_picture_is_decoded(panel, qtbot):
    """A slow digit reports the same progress repeatedly."""
    turns = []
    QTimer.singleShot(0, lambda: turns.append(len(turns)))

    def work(_digits, _path, progress):
        progress(0, 3)
        before = len(turns)
        progress(0, 3)
        assert len(turns) == before + 1
        return ExchangeReport(3)

    panel.exchange.run(work, Path(), "Import")
    assert panel.result.text() == "Imported 3."


def test_cancelling_says_that_nothing_has_changed(panel):
    def work(*_):
        raise Cancelled

    panel.exchange.run(work, Path(), "Import")
    assert panel.result.text() == "Cancelled. Nothing was changed."
