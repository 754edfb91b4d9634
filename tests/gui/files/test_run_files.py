"""A run as a document: saving, opening, dropping, and the question about unsaved steps."""

import os
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox

from cli.arguments import parse
from core.my_digits.my_digits import MyDigits
from core.saving.run_file import load_run
from core.training.trainer import Trainer
from gui.training import dataset_choice
from gui.training.session import Session
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.driving import click, message, message_buttons, messages

Button = QMessageBox.StandardButton


@pytest.fixture
def file(tmp_path):
    return tmp_path / "my run.npz"


@pytest.fixture
def asked(monkeypatch, file):
    """Answer every dialog: save to and open `file`; the list holds the answers to questions."""
    answers = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: answers.pop(0) if answers else Button.Discard
    )
    return answers


@pytest.fixture
def asking(window, asked):
    """The window as the app opens it."""
    window.shutdown.asks = True
    yield window
    window.shutdown.asks = False  # the test's end asks nobody


def train(qtbot, window, epochs=1):
    for _ in range(epochs):
        before = window.transport.epoch_count.text() or "0"
        click(window, "epoch_button")
        qtbot.waitUntil(
            lambda before=before: (
                window.transport.epoch_count.text() == str(int(before) + 1)
                and window._session.state is State.PAUSED
            )
        )


def save(qtbot, window):
    with qtbot.waitSignal(window._session.run.saved):
        window.actions_.save.trigger()


def test_a_run_is_saved_and_the_asterisk_goes(qtbot, window, asked, file):
    assert not window.isWindowModified()
    train(qtbot, window)
    qtbot.waitUntil(window.isWindowModified)
    save(qtbot, window)
    assert not window.isWindowModified()
    assert window.windowTitle() == "my run[*] – Digitscope"
    saved = load_run(file)
    assert saved.training.checkpoint.epoch == 1
    np.testing.assert_array_equal(
        saved.network.parameters, window.display.snapshot.network.parameters
    )
    train(qtbot, window)
    qtbot.waitUntil(window.isWindowModified)


def test_a_name_without_an_extension_gets_one(qtbot, window, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "v1.2"), ""))
    train(qtbot, window)
    save(qtbot, window)
    assert load_run(tmp_path / "v1.2.npz").training.checkpoint.epoch == 1


def test_an_opened_run_continues_as_if_it_had_never_been_closed(
    qtbot, window, session, asked, file
):
    """Compared with the same uninterrupted run without a window."""
    train(qtbot, window)
    save(qtbot, window)
    window.actions_.reset.trigger()
    with qtbot.waitSignal(session.run_started):
        window.actions_.open.trigger()
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    assert window.files.path == file
    assert not window.isWindowModified()
    assert window.active_network.follows_run
    train(qtbot, window)
    alone = Trainer(session.config, tiny_dataset())
    while alone.epoch < 2:
        alone.step()
    qtbot.waitUntil(lambda: window.display.snapshot.epoch == 2)
    np.testing.assert_array_equal(
        window.display.snapshot.network.parameters, alone.network.parameters
    )
    np.testing.assert_array_equal(
        window.display.snapshot.history.batch_loss, alone.history.batch_loss
    )


def test_its_own_data_set_is_loaded_first(qtbot, window, session, asked, file, monkeypatch):
    train(qtbot, window)
    save(qtbot, window)
    dataset = tiny_dataset()
    session.data.use(replace(dataset, name="mnist"))  # another one is in use by now
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: dataset)
    window.actions_.open.trigger()
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    assert session.data.dataset is dataset
    assert window.files.path == file


def test_a_run_on_other_images_opens_with_its_weights_only(qtbot, window, session, asked, file):
    """It cannot resume bit for bit, but its network still predicts and continues to learn."""
    train(qtbot, window)
    save(qtbot, window)
    parameters = load_run(file).network.parameters
    session.data.use(tiny_dataset(seed=1))
    window.actions_.open.trigger()
    qtbot.waitUntil(
        lambda: (
            window.display.snapshot is not None
            and np.array_equal(window.display.snapshot.network.parameters, parameters)
        )
    )
    assert "other images" in message(window)
    assert window.display.snapshot.step == 0
    assert not window.isWindowModified()
    assert window.files.path is None  # Ctrl+S must not replace the run that they come from
    assert window.active_network.follows_run
    train(qtbot, window)


