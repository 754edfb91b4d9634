"""A run survives if the app is killed."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMessageBox

from core.errors import DataError
from core.my_digits.my_digits import MyDigits
from core.saving.run_file import load_run
from gui.files.autosave import (
    INTERVAL_MS,
    copies_left_behind,
    set_aside,
    sweep_deleted,
    sweep_locks,
)
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, click, message, message_buttons, messages

ROOT = Path(__file__).parents[3]

KILLED = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from core.my_digits.my_digits import MyDigits
from gui.files import autosave
from gui.window.main_window import MainWindow
from gui.training.session import Session
from gui.widgets.theme_controller import ThemeController
from tests.core.digits import tiny_dataset

folder = Path(sys.argv[1])
autosave.INTERVAL_MS = 200
autosave.data_folder = lambda: folder
app = QApplication([])
session = Session()
window = MainWindow(session, ThemeController(app), MyDigits(folder / "mine"))
session.data.use(tiny_dataset())
session.run.saved.connect(lambda path, step: print(path, step, flush=True))
session.play()
app.exec()
"""


def wait_for_step(qtbot, window, steps):
    """Wait until the window shows a run after `steps` steps, at least one."""
    assert steps > 0
    display = window.display
    qtbot.waitUntil(lambda: display.snapshot is not None and display.snapshot.step == steps)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr("gui.files.autosave.data_folder", lambda: tmp_path)
    return tmp_path / "autosave"


@pytest.fixture
def open_window(qtbot, themes, session, folder, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)

    def opened():
        window = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
        qtbot.addWidget(window)
        window.show()
        session.data.use(tiny_dataset())
        with qtbot.waitSignal(session.run.snapshot_taken):
            pass
        return window

    return opened


def press(window, text):
    message_buttons(window)[text].click()


@pytest.fixture(scope="module")
def _killed_app(tmp_path_factory):
    """The copy and the lock of an app that was killed while it trained."""
    folder = tmp_path_factory.mktemp("killed")
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    path, _ = process.stdout.readline().rsplit(maxsplit=1)
    process.kill()
    process.wait()
    process.stdout.close()
    return Path(path), Path(f"{path}.lock")


@pytest.fixture
def kill_one(_killed_app, folder):
    """Create what a killed app leaves behind; return its copy of the run."""

    def kill_one():
        folder.mkdir(exist_ok=True)
        path = folder / f"{uuid4().hex}.npz"
        for left, name in zip(_killed_app, (path, f"{path}.lock"), strict=True):
            shutil.copy(left, name)
        return path

    return kill_one


def test_copies_come_more_often_than_once_a_minute():
    assert INTERVAL_MS <= 60_000


def test_the_run_of_a_killed_app_is_offered_and_continues(
    qtbot, open_window, session, folder, kill_one
):
    copy = kill_one()
    steps = load_run(copy).training.checkpoint.step
    window = open_window()
    window.recovered_runs.offer()
    assert messages(window)
    press(window, "Continue")
    wait_for_step(qtbot, window, steps)
    assert window.isWindowModified()  # the user has not saved it
    assert window.files.path is None
    assert not copy.exists()
    # If this app were killed now, the run would still be there.
    assert load_run(window.autosave.path).training.checkpoint.step == steps
    window.close()
    assert not list(folder.glob("*.npz"))


def go_on_at_last(qtbot, window, copy):
    """It is offered still, and opened."""
    steps = load_run(copy).training.checkpoint.step
    window.recovered_runs.offer()
    press(window, "Continue")
    wait_for_step(qtbot, window, steps)
    assert load_run(window.autosave.path).training.checkpoint.step == steps


def test_a_copy_that_is_opened_over_unsaved_steps_and_taken_back_stays(
    qtbot, open_window, session, folder, kill_one
):
    """Users who remember their unsaved steps only then must not lose the other run."""
    copy = kill_one()
    steps = load_run(copy).training.checkpoint.step
    window = open_window()
    window.recovered_runs.offer()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    own = session.run.id
    press(window, "Continue")
    wait_for_step(qtbot, window, steps)
    press(window, "Go back")
    qtbot.waitUntil(lambda: session.run.id == own)
    with qtbot.waitSignal(session.run.saved):
        window.autosave.save()
    (left,) = copies_left_behind(folder)
    go_on_at_last(qtbot, window, left)


def test_a_copy_survives_if_its_data_cannot_be_loaded(
    qtbot, open_window, session, folder, monkeypatch, kill_one
):
    copy = kill_one()
    window = open_window()
    session.data.use(replace(tiny_dataset(), name="mnist"))

    def load(*_):
        raise DataError("There is no network.")

    monkeypatch.setattr("gui.training.dataset_choice.load_dataset", load)
    window.recovered_runs.offer()
    with qtbot.waitSignal(session.data.failed):
        press(window, "Continue")
    session.data.use(tiny_dataset())
    go_on_at_last(qtbot, window, copy)


def listed(window):
    dialog = child(window, "recovered_runs")
    return dialog, [
        dialog.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.list.count())
    ]


def test_all_copies_are_listed_the_newest_first_and_opened_from_there(
    qtbot, open_window, session, folder, kill_one
):
    older, newer = kill_one(), kill_one()
    os.utime(older, (1_700_000_000, 1_700_000_000))
    steps = load_run(older).training.checkpoint.step
    window = open_window()
    window.recovered_runs.offer()
    assert "2 unsaved runs" in message(window)
    press(window, "Show all…")
    dialog, copies = listed(window)
    assert copies == [newer, older]
    dialog.list.setCurrentRow(1)
    click(window, "recovered_open")
    wait_for_step(qtbot, window, steps)
    assert newer.exists()
    assert load_run(window.autosave.path).training.checkpoint.step == steps


