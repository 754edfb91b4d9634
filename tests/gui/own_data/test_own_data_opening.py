"""Data that is chosen or dropped reaches the session, and what is none of it does not."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QApplication, QFileDialog

from core.settings.data_source import OwnData
from gui.files.opening import dropped_file
from gui.own_data.own_data_dialog import OwnDataDialog
from tests.gui.driving import child, click, message


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
