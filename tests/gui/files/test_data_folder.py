"""A folder is remembered once MNIST was found in it; a bad folder does no harm."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from core.datasets import loading, published
from core.datasets.published_sets import MNIST
from core.errors import DataError
from core.settings.data_source import READY_CLASSES
from gui.files.data_folder import remembered_folders
from gui.training import dataset_choice
from gui.training.session import Session
from gui.training.state import State
from tests.core.datasets.test_published_sets import SETS
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
        sessions.append(Session({"mnist": folder}))
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
    assert remembered_folders(settings) == {"mnist": tmp_path}
    settings.setValue("data_dir", str(tmp_path / "gone"))
    assert remembered_folders(settings) == {}
    assert remembered_folders(None) == {}


class TestSeveralSets:
    """MNIST's small stand-in is in one folder, Fashion-MNIST's in another, or both are in one."""

    @pytest.fixture
    def work(self, tmp_path, monkeypatch):
        """The current folder, which is among the usual places."""
        folder = tmp_path / "work"
        folder.mkdir()
        monkeypatch.chdir(folder)
        return folder

    @pytest.fixture(autouse=True)
    def _small_sets(self, work, monkeypatch):
        # An address where nothing listens.
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            dead = f"http://127.0.0.1:{held.getsockname()[1]}/"
            small = {name: replace(made.published, mirrors=(dead,)) for name, made in SETS.items()}
            self.use(small, monkeypatch)
            yield

    def use(self, small, monkeypatch):
        for module in (loading, published):
            monkeypatch.setattr(module, "PUBLISHED_SETS", small)
        monkeypatch.setattr(loading, "MNIST", small["mnist"])
        monkeypatch.setattr(dataset_choice, "MNIST", small["mnist"])
        monkeypatch.setattr(dataset_choice, "PUBLISHED_SETS", small)
        for module in (loading, dataset_choice):
            monkeypatch.setattr(module, "load_strokes", lambda progress: tiny_dataset())

    @pytest.fixture
    def folders(self, tmp_path):
        places = {name: tmp_path / "of" / name for name in SETS}
        for name, place in places.items():
            SETS[name].write(place)
        return places

    def load(self, qtbot, session, name):
        with qtbot.waitSignal(session.run_started):
            session.data.choose(name)
        assert SETS[name].is_in(session.data.dataset)

    def test_each_set_keeps_the_folder_that_was_chosen_for_it(
        self, qtbot, window, session, monkeypatch, folders
    ):
        for name, place in folders.items():
            with qtbot.waitSignal(session.run_started):
                choose(monkeypatch, window, place)
            assert session.config.dataset == name
            assert session.config.network.classes == READY_CLASSES[name]
        said = []
        session.data.failed.connect(said.append)
        for name in folders:
            self.load(qtbot, session, name)
        assert said == []
        assert remembered_folders(window._settings) == folders

    def test_a_folder_of_another_set_is_passed_over_and_stays_remembered(
        self, qtbot, with_folder, folders, work
    ):
        session = with_folder(folders["mnist"])
        said, refused = [], []
        session.data.failed.connect(said.append)
        session.data.folder_refused.connect(refused.append)
        SETS["fashion-mnist"].write(work / "data" / "fashion")
        self.load(qtbot, session, "fashion-mnist")
        self.load(qtbot, session, "mnist")
        assert said == refused == []

    def test_a_folder_that_holds_all_of_them_serves_for_all(self, qtbot, with_folder, tmp_path):
        for made in SETS.values():
            made.write(tmp_path / "root" / made.published.subfolders[1])
        session = with_folder(tmp_path / "root")
        for name in SETS:
            self.load(qtbot, session, name)

    def test_without_a_network_the_set_is_named_and_the_run_stays(self, qtbot, window, session):
        with qtbot.waitSignal(session.run_started):
            window.actions_.use_strokes.trigger()
        run = session.run
        with qtbot.waitSignal(session.data.failed):
            window.actions_.use_kuzushiji.trigger()
        assert "Kuzushiji-MNIST could not be downloaded" in message(window)
        assert session.run is run
        assert session.config.dataset == "strokes"

    def test_after_a_failure_the_folder_of_that_set_can_be_chosen(
        self, qtbot, window, session, monkeypatch, folders
    ):
        with qtbot.waitSignal(session.data.failed):
            window.actions_.use_fashion.trigger()
        everything = folders["mnist"].parent
        for made in SETS.values():
            made.write(everything / made.published.subfolders[1])
        with qtbot.waitSignal(session.run_started):
            choose(monkeypatch, window, everything)
        assert session.config.dataset == "fashion-mnist"

    def test_at_the_start_a_folder_of_another_set_is_no_fault(self, qtbot, with_folder, folders):
        session = with_folder(folders["fashion-mnist"])
        said = []
        session.data.failed.connect(said.append)
        with qtbot.waitSignal(session.run_started):
            session.data.load_first()
        assert session.config.dataset == "strokes"
        assert said == []