def test_data_still_loading_do_not_replace_an_opened_run(
    qtbot, window, session, asked, file, monkeypatch
):
    """Otherwise the data set being loaded would start a run of its own afterwards."""
    train(qtbot, window)
    save(qtbot, window)
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: tiny_dataset())
    window.actions_.use_strokes.trigger()
    assert session.state is State.LOADING
    window.actions_.open.trigger()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    assert window.files.path == file


@pytest.fixture
def gate(monkeypatch):
    """Data sets finish loading only when this is set."""
    gate = threading.Event()

    def load(name, *_):
        gate.wait(timeout=20)
        return replace(tiny_dataset(), name=name)

    monkeypatch.setattr(dataset_choice, "load_dataset", load)
    yield gate
    gate.set()


@pytest.fixture
def waiting(qtbot, window, session, asked, gate):
    """The window with other data, while those of the run that is being opened are loaded."""
    train(qtbot, window)
    save(qtbot, window)
    session.data.use(replace(tiny_dataset(), name="mnist"))
    window.actions_.open.trigger()
    assert session.state is State.LOADING
    return window


def test_a_run_that_starts_meanwhile_is_not_mistaken_for_the_opened_one(
    qtbot, waiting, session, gate, file
):
    """Saved with Ctrl+S, it would replace that."""
    with qtbot.waitSignal(session.run_started):
        session.set_seed(7)
    assert waiting.files.path is None
    assert not waiting.files.is_modified
    gate.set()
    qtbot.waitUntil(lambda: waiting.transport.epoch_count.text() == "1")
    assert waiting.files.path == file
    assert not waiting.files.is_modified


@pytest.mark.parametrize("takes_over", ["settings", "data"])
def test_a_file_that_no_longer_opens_names_no_run(qtbot, waiting, session, gate, takes_over):
    if takes_over == "settings":
        session.use_config(replace(session.config, seed=7))
    else:
        session.data.choose("mnist+strokes")
    gate.set()
    qtbot.waitUntil(lambda: session.state is State.PAUSED and waiting.display.snapshot is not None)
    assert waiting.display.snapshot.step == 0
    assert waiting.files.path is None
    assert not waiting.files.is_modified


def test_live_changes_while_it_waits_are_saved(qtbot, window, session, asked, file):
    train(qtbot, window)
    hyperparameters = replace(session.config.hyperparameters, learning_rate=0.0123)
    session.set_hyperparameters(hyperparameters)
    save(qtbot, window)
    assert load_run(file).training.checkpoint.hyperparameters == hyperparameters


def test_a_failed_run_is_not_saved_silently(
    qtbot, window, session, asked, file, monkeypatch, caplog
):
    train(qtbot, window)
    monkeypatch.setattr(Trainer, "step", lambda _: 1 / 0)
    with qtbot.waitSignal(session.run.failed):
        session.step()
    window.actions_.save.trigger()
    assert "my run.npz' was not written" in message(window)
    assert not file.exists()


def test_a_damaged_file_does_not_replace_the_run(qtbot, window, asked, file):
    file.write_bytes(b"no run")
    train(qtbot, window)
    window.actions_.open.trigger()
    assert messages(window)
    assert "my run.npz" in message(window)
    assert window.transport.epoch_count.text() == "1"
    assert window.files.path is None


