"""The File menu's exports, from its actions to the files and the clipboard."""

import csv
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox
from safetensors.numpy import load_file

from core.settings.settings_text import settings_text
from gui.curves.curves_view import CurvesView
from gui.files.exporting import Exporting
from gui.widgets.actions import Actions
from tests.core.digits import tiny_dataset


class Heard:
    """What was signaled."""

    def __init__(self, exporting):
        self.done, self.problems, self.pasted = [], [], []
        exporting.done.connect(self.done.append)
        exporting.problem.connect(self.problems.append)
        exporting.settings_pasted.connect(self.pasted.append)


@pytest.fixture
def bare(qtbot, session):
    """A window with only the curves and the exports, before there is a run."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.actions_ = Actions(window)
    window.curves = CurvesView(window.actions_.log_scale)
    window.setCentralWidget(window.curves)
    window.exporting = Exporting(session, window.actions_, window.curves, window)
    return window


@pytest.fixture
def actions(bare):
    return bare.actions_


@pytest.fixture
def heard(bare):
    return Heard(bare.exporting)


@pytest.fixture
def snapshot(qtbot, session, actions, heard):
    """The run after its first epoch, and its actions."""
    snapshots = []
    session.data.use(tiny_dataset())
    session.run.snapshot_taken.connect(snapshots.append)
    session.train_epoch()
    qtbot.waitUntil(lambda: bool(snapshots) and snapshots[-1].epoch == 1)
    return snapshots[-1]


@pytest.fixture
def chosen(monkeypatch, tmp_path):
    """Answer file dialogs with a name in `tmp_path` and a filter; record what they offered."""

    class Chosen:
        name, kind = "", ""
        filters = ""

        def ask(self, _window, _title, _begin, filters):
            self.filters = filters
            return (str(tmp_path / self.name) if self.name else ""), self.kind

    answer = Chosen()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer.ask)
    return answer


@pytest.fixture
def clipboard(qapp):
    """Only plain text; anything else left in it when Qt ends causes trouble."""
    clipboard = QGuiApplication.clipboard()
    yield clipboard
    clipboard.clear()


def test_there_is_nothing_to_export_before_there_is_a_run(qtbot, session, actions):
    assert not actions.export_curves.isEnabled()
    assert not actions.export_network.isEnabled()
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    assert actions.export_network.isEnabled()
    assert not actions.export_curves.isEnabled()


def test_a_new_run_has_no_curves_yet(qtbot, session, actions, snapshot):
    assert actions.export_curves.isEnabled()
    session.restart()
    qtbot.waitUntil(lambda: not actions.export_curves.isEnabled())


def test_curves_as_a_table(actions, heard, snapshot, chosen, tmp_path):
    chosen.name = "curves.csv"
    actions.export_curves.trigger()
    with (tmp_path / "curves.csv").open(newline="") as stream:
        losses = [row["batch_loss"] for row in csv.DictReader(stream) if row["batch_loss"]]
    history = snapshot.history
    np.testing.assert_array_equal(np.array(losses, np.float32), history.batch_loss)
    assert heard.done == [f"Curves saved to '{tmp_path / 'curves.csv'}'."]
    assert heard.problems == []


@pytest.mark.parametrize("name", ["curves.png", "curves.svg", "CURVES.PNG"])
def test_curves_as_a_picture(actions, heard, snapshot, chosen, tmp_path, name):
    chosen.name = name
    actions.export_curves.trigger()
    assert not QImage(str(tmp_path / name)).isNull()
    assert len(heard.done) == 1
    assert name in heard.done[0]


def test_a_picture_is_drawn_as_the_window_draws(bare, actions, snapshot, chosen, tmp_path):
    actions.log_scale.setChecked(True)
    bare.curves.set_axis("epoch")
    chosen.name = "curves.svg"
    actions.export_curves.trigger()
    svg = (tmp_path / "curves.svg").read_text("utf-8")
    assert svg.count(">epoch</text>") == 2
    assert ">0.1</text>" in svg


def test_the_network_as_safetensors(actions, heard, snapshot, chosen, tmp_path):
    chosen.name = "network.safetensors"
    actions.export_network.trigger()
    arrays = load_file(tmp_path / "network.safetensors")
    for number, layer in enumerate(snapshot.network.layers, start=1):
        np.testing.assert_array_equal(arrays[f"W{number}"], layer.W)
    assert "network.safetensors" in heard.done[0]


def test_the_network_as_onnx(actions, heard, snapshot, chosen, tmp_path):
    """Written with the optional packages, and reported without them."""
    chosen.name = "network.onnx"
    actions.export_network.trigger()
    if find_spec("onnx") is None:
        assert "make export" in heard.problems[0]
        assert heard.done == []
    else:
        assert (tmp_path / "network.onnx").exists()


def test_a_name_without_an_extension_gets_the_chosen_filter_s(
    actions, heard, snapshot, chosen, tmp_path
):
    chosen.name, chosen.kind = "my.curves", "Drawing (*.svg)"
    actions.export_curves.trigger()
    assert chosen.kind in chosen.filters.split(";;")
    assert [path.name for path in tmp_path.iterdir()] == ["my.curves.svg"]


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_overwriting_is_confirmed_if_the_dialog_did_not_ask(
    actions, heard, snapshot, chosen, tmp_path, monkeypatch, answer
):
    there = tmp_path / "curves.csv"
    there.write_text("dear to me")
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: getattr(QMessageBox.StandardButton, answer)
    )
    chosen.name = "curves"
    actions.export_curves.trigger()
    assert (there.read_text() == "dear to me") == (answer == "No")
    assert len(heard.done) == (answer == "Yes")


def test_a_dialog_that_is_cancelled_writes_nothing(actions, heard, snapshot, chosen, tmp_path):
    actions.export_curves.trigger()
    actions.export_network.trigger()
    assert chosen.filters
    assert heard.done == heard.problems == list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["curves.csv", "curves.png", "curves.svg"])
def test_an_unwritable_file_is_a_problem(actions, heard, snapshot, chosen, name):
    chosen.name = f"nowhere/{name}"
    actions.export_curves.trigger()
    assert name in heard.problems[0]
    assert heard.done == []
    assert QGuiApplication.overrideCursor() is None


def test_settings_are_copied_and_pasted_back(session, actions, heard, clipboard):
    actions.copy_settings.trigger()
    assert clipboard.text() == settings_text(session.config)
    assert "clipboard" in heard.done[0]
    clipboard.setText(clipboard.text().replace("learning_rate = 0.1", "learning_rate = 0.25"))
    actions.paste_settings.trigger()
    changed = replace(session.config.hyperparameters, learning_rate=0.25)
    assert heard.pasted == [replace(session.config, hyperparameters=changed)]
    assert heard.problems == []


@pytest.mark.parametrize("text", ["", "buy milk", "seed = -3"])
def test_a_clipboard_without_settings_is_a_problem(actions, heard, clipboard, text):
    clipboard.setText(text)
    actions.paste_settings.trigger()
    assert heard.pasted == []
    assert heard.problems[0].startswith("The clipboard contains no settings.")
