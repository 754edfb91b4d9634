"""Pictures of the curves and the tabs, copied and saved."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.training.state import State
from gui.widgets.pictures import LEAST_RATIO
from gui.window.tab_table import TABS
from tests.gui.curves.pixels import pixels_of
from tests.gui.driving import click, messages

VECTORS = {"flow", "layers", "mistakes", "maths", "runs", "my_digits"}


@pytest.fixture
def clipboard(qapp):
    """What is left in it when Qt ends is trouble."""
    clipboard = QGuiApplication.clipboard()
    yield clipboard
    clipboard.clear()


@pytest.fixture
def saved(monkeypatch, tmp_path):
    """Answers file dialogs with a name in `tmp_path`."""

    class Saved:
        name, filters, begin = "", "", ""

        def ask(self, _window, _title, begin, filters):
            self.begin, self.filters = begin, filters
            return (str(tmp_path / self.name) if self.name else ""), ""

    answer = Saved()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer.ask)
    return answer


@pytest.fixture
def trained(qtbot, window, session):
    """The window after an epoch, with a test image on the pad."""
    taken = []
    session.run.snapshot_taken.connect(taken.append)
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED and taken[-1].epoch == 1)
    window.my_digits_controller.place_test_image(0)
    return window


def on_screen(widget):
    """What is seen of a widget."""
    window = widget.window()
    return window.grab().toImage().copy(QRect(widget.mapTo(window, QPoint()), widget.size()))


def look_alike(picture, other):
    """Whether pictures show the same, but for how finely it is drawn."""
    coarse = [
        image.scaled(other.size() / 8, mode=Qt.TransformationMode.SmoothTransformation)
        for image in (picture, other)
    ]
    return np.abs(pixels_of(coarse[0]) - pixels_of(coarse[1])).mean() < 4


def opened(qtbot, window, name):
    """The view in a tab that was opened, uncovered by messages."""
    window.messages.clear()
    window.tabs.open(name)
    view = window.tabs.view(name)
    qtbot.waitUntil(view.isVisible)
    if name == "flow":
        qtbot.waitUntil(lambda: view.view.flow is not None)
    return view


def test_each_tab_is_copied_as_it_is_on_the_screen(qtbot, trained, clipboard, subtests):
    for name in (tab.name for tab in TABS):
        with subtests.test(name=name):
            view = opened(qtbot, trained, name)
            seen = on_screen(view)
            clipboard.clear()
            trained.actions_.copy_picture.trigger()
            assert clipboard.image().size() == view.size() * LEAST_RATIO
            assert look_alike(clipboard.image(), seen)


def test_each_tab_is_saved_and_as_a_drawing_where_it_is_one(
    qtbot, trained, saved, tmp_path, subtests
):
    for name in (tab.name for tab in TABS):
        with subtests.test(name=name):
            view = opened(qtbot, trained, name)
            seen = on_screen(view)
            saved.name = f"{name}.png"
            trained.actions_.save_picture.trigger()
            assert saved.begin.endswith(f"{name}.png")
            assert look_alike(QImage(str(tmp_path / f"{name}.png")), seen)
            if name == "weights":
                assert "svg" not in saved.filters
            elif name in VECTORS:
                saved.name = f"{name}.svg"
                trained.actions_.save_picture.trigger()
                assert "<text" in (tmp_path / f"{name}.svg").read_text("utf-8")


def test_the_curves_are_the_picture_while_they_have_the_focus(trained, saved, clipboard, tmp_path):
    trained.activateWindow()
    trained.curves.loss.canvas.setFocus()
    assert trained.focusWidget() is trained.curves.loss.canvas
    seen = on_screen(trained.curves)
    trained.actions_.copy_picture.trigger()
    assert clipboard.image().size() == trained.curves.size() * LEAST_RATIO
    saved.name = "curves.svg"
    trained.actions_.save_picture.trigger()
    svg = (tmp_path / "curves.svg").read_text("utf-8")
    assert "<image" not in svg  # not even in part
    assert svg.count("cross-entropy") == 1
    image = QImage(trained.curves.size(), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        QSvgRenderer(str(tmp_path / "curves.svg")).render(painter)
    assert look_alike(image, seen)


def test_a_dialog_that_is_cancelled_saves_nothing(trained, saved, tmp_path):
    trained.actions_.save_picture.trigger()
    assert saved.filters
    assert not list(tmp_path.glob("*.png"))


def test_a_picture_that_cannot_be_written_is_a_problem(trained, saved):
    saved.name = "nowhere/view.png"
    trained.actions_.save_picture.trigger()
    assert "nowhere" in messages(trained)[0]


def test_a_right_click_on_curves_and_tabs_offers_both(qtbot, trained, clipboard):
    offered = []

    def choose_first():
        menu = QApplication.activePopupWidget()
        offered.append([action.text() for action in menu.actions()])
        menu.actions()[0].trigger()
        menu.close()

    for view, size in (
        (trained.curves.accuracy.canvas, trained.curves.size()),
        (trained.tabs.view("weights"), trained.tabs.view("weights").size()),
    ):
        middle = view.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, view.mapToGlobal(middle))
        qtbot.waitUntil(view.isVisible)
        QTimer.singleShot(0, choose_first)
        QApplication.sendEvent(view, event)  # until the menu is closed
        assert offered.pop() == ["Copy picture", "Save picture…"]
        assert clipboard.image().size() == size * LEAST_RATIO
        clipboard.clear()
