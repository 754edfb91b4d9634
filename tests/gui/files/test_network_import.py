"""A network of another program: chosen or dropped, used on the pad, or begun with."""

import pytest
from numpy.testing import assert_array_equal
from PySide6.QtWidgets import QFileDialog

from core.export.safetensors_file import write_safetensors
from core.saving.run_file import load_run
from gui.files.import_dialog import ImportDialog
from gui.prediction.active_network import Source
from tests.gui.driving import choose, click, message, message_buttons
from tests.gui.files.foreign_file import DATA, trained
from tests.gui.files.test_run_files import drop, train


@pytest.fixture
def file(tmp_path):
    """A file that says all about the trained network."""
    path = tmp_path / "theirs.safetensors"
    write_safetensors(path, trained().network, trained().config)
    return path


def dialog_of(window):
    shown = [dialog for dialog in window.findChildren(ImportDialog) if dialog.isVisible()]
    assert len(shown) <= 1
    return shown[0] if shown else None


def answered(qtbot, window):
    """Wait for the dialog and its network; return it."""
    qtbot.waitUntil(lambda: dialog_of(window) is not None)
    dialog = dialog_of(window)
    qtbot.waitUntil(dialog.start_run.isEnabled)
    return dialog


def test_it_predicts_on_the_pad_as_a_third_choice(qtbot, window, file):
    window.imports.read(file)
    click(answered(qtbot, window), "import_pad_button")
    active, choice = window.active_network, window.pad_panel.network_choice
    first = active.network
    assert_array_equal(first.parameters, trained().network.parameters)
    assert choice.currentText() == "Imported: theirs.safetensors"
    assert choice.toolTip() == "Predict with theirs.safetensors"
    assert choice.isEnabled()
    assert window.pad_panel.pad.caption.text() == "The imported network predicts"
    # Of these noisy images, the network recognizes an 8 even when it is moved by a pixel.
    window.pad_panel.pad.place_example(DATA.test_images[8].reshape(28, 28))
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "8")
    window.tabs.open("flow")
    qtbot.waitUntil(lambda: window.tabs.view("flow").view.trace is not None)
    assert window.prediction.prediction.network is first
    choose(window, "reader_combo", Source.RUN)
    assert active.network is window.edited.network
    choose(window, "reader_combo", Source.IMPORTED)
    assert active.network is first

    again = file.rename(file.with_name("again.safetensors"))
    window.imports.read(again)
    click(answered(qtbot, window), "import_pad_button")
    assert active.network is not first
    assert choice.currentText() == "Imported: again.safetensors"
    assert choice.count() == 3


def test_a_run_begins_with_it_and_restarts_from_there(qtbot, window, session, file, tmp_path):
    train(qtbot, window)
    replaced = session.run.id
    window.imports.read(file)
    click(answered(qtbot, window), "import_run_button")
    begun = trained().network.parameters
    assert session.config.network.hidden == (16, 8)
    assert window.active_network.follows_run
    # Before the first step, what it makes of the test set can be looked into.
    qtbot.waitUntil(lambda: window.display.snapshot is not None)
    qtbot.waitUntil(lambda: window.display.snapshot.test is not None)
    assert window.display.snapshot.test.accuracy > 0.9
    assert_array_equal(window.display.snapshot.network.parameters, begun)
    train(qtbot, window)
    window.tabs.open("runs")
    runs = window.tabs.view("runs").model
    qtbot.waitUntil(lambda: runs.present_record is not None)
    assert runs.present_record.note == "Started from theirs.safetensors"
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "run.npz")
    assert_array_equal(load_run(tmp_path / "run.npz").start.network.parameters, begun)
    window.actions_.reset.trigger()
    with qtbot.waitSignal(session.run.snapshot_taken) as taken:
        pass
    assert_array_equal(taken.args[0].network.parameters, begun)
    session.reopening.reopen(replaced)
    qtbot.waitUntil(lambda: session.run.id == replaced)


def test_a_file_is_dropped_or_chosen_and_one_without_a_network_is_a_message(
    qtbot, window, file, tmp_path, monkeypatch
):
    path = tmp_path / "model.pt"
    path.write_bytes(b"\x80\x02 a pickle")
    assert drop(window, path)
    qtbot.waitUntil(lambda: "pickle" in message(window))
    assert dialog_of(window) is None
    message_buttons(window)["Dismiss"].click()
    assert drop(window, file)
    answered(qtbot, window).reject()
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_.import_network.trigger()
    answered(qtbot, window).reject()
    assert window.active_network.imported is None