def test_a_name_that_looks_like_html_is_shown_literally(window, tmp_path):
    window.files.open_file(tmp_path / "<b>my<i>.npz")
    label = window.messages.shown[0].findChild(QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_file_that_cannot_be_written_is_explained(qtbot, window, asked, file):
    file.mkdir()
    train(qtbot, window)
    with qtbot.waitSignal(window._session.run.save_failed):
        window.actions_.save.trigger()
    assert messages(window)
    assert window.files.is_modified


# --- the question -------------------------------------------------------------------------------


def test_closing_without_unsaved_steps_asks_nothing(asking):
    assert asking.close()


@pytest.mark.parametrize(("answer", "closes"), [(Button.Cancel, False), (Button.Discard, True)])
def test_closing_with_unsaved_steps_asks(qtbot, asking, asked, file, answer, closes):
    train(qtbot, asking)
    qtbot.waitUntil(asking.isWindowModified)
    asked.append(answer)
    assert asking.close() == closes
    assert not asked
    assert not file.exists()


def test_save_saves_and_then_closes(qtbot, asking, asked, file):
    train(qtbot, asking)
    qtbot.waitUntil(asking.isWindowModified)
    asked.append(Button.Save)
    assert not asking.close()  # not yet
    qtbot.waitUntil(lambda: not asking.isVisible())
    assert load_run(file).training.checkpoint.epoch == 1


def test_the_follow_up_of_a_save_does_not_run_after_another_runs_save(
    qtbot, asking, asked, session, file, monkeypatch
):
    train(qtbot, asking)
    qtbot.waitUntil(asking.isWindowModified)
    asked.append(Button.Save)
    with monkeypatch.context() as patch:
        patch.setattr(session.run.mailbox, "save", lambda _: None)  # is about to be written
        assert not asking.close()
    asking.actions_.reset.trigger()
    qtbot.waitUntil(lambda: asking.display.snapshot is not None)
    save(qtbot, asking)
    assert asking.isVisible()


@pytest.mark.parametrize("obstacle", ["a dialog that is cancelled", "a folder in its place"])
def test_a_cancelled_save_closes_nothing_later(
    qtbot, asking, asked, session, file, monkeypatch, obstacle
):
    train(qtbot, asking)
    qtbot.waitUntil(asking.isWindowModified)
    asked.append(Button.Save)
    with monkeypatch.context() as patch:
        if obstacle == "a folder in its place":
            file.mkdir()
            with qtbot.waitSignal(session.run.save_failed):
                assert not asking.close()
            file.rmdir()
        else:
            patch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
            assert not asking.close()
    save(qtbot, asking)
    assert asking.isVisible()


def test_opening_over_unsaved_steps_offers_the_way_back(qtbot, window, asked, file):
    train(qtbot, window)
    save(qtbot, window)
    train(qtbot, window)
    qtbot.waitUntil(window.isWindowModified)
    asked.append(Button.Cancel)
    window.actions_.open.trigger()
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    assert asked == [Button.Cancel]  # nothing was asked
    message_buttons(window)["Go back"].click()
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "2")
    assert window.isWindowModified()


# --- other ways to open -------------------------------------------------------------------------


def test_recent_runs_are_remembered(qtbot, themes, window, asked, file, tmp_path):
    train(qtbot, window)
    save(qtbot, window)
    assert [action.toolTip() for action in window.actions_.recent.actions()] == [str(file)]
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    session = Session()
    second = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(second)
    session.data.use(tiny_dataset())
    second.actions_.recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: second.transport.epoch_count.text() == "1")
    assert session.close()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode there")
def test_a_name_that_is_not_unicode(qtbot, window, tmp_path):
    """As it may come from the command line, for a file from an old disk."""
    file = tmp_path / os.fsdecode(b"caf\xe9.npz")
    train(qtbot, window)
    window.files._save_to(file)
    qtbot.waitUntil(lambda: window.files.path == file)
    assert not window.isWindowModified()
    train(qtbot, window)
    window.tabs.open("runs")
    qtbot.waitUntil(lambda: window.tabs.view("runs").model.present_record.path is not None)
    assert not messages(window)


def test_a_name_with_an_ampersand_is_complete_in_the_menu(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.files.file_known):
        window.files._save_to(tmp_path / "this & that.npz")
    (action,) = window.actions_.recent.actions()
    assert action.text() == "this && that.npz"  # as Qt wants it


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, *buttons)
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, *buttons))
    return enter.isAccepted()


def test_a_run_can_be_dropped_on_the_window(qtbot, window, asked, file):
    train(qtbot, window)
    save(qtbot, window)
    window.actions_.reset.trigger()
    assert drop(window, file)
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")


def test_what_is_neither_a_run_nor_a_picture_is_explained(qtbot, window, tmp_path):
    (tmp_path / "text.txt").write_text("no run")
    assert drop(window, tmp_path / "text.txt")
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert "text.txt" in message(window)
    assert "not a picture" in message(window)


def test_a_folder_without_data_is_explained(qtbot, window, tmp_path):
    assert drop(window, tmp_path)
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert "no data set" in message(window)


def test_a_runs_extension_may_be_in_capitals(qtbot, window, tmp_path):
    (tmp_path / "RUN.NPZ").write_text("no run")
    assert drop(window, tmp_path / "RUN.NPZ")
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert "RUN.NPZ" in message(window)


def test_a_run_can_be_named_on_the_command_line():
    assert str(parse(["run.npz"]).file) == "run.npz"
    for name in ("class.toml", "net.safetensors", "net.ONNX", "net.pt", "net.h5"):
        assert str(parse([name]).file) == name
    assert str(parse(["--theme", "dark", "my runs/run.npz"]).file) == "my runs/run.npz"
    assert parse(["my runs/run.npz", "--theme", "dark"]).theme == "dark"
    assert parse(["--theme", "dark"]).file is None
    assert parse(["evaluate", "--dataset", "mnist", "run.npz"]).command == "evaluate"
