"""Data that is chosen or dropped reaches the session, and what is none of it does not."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication, QFileDialog

from core.settings.data_source import OwnData
from core.settings.settings_text import settings_text
from gui.files.opening import dropped_file
from gui.own_data.own_data_dialog import OwnDataDialog
from gui.training.state import State
from tests.core.classroom.classrooms import TEXT
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, click, message, message_buttons


def mime(path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


@pytest.fixture
def archive(tmp_path):
    """An .npz with images of three classes."""
    path = tmp_path / "things.npz"
    labels = np.arange(90) % 3
    images = np.random.default_rng(0).integers(0, 99, (90, 28, 28)).astype(np.uint8)
    images[np.arange(90), labels * 8] = 255
    np.savez(path, images=images, labels=labels)
    return path


def test_data_becomes_the_data_of_a_run(window, qtbot, archive, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(archive), ""))
    window.actions_.open_data_file.trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(OwnDataDialog)))
    dialog = window.findChild(OwnDataDialog)
    qtbot.waitUntil(dialog.use.isEnabled)
    click(dialog, "own_use_button")
    session = window._session
    qtbot.waitUntil(lambda: isinstance(session.config.dataset, OwnData))
    assert session.config.network.sizes[-1] == 3
    assert child(window, "dataset_combo").currentText() == "things.npz"
    assert child(window, "preset_combo").currentText() != "Custom"


def test_a_file_that_is_no_data_is_a_message(window, qtbot, tmp_path, monkeypatch):
    (tmp_path / "text.csv").write_text("hello\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "text.csv"), ""))
    window.actions_.open_data_file.trigger()
    qtbot.waitUntil(lambda: "text.csv" in message(window))
    assert not QApplication.activeModalWidget()


def test_what_may_be_dropped(tmp_path, archive):
    other = tmp_path / "run.npz"
    np.savez(other, config=np.array("{}"))
    for path in (archive, tmp_path, tmp_path / "x.csv", tmp_path / "t10k-images-idx3-ubyte"):
        assert dropped_file(mime(path)) == path
    assert dropped_file(mime(tmp_path / "notes.txt")) is None
    assert dropped_file(mime(other)) == other


def learn(qtbot, window, path):
    """Open own data, and begin a run on it with a step."""
    session = window._session
    window.opening.open_file(path)
    qtbot.waitUntil(lambda: any(d.use.isEnabled() for d in window.findChildren(OwnDataDialog)))
    with qtbot.waitSignal(session.run_started):
        click(window.findChild(OwnDataDialog), "own_use_button")
    qtbot.waitUntil(lambda: not window.findChildren(OwnDataDialog))


def test_a_run_is_reopened_once_its_data_is_opened_from_its_new_place(
    window, qtbot, archive, tmp_path
):
    session = window._session
    learn(qtbot, window, archive)
    session.step()
    qtbot.waitUntil(lambda: session.state is State.PAUSED and session.run.moment[0] == 1)
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "saved.npz")
    moved = archive.rename(tmp_path / "elsewhere.npz")
    session.data.use(tiny_dataset())
    window.opening.open_file(tmp_path / "saved.npz")
    qtbot.waitUntil(lambda: "from its new place first" in message(window))
    assert "Open data folder…" in message_buttons(window)
    learn(qtbot, window, moved)
    window.opening.open_file(tmp_path / "saved.npz")
    qtbot.waitUntil(lambda: session.run.moment[0] == 1)
    assert session.config.dataset.path == str(moved)


def test_data_that_is_chosen_while_others_load_stays(window, qtbot, archive):
    session = window._session
    stop = threading.Event()

    def load(_progress):
        stop.wait(10)
        return tiny_dataset()

    session.data._start("Slowly…", load)
    learn(qtbot, window, archive)
    assert session.state is State.PAUSED
    stop.set()
    assert session.data.close(10_000)
    QApplication.processEvents()
    assert isinstance(session.data.dataset.name, OwnData)


def test_a_classroom_that_chooses_the_data_keeps_them(window, qtbot, archive, tmp_path):
    classroom = tmp_path / "class.toml"
    classroom.write_text(TEXT, "utf-8")
    window.opening.open_file(classroom)
    qtbot.waitUntil(lambda: window.classroom.classroom is not None)
    assert not window.actions_.open_data_folder.isVisible()
    window.opening.open_file(archive)
    assert "data of this classroom" in message(window)


def test_own_data_are_not_saved_as_a_classroom_but_as_settings(window, qtbot, archive, tmp_path):
    learn(qtbot, window, archive)
    window.actions_.save_classroom.trigger()
    assert "cannot bring data of your own" in message(window)
    session = window._session
    settings = tmp_path / "settings.toml"
    settings.write_text(settings_text(session.config), "utf-8")
    wanted = session.config
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run_started):
        window.opening.open_file(settings)
    assert session.config == wanted


def test_the_network_that_predicts_is_about_the_data(window, qtbot, archive):
    learn(qtbot, window, archive)
    qtbot.waitUntil(lambda: window.active_network.network is not None)
    assert window.active_network.network.classes == ("0", "1", "2")
