"""Pictures that come into the window: one digit goes on the pad, several open a sheet."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from core.network.moved_images import predict_moved
from core.network.network import Network
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.core.pictures.sheets import sheet_of
from tests.gui.driving import child, click, message


@pytest.fixture
def picture(tmp_path):
    """A file with a single upright line."""
    pixels = np.full((100, 100), 255, np.uint8)
    pixels[20:80, 46:54] = 0
    path = tmp_path / "one.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def sheet(window):
    """Six digits in two rows, shown in the window."""
    sheet = sheet_of(2, 3)
    window.pictures.show_sheet(sheet)
    return sheet


def drop_on(window, *paths):
    """Drag files over the window and drop them; return whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(50, 50).toPoint(), actions, data, *buttons)
    enter.ignore()
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(50, 50), actions, data, *buttons)
        window.dropEvent(event)
        assert event.dropAction() == Qt.DropAction.CopyAction  # or the giver deletes the file
    return enter.isAccepted()


def labels(window):
    model = window.tabs.view("sheet").model
    return None if model.labels is None else model.labels.tolist()


def confidences(window):
    """What is shown of the confidence of each digit; empty before there is anything."""
    model = window.tabs.view("sheet").model
    return [prediction.confidence for prediction in model._predictions]


def confidences_of_run(window, sheet):
    if window.active_network.network is None:  # between two runs
        return []
    images = np.array(sheet.images).reshape(len(sheet), -1)
    return predict_moved(window.active_network.network, images).max(axis=1).tolist()


def test_a_picture_is_read_from_the_menu_and_wherever_it_is_dropped(
    window, picture, qtbot, monkeypatch
):
    pad = window.pad_panel.pad
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    window.actions_.read_picture.trigger()
    assert window.pad_panel.remark.text() == ""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(picture), ""))
    window.actions_.read_picture.trigger()
    qtbot.waitUntil(lambda: not pad.is_blank)
    pad.clear()
    assert drop_on(window, picture)
    qtbot.waitUntil(lambda: not pad.is_blank)


def test_several_files_at_once_are_refused_with_advice_and_a_folder_is_copied_from(
    window, picture, tmp_path
):
    assert drop_on(window, *[picture] * 10)
    assert "one picture at a time" in message(window)
    assert "My digits" in message(window)
    assert window.pad_panel.pad.is_blank
    assert drop_on(window, tmp_path)  # data of one's own, which must not be moved away


def test_a_sheet_follows_the_network_while_it_can_be_seen(window, sheet, session, qtbot):
    qtbot.waitUntil(lambda: labels(window) is not None)
    assert window.tabs.currentWidget() is child(window, "sheet_tab")
    before = confidences(window)
    assert before == confidences_of_run(window, sheet)
    window.tabs.open("weights")
    click(window, "step_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    qtbot.waitUntil(lambda: confidences_of_run(window, sheet) != before)
    assert window.pictures._predictions._task.is_idle
    assert confidences(window) == before
    window.tabs.open("sheet")
    qtbot.waitUntil(lambda: confidences(window) == confidences_of_run(window, sheet))
    before = confidences(window)
    session.data.use(tiny_dataset(seed=1))
    qtbot.waitUntil(lambda: confidences_of_run(window, sheet) != before)
    qtbot.waitUntil(lambda: confidences(window) == confidences_of_run(window, sheet))


def test_a_network_that_has_diverged_predicts_nothing(window, sheet, qtbot):
    qtbot.waitUntil(lambda: labels(window) is not None)
    before = labels(window)
    network = Network(window.active_network.network.sizes)
    network.parameters[:] = np.nan
    window.edited.note_snapshot(replace(window.edited.snapshot, network=network))
    task = window.pictures._predictions._task
    window.active_network.changed.emit()
    qtbot.waitUntil(lambda: task.is_idle)
    assert labels(window) == before


def test_a_chosen_digit_is_on_the_pad_and_keys_correct_it_in_the_sheet(window, sheet, qtbot):
    pad, view = window.pad_panel.pad, window.tabs.view("sheet")
    qtbot.waitUntil(lambda: labels(window) is not None)
    assert pad.is_blank
    view.chosen.emit(sheet.digits[1].ink, 2)
    np.testing.assert_array_equal(pad.ink, sheet.digits[1].ink)
    assert window.pad_panel.remark.text() == "Digit 2 of the picture"
    view.list.go_to(0)
    view.list.setFocus()
    wanted = (labels(window)[0] + 1) % 10
    QTest.keyClick(view.list, Qt.Key(Qt.Key.Key_0 + wanted))
    assert labels(window)[0] == wanted
    assert len(window.my_digits_controller._my_digits) == 0
    window.actions_.undo.trigger()
    assert pad.is_blank


def test_kept_digits_are_in_my_digits_at_once(window, sheet, qtbot):
    mine = window.tabs.view("my_digits")
    view = window.tabs.view("sheet")
    qtbot.waitUntil(lambda: labels(window) is not None)
    view.exchange.make_menu().actions()[2].trigger()
    assert mine.list.model_.rowCount() == 6
    assert mine.summary.text().startswith("6 digits")