def test_a_copy_that_is_deleted_from_the_list_can_be_brought_back(
    open_window, folder, monkeypatch, kill_one
):
    monkeypatch.setattr(QMessageBox, "question", None)  # nothing is asked
    copy = kill_one()
    window = open_window()
    window.actions_.recovered_runs.trigger()
    assert not child(window, "recovered_undo").isEnabled()
    click(window, "recovered_delete")
    dialog, copies = listed(window)
    assert copies == copies_left_behind(folder) == []
    assert not child(window, "recovered_open").isEnabled()
    click(window, "recovered_undo")
    assert listed(window)[1] == [copy]
    assert copy.exists()
    assert not child(window, "recovered_undo").isEnabled()
    dialog.close()


def test_a_deleted_copy_is_gone_for_good_after_a_while(folder, monkeypatch):
    folder.mkdir()
    copy = folder / "copy.npz"
    copy.write_bytes(b"a run")
    set_aside(copy)
    sweep_deleted(folder)
    assert [path.name for path in folder.iterdir()] == ["copy.npz.deleted"]
    later = time.time() + 4_000
    monkeypatch.setattr(time, "time", lambda: later)
    sweep_deleted(folder)
    assert not list(folder.iterdir())


def test_a_replaced_recovered_run_can_be_recovered_again(
    qtbot, open_window, session, folder, kill_one
):
    copy = kill_one()
    steps = load_run(copy).training.checkpoint.step
    window = open_window()
    window.recovered_runs.offer()
    press(window, "Continue")
    wait_for_step(qtbot, window, steps)
    with qtbot.waitSignal(session.run_started):
        session.restart()
    (left,) = copies_left_behind(folder)
    assert load_run(left).training.checkpoint.step == steps
    window.autosave.save()
    window.close()
    assert copies_left_behind(folder) == [left]


def test_a_saved_recovered_run_is_not_recovered_again(
    qtbot, open_window, session, folder, tmp_path, kill_one
):
    kill_one()
    window = open_window()
    window.recovered_runs.offer()
    press(window, "Continue")
    qtbot.waitUntil(lambda: window.files.is_modified)
    with qtbot.waitSignal(window.files.file_known):
        window.files._save_to(tmp_path / "run.npz")
    window.autosave.save()
    session.restart()
    window.close()
    assert copies_left_behind(folder) == []


def test_locks_of_killed_apps_and_no_others_are_removed(qtbot, open_window, folder, kill_one):
    kill_one().unlink()
    window = open_window()
    assert window.autosave._own()
    assert len(list(folder.glob("*.lock"))) == 2
    sweep_locks(folder)
    assert [path.name for path in folder.glob("*.lock")] == [f"{window.autosave.path.name}.lock"]


def test_the_copy_of_a_run_that_was_saved_since_is_deleted(
    qtbot, open_window, session, folder, tmp_path
):
    """Otherwise it would be offered as unsaved after a kill."""
    window = open_window()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    with qtbot.waitSignal(session.run.saved):
        window.autosave.save()
    window.files._save_to(tmp_path / "run.npz")
    qtbot.waitUntil(lambda: not window.files.is_modified)
    window.autosave.save()
    assert not window.autosave.path.exists()


def test_a_copy_that_is_not_wanted_is_deleted(open_window, kill_one):
    copy = kill_one()
    window = open_window()
    window.recovered_runs.offer()
    press(window, "Delete")
    assert not copy.exists()
    press(window, "Undo")
    assert copy.exists()
    assert "recovered" in message(window)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_recent_paths_that_are_not_files_are_neither_offered_nor_waited_for(open_window, folder):
    folder.mkdir()
    os.mkfifo(folder / "pipe.npz")
    (folder / "folder.npz").mkdir()
    (folder / "copy.npz").touch()
    os.mkfifo(folder / "copy.npz.lock")
    window = open_window()
    window.recovered_runs.offer()
    assert not messages(window)


def test_without_a_copy_nothing_is_offered(open_window):
    window = open_window()
    window.recovered_runs.offer()
    assert not messages(window)


def test_the_copy_of_a_running_app_is_left_alone(qtbot, open_window, session, folder):
    window = open_window()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    with qtbot.waitSignal(session.run.saved):
        window.autosave.save()
    assert window.files.is_modified  # a copy is not the user's file
    assert window.autosave.path.exists()
    assert copies_left_behind(folder) == []


def test_nothing_is_written_when_there_is_nothing_to_lose(open_window, folder):
    window = open_window()
    window.autosave.save()
    window.close()
    assert not folder.exists()


def test_a_copy_that_cannot_be_written_is_reported_once(qtbot, open_window, session, folder):
    window = open_window()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    window.autosave.path.mkdir(parents=True)  # where the copy should go
    for is_reported in (True, False):
        with qtbot.waitSignal(session.run.save_failed):
            window.autosave.save()
        assert bool(messages(window)) == is_reported
        window.messages.clear()
    assert window.files.is_modified


def test_a_folder_that_cannot_be_created_is_reported_once(qtbot, open_window, session, folder):
    window = open_window()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    folder.write_text("no folder")
    for is_reported in (True, False):
        window.autosave.save()
        assert bool(messages(window)) == is_reported
        window.messages.clear()


def test_a_copy_is_kept_if_no_question_can_be_asked(qtbot, open_window, session, folder):
    window = open_window()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.files.is_modified and session.state is State.PAUSED)
    with qtbot.waitSignal(session.run.saved):
        window.autosave.save()
    window.autosave.is_kept = True
    window.close()
    assert len(list(folder.glob("*.npz"))) == 1
