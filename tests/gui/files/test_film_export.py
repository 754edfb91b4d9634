"""The film of a run in its dialog: shown, and written."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QMainWindow

from core.films.scenes import Scene
from core.settings.config import NetworkConfig
from gui.files.film_dialog import FilmDialog
from tests.core.training.small_runs import make_trainer, run

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[8:20, 13:15] = 255


@pytest.fixture
def scenes():
    trainer = make_trainer(network=NetworkConfig(hidden=(4,)))
    return [Scene(run(trainer, 1).network.frozen_copy(), step, 0.0) for step in (1, 2, 3)]


@pytest.fixture
def show(qtbot, scenes):
    """Opens the dialog; the file dialog's answer is given beforehand."""
    window = QMainWindow()
    qtbot.addWidget(window)

    def show(answer=None, image=IMAGE):
        dialog = FilmDialog(scenes, image, lambda: answer, window)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def shown(dialog):
    image = dialog.preview.pixmap().toImage()
    return [image.pixel(x, y) for x in range(0, 480, 8) for y in range(0, 320, 8)]


def choose(choice, value):
    choice.set_value(value)
    choice.chosen.emit(value)


def test_the_preview_plays_the_moments(qtbot, show):
    dialog = show()
    first = shown(dialog)
    choose(dialog.speed, 25.0)
    qtbot.waitUntil(lambda: shown(dialog) != first)


def test_each_choice_changes_the_preview(show):
    dialog = show()
    seen = [shown(dialog)]
    choose(dialog.subject, "drawing")
    seen.append(shown(dialog))
    choose(dialog.theme, "dark")
    seen.append(shown(dialog))
    assert len(set(map(tuple, seen))) == 3


def test_without_a_drawing_there_are_only_the_weights(show):
    dialog = show(image=None)
    assert not dialog.subject.isEnabled()
    assert dialog.subject.currentData() == "weights"
    assert "draw a digit on the pad first" in dialog._note.text()
    assert "draw a digit" not in show()._note.text()


def test_the_film_is_written_as_chosen(qtbot, show, tmp_path, scenes):
    path = tmp_path / "film.gif"
    dialog = show(path)
    choose(dialog.width_, 480)
    choose(dialog.speed, 2.0)
    with qtbot.waitSignal(dialog.written) as written:
        dialog.save.click()
    assert written.args == [path]
    assert not dialog.isVisible()
    with Image.open(path) as film:
        assert film.size == (480, 320)
        assert film.n_frames == len(scenes)
        assert film.info["duration"] == 500


def test_a_problem_is_said_in_the_dialog_which_stays(qtbot, show, tmp_path):
    dialog = show(tmp_path / "missing" / "film.gif")
    dialog.save.click()
    qtbot.waitUntil(lambda: "there is no folder" in dialog._note.text())
    assert dialog.isVisible()
    assert dialog.save.isEnabled()


def test_cancel_while_writing_leaves_no_file(qtbot, show, tmp_path):
    path = tmp_path / "film.webp"
    dialog = show(path)
    choose(dialog.width_, 1920)
    dialog.save.click()
    assert not dialog.save.isEnabled()
    dialog.reject()
    qtbot.waitUntil(lambda: dialog._writing.is_idle)
    assert not path.exists()


def test_the_menu_opens_it_once_the_run_has_learned(qtbot, window, session, monkeypatch, tmp_path):
    path = tmp_path / "strip.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action = window.actions_.export_film
    assert not action.isEnabled()
    session.train_epoch()
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    dialog = window.findChild(FilmDialog)
    dialog.save.click()
    qtbot.waitUntil(path.exists)
