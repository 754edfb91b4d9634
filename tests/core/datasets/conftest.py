import os

import pytest


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without data sets: the real folders and settings are hidden."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    for folder in (home, work):
        folder.mkdir()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("DIGITSCOPE_DATA", "KERAS_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.chdir(work)
    return tmp_path


@pytest.fixture
def folder(machine):
    path = machine / "chosen"
    path.mkdir()
    return path
