"""The window starts with the files of an earlier version."""

import shutil

import pytest
from PySide6.QtCore import QSettings

from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from core.saving.run_file import load_run
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.earlier_files import VERSION_0_1
from tests.gui.driving import message_buttons


@pytest.fixture
def earlier(tmp_path):
    """A copy, because the app changes these files."""
    return shutil.copytree(VERSION_0_1, tmp_path / "earlier")


@pytest.fixture
def earlier_window(qtbot, themes, session, earlier, monkeypatch):
    monkeypatch.setattr("gui.files.autosave.data_folder", lambda: earlier)
    (earlier / "autosave").mkdir()
    (earlier / "autosave.npz").rename(earlier / "autosave" / "0123456789abcdef.npz")
    settings = QSettings(str(earlier / "settings.ini"), QSettings.Format.IniFormat)
    library = RunLibrary(earlier / "runs.sqlite")
    window = MainWindow(session, themes, MyDigits(earlier / "my-digits"), settings, library=library)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    library.close()


def test_layout_sections_and_recent_files_are_remembered(earlier_window):
    assert earlier_window.settings_panel.open_sections == ["regularization_section"]
    recent = [action.text() for action in earlier_window.actions_.recent.actions()]
    assert any("zweiter Lauf" in text for text in recent)


def test_the_copy_of_an_unsaved_run_is_offered_and_opens(qtbot, earlier_window, session):
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    steps = load_run(VERSION_0_1 / "autosave.npz").training.checkpoint.step
    shown = []
    session.run_started.connect(
        lambda run: run.snapshot_taken.connect(lambda snapshot: shown.append(snapshot.step))
    )
    earlier_window.recovered_runs.offer()
    message_buttons(earlier_window)["Continue"].click()
    qtbot.waitUntil(lambda: shown[-1:] == [steps])
