"""A folder is remembered once MNIST was found in it; a bad folder does no harm."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from core.datasets.published_sets import MNIST
from core.errors import DataError
from gui.files.mnist_folder import remembered_folder
from gui.training import dataset_choice
from gui.training.session import Session
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.gui.driving import message

GOOD, BAD = Path("good"), Path("bad")


@pytest.fixture
def looked_in(monkeypatch):
    """Put MNIST into GOOD, or offer it only as a download; return the folders searched."""
    folders = []

    def find(published, folder):
        folders.append(folder)
        if folder not in (None, GOOD):
            raise DataError(f"The folder {folder} does not contain MNIST.")
        return None if folder is None else replace(tiny_dataset(), name="mnist")

    def load(name, folder, progress):
        return find(MNIST, folder) or replace(tiny_dataset(), name=name)

    monkeypatch.setattr(dataset_choice, "find_published", find)
    monkeypatch.setattr(dataset_choice, "load_dataset", load)
    monkeypatch.setattr(dataset_choice, "load_strokes", lambda progress: tiny_dataset())
    return folders


@pytest.fixture
def with_folder(qapp, qtbot):
    """Return a function that makes a session to which a folder was given."""
    sessions = []

    def make(folder):
        sessions.append(Session(folder))
        return sessions[-1]

    yield make
    for session in sessions:
        assert session.close()


def choose(monkeypatch, window, folder):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.actions_.choose_folder.trigger()


def test_a_chosen_folder_is_remembered_once_mnist_was_found_in_it(
    qtbot, window, session, monkeypatch, looked_in
):
    with qtbot.waitSignal(session.data.failed):
        choose(monkeypatch, window, BAD)
    assert message(window) == "The folder bad does not contain MNIST."
    assert window._settings.value("data_dir") is None
    with qtbot.waitSignal(session.run_started):
        choose(monkeypatch, window, GOOD)
    assert window._settings.value("data_dir") == "good"
    with qtbot.waitSignal(session.data.failed):
        choose(monkeypatch, window, BAD)
    assert window._settings.value("data_dir") == "good"
    with qtbot.waitSignal(session.run_started):
        session.data.choose("mnist")
    assert looked_in == [BAD, GOOD, BAD, GOOD]


def test_after_a_wrong_choice_mnist_can_be_downloaded(
    qtbot, window, session, monkeypatch, looked_in
):
    with qtbot.waitSignal(session.data.failed):
        choose(monkeypatch, window, BAD)
    with qtbot.waitSignal(session.run_started):
        window.actions_.use_mnist.trigger()
    assert session.data.dataset.name == "mnist"
    assert looked_in == [BAD, None]


def test_starting_with_a_bad_folder_reports_it_once_and_searches_the_usual_places(
    qtbot, with_folder, looked_in
):
    session = with_folder(BAD)
    said, offered, refused = [], [], []
    session.data.failed.connect(said.append)
    session.data.mnist_offered.connect(lambda: offered.append(True))
    session.data.folder_refused.connect(refused.append)
    with qtbot.waitSignal(session.run_started):
        session.data.load_first()
    assert session.data.dataset.name == "strokes"
    assert looked_in == [BAD, None]
    assert (len(said), refused) == (1, [BAD])
    assert not offered  # or the message would be gone
    with qtbot.waitSignal(session.run_started):
        session.data.choose("mnist")
    assert session.data.dataset.name == "mnist"
    assert looked_in == [BAD, None, None]
    assert len(said) == 1


def test_a_folder_that_has_become_bad_is_skipped(qtbot, with_folder, looked_in):
    session = with_folder(BAD)
    said = []
    session.data.failed.connect(said.append)
    with qtbot.waitSignal(session.run_started):
        session.data.choose("mnist+strokes")
    assert session.data.dataset.name == "mnist+strokes"
    assert session.state is State.PAUSED
    assert (len(said), looked_in) == (1, [BAD, None])


def test_if_mnist_is_not_found_the_built_in_digits_are_used(
    qtbot, with_folder, looked_in, monkeypatch
):
    """As where the environment names a bad folder, too."""

    def find(published, folder):
        raise DataError("no")

    monkeypatch.setattr(dataset_choice, "find_published", find)
    session = with_folder(BAD)
    said = []
    session.data.failed.connect(said.append)
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: tiny_dataset())
    with qtbot.waitSignal(session.run_started):
        session.data.load_first()
    assert session.data.dataset.name == "strokes"
    assert said == ["no", "no"]


def test_a_refused_folder_is_forgotten(window, session):
    settings = window._settings
    settings.setValue("data_dir", str(GOOD))
    session.data.folder_refused.emit(BAD)
    assert settings.value("data_dir") == str(GOOD)
    session.data.folder_refused.emit(GOOD)
    assert settings.value("data_dir") is None


def test_a_remembered_folder_that_is_gone_is_ignored(window, tmp_path):
    settings = window._settings
    settings.setValue("data_dir", str(tmp_path))
    assert remembered_folder(settings) == tmp_path
    settings.setValue("data_dir", str(tmp_path / "gone"))
    assert remembered_folder(settings) is None
    assert remembered_folder(None) is None
