"""Leftovers of a kill are found, and the app's own files are not mistaken for leftovers."""

import os

import numpy as np
import pytest

from core.files.locations import data_folder
from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from core.saving.run_file import save_run
from core.settings.config import NetworkConfig, RunConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.endurance.remains import Remains, kind_of


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with a saved run, an autosaved one, a digit and a database."""
    for variable, name in (("CACHE", "cache"), ("CONFIG", "config"), ("DATA", "data")):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / name))
    run = Trainer(RunConfig(network=NetworkConfig(hidden=(3,))), tiny_dataset()).saved()
    for path in (tmp_path / "files" / "run.npz", data_folder() / "autosave" / "a.npz"):
        path.parent.mkdir(parents=True)
        save_run(path, run)
    MyDigits().add(np.eye(280, dtype=np.uint8), 3)
    RunLibrary().close()
    return tmp_path


def test_the_apps_own_files_are_intact(home):
    remains = Remains(home)
    assert (remains.damaged, remains.leftovers) == ([], set())
    assert (remains.saved, remains.autosaved, remains.digits) == (1, 1, 1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("files/.run.npz.12.partial", "files: partial"),
        ("data/digitscope/my-digits/3/x.png", "my-digits: empty claim"),
        ("data/digitscope/autosave/b.npz.lock", "autosave: lock"),
        ("config/Digitscope/Digitscope.conf.x", "Digitscope: Digitscope.conf.x"),
    ],
)
def test_leftovers_are_found(home, name, kind):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    remains = Remains(home)
    assert remains.leftovers == {path}
    assert kind_of(path) == kind


def test_the_lock_of_a_living_process_belongs_there(home):
    (data_folder() / "autosave" / "a.npz.lock").write_text(f"{os.getpid()}\npython\nhost\n")
    assert not Remains(home).leftovers


@pytest.mark.parametrize("name", ["files/run.npz", "data/digitscope/autosave/a.npz"])
def test_a_truncated_run_is_damaged(home, name):
    path = home / name
    path.write_bytes(path.read_bytes()[:-100])
    assert len(Remains(home).damaged) == 1


def test_a_truncated_digit_is_damaged(home):
    (path,) = (data_folder() / "my-digits" / "3").iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    assert len(Remains(home).damaged) == 1


def test_a_database_that_is_overwritten_is_damaged(home):
    path = data_folder() / "runs.sqlite"
    content = bytearray(path.read_bytes())
    content[4096:5000] = bytes(904)
    path.write_bytes(content)
    assert Remains(home).damaged
