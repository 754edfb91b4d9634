"""Pictures are decoded in another thread; the user's newer actions take precedence."""

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QThreadPool, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from core.errors import DataError
from gui.threads.pool import app_pool
from gui.widgets.loading_bar import LoadingBar
from tests.core.pictures.sheets import whole
from tests.gui.driving import child, click, draw_stroke, message, messages


def bar(upright=True) -> np.ndarray:
    pixels = np.full((100, 100), 255, np.uint8)
    pixels[20:80, 46:54] = 0
    return pixels if upright else pixels.T


class Slow:
    """A picture that takes as long to decode as a test wants."""

    def __init__(self, answer):
        self.answer = answer
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.thread = None

    def __call__(self):
        self.thread = threading.get_ident()
        self.begun.set()
        assert self.go_on.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return whole(self.answer)


@pytest.fixture
def slow(window):
    """Makes slow pictures for the pad; all are decoded completely."""
    made = []

    def drop(answer):
        made.append(Slow(answer))
        window.pad_panel.pad.picture_dropped.emit(made[-1], "")
        return made[-1]

    yield drop
    for picture in made:
        picture.go_on.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)


def settle(qtbot, picture):
    """Let a picture be decoded, and handle all that follows."""
    picture.go_on.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)
    for _ in range(3):
        QApplication.processEvents()


def test_the_window_responds_while_a_picture_is_decoded(window, slow, qtbot):
    picture = slow(bar())
    assert picture.begun.wait(10)
    assert picture.thread != threading.get_ident()
    assert window.pad_panel.remark.text() == "Reading the picture…"
    click(window, "why_button")
    assert window.pad_panel.answer.why.isChecked()
    assert window.pad_panel.pad.is_blank
    picture.go_on.set()
    qtbot.waitUntil(lambda: not window.pad_panel.pad.is_blank)
    assert window.pad_panel.remark.text() != "Reading the picture…"


def test_a_drawing_started_meanwhile_stays(window, slow, qtbot):
    picture = slow(bar())
    assert picture.begun.wait(10)
    draw_stroke(window.pad_panel.pad, [(0.2, 0.5), (0.8, 0.5)])
    drawn = window.pad_panel.pad.ink
    settle(qtbot, picture)
    np.testing.assert_array_equal(window.pad_panel.pad.ink, drawn)


def test_a_sheet_comes_although_one_has_drawn_meanwhile(window, slow, qtbot):
    """It takes nothing from the pad."""
    picture = slow(np.hstack([bar()] * 3))
    assert picture.begun.wait(10)
    draw_stroke(window.pad_panel.pad, [(0.2, 0.5), (0.8, 0.5)])
    drawn = window.pad_panel.pad.ink
    picture.go_on.set()
    qtbot.waitUntil(child(window, "sheet_tab").isVisible)
    assert window.tabs.view("sheet").summary.text().startswith("3 digits in 1 row")
    assert window.pad_panel.remark.text() == "3 digits in this picture"
    np.testing.assert_array_equal(window.pad_panel.pad.ink, drawn)


def test_a_newer_picture_replaces_one_that_is_being_read(window, slow, qtbot):
    placed = []
    window.pad_panel.pad.drawing_changed.connect(
        lambda: placed.append(np.nonzero(window.pad_panel.pad.ink > 127))
    )
    first, second, third = slow(bar()), slow(bar()), slow(bar(upright=False))
    for picture in (first, second, third):
        picture.go_on.set()
    qtbot.waitUntil(lambda: bool(placed))
    settle(qtbot, third)
    assert not second.begun.is_set()  # nobody waits for it any more
    ((rows, columns),) = placed
    assert np.ptp(columns) > np.ptp(rows)


def test_a_picture_that_cannot_be_read_is_explained_and_the_drawing_stays(window, slow, qtbot):
    draw_stroke(window.pad_panel.pad, [(0.2, 0.5), (0.8, 0.5)])
    drawn = window.pad_panel.pad.ink
    slow(DataError("'seven.png' is damaged.")).go_on.set()
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert message(window) == "'seven.png' is damaged."
    assert window.pad_panel.remark.text().startswith("Wrong?")
    np.testing.assert_array_equal(window.pad_panel.pad.ink, drawn)


def test_a_picture_being_decoded_when_the_window_closes_is_dropped(window, slow, qtbot):
    picture = slow(bar())
    assert picture.begun.wait(10)
    threading.Timer(0.1, picture.go_on.set).start()
    window.close()
    assert app_pool().close(0)
    assert "work in the background" not in window.shutdown.unfinished


def test_a_dropped_file_is_on_the_pad_whatever_its_name(window, qtbot, tmp_path, subtests):
    for suffix in [".jpg", ".png", ".webp", ".bmp", ".gif", ".tif", ".eps"]:
        with subtests.test(suffix=suffix):
            window.actions_.clear.trigger()
            assert window.pad_panel.pad.is_blank
            path = tmp_path / f"one{suffix}"
            Image.fromarray(bar()).save(path, "PNG" if suffix == ".eps" else None)
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(path))])
            event = QDropEvent(
                QPointF(50, 50),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            window.pad_panel.pad.dropEvent(event)  # Qt passes one to a child only during a drag
            qtbot.waitUntil(lambda: not window.pad_panel.pad.is_blank)
            rows, columns = np.nonzero(window.pad_panel.pad.ink > 127)
            assert np.ptp(rows) > 3 * np.ptp(columns)


def test_a_slow_picture_can_be_cancelled(window, slow, qtbot):
    picture = slow(bar())
    assert picture.begun.wait(10)
    bar_shown = window.pictures._reading._bar  # nobody's child before it is shown
    assert not bar_shown.isVisible()
    qtbot.waitUntil(bar_shown.isVisible)
    click(window, "cancel_picture_button")
    assert not bar_shown.isVisible()
    with qtbot.waitSignal(app_pool().ended) as ended:
        picture.go_on.set()
    _, outcome = ended.args
    assert outcome.answer is None  # it was not read to the end
    assert not outcome.problem
    settle(qtbot, picture)
    assert window.pad_panel.pad.is_blank
    assert window.pad_panel.remark.text() == ""


@pytest.mark.parametrize("answer", [bar(), DataError("It is damaged.")])
def test_the_bar_goes_when_the_picture_was_read(window, slow, qtbot, answer):
    picture = slow(answer)
    qtbot.waitUntil(lambda: bool(window.findChildren(LoadingBar, "picture_bar")))
    settle(qtbot, picture)
    assert not child(window, "picture_bar").isVisible()
