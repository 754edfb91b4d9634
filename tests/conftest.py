"""Isolation: no test sees the user's files, settings or display, or leaves threads running."""

import os
import threading

import pytest
from tqdm import TMonitor

from core.network.activations import ACTIVATIONS
from core.runs.run_library import RunLibrary
from core.settings.config import ACTIVATION_NAMES

os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(autouse=True)
def _isolated(tmp_path_factory, monkeypatch):
    """Give each test an empty home, and fail it if it leaves threads running."""
    home = tmp_path_factory.mktemp("home")
    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(home))
    for variable in ("DIGITSCOPE_DATA", "KERAS_HOME", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    before = set(threading.enumerate())
    yield
    assert not (left := threads_left(before)), left


def threads_left(before):
    """Return the threads that have started since, including daemons.

    Qt's own threads appear as dummies here (see tests/gui/leaks.py); all progress bars share tqdm's
    monitor.
    """
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, (threading._DummyThread, TMonitor))
    ]


@pytest.fixture
def library(tmp_path):
    """An empty library of runs, in a file."""
    library = RunLibrary(tmp_path / "runs.sqlite")
    yield library
    library.close()


@pytest.fixture
def forget_activations():
    """Take back the activations that a test registers."""
    before = list(ACTIVATION_NAMES)
    yield
    for name in ACTIVATION_NAMES[len(before) :]:
        del ACTIVATIONS[name]
    ACTIVATION_NAMES[:] = before
