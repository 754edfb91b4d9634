"""The app quits when asked, whatever it is doing, and names the parts that did not stop."""

import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.my_digits.my_digits import MyDigits
from core.saving.run_file import load_run
from gui.threads.closing import close_parts

ROOT = Path(__file__).parents[3]

APP = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import import_folder
from gui.files import autosave
from gui.threads.closing import end_process, leave_on_signals
from gui.window.main_window import MainWindow
from gui.threads.pool import app_pool
from gui.training.session import Session
from gui.widgets.theme_controller import ThemeController
from tests.core.digits import tiny_dataset

folder, doing = Path(sys.argv[1]), sys.argv[2]
autosave.data_folder = lambda: folder
app = QApplication([])
session = Session()
window = MainWindow(session, ThemeController(app), MyDigits(folder / "mine"))
window.shutdown.asks = True
leave_on_signals(app, window.leave)
window.show()
session.data.use(tiny_dataset())
session.play() if doing == "training" else session.step()

def ready():
    print("ready", flush=True)

def import_digits():
    panel = window.tabs.view("my_digits")
    QTimer.singleShot(0, ready)
    panel.exchange.run(import_folder, folder / "many", "Import")

def ask():
    QTimer.singleShot(0, ready)
    window.files.may_be_lost(lambda: None)

def close():
    QTimer.singleShot(0, ready)
    window.close()

def begin_long_job():
    app_pool().start(lambda: time.sleep(30))
    ready()

def be_stuck():
    ready()
    time.sleep(30)

what = {"training": ready, "importing": import_digits, "asking": ask, "closing": close,
        "job": begin_long_job, "stuck": be_stuck}[doing]

def begin_once_it_trains(snapshot):
    if snapshot.step and what:
        session.run.snapshot_taken.disconnect(begin_once_it_trains)
        QTimer.singleShot(0, what)

session.run.snapshot_taken.connect(begin_once_it_trains)
status = app.exec()
if window.shutdown.unfinished:
    end_process(status)
sys.exit(status)
"""


def start(folder, doing):
    return subprocess.Popen(
        [sys.executable, "-c", APP, str(folder), doing],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def many_digits(folder):
    """Enough to take some seconds to import."""
    mine = MyDigits(folder)
    rng = np.random.default_rng(0)
    ink = np.zeros((280, 280), np.uint8)
    ink[60:220, 60:220] = rng.integers(0, 256, (160, 160))
    first = mine.path(mine.add(ink, 3))
    content = first.read_bytes()
    for number in range(2_000):
        (first.parent / f"{number}.png").write_bytes(content)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to be handled")
def test_sigterm_ends_the_app_within_five_seconds_whatever_it_is_doing(tmp_path):
    many_digits(tmp_path / "importing" / "many")
    apps = {}
    for doing in ("training", "importing", "asking", "closing", "job", "stuck"):
        (tmp_path / doing).mkdir(exist_ok=True)
        apps[doing] = start(tmp_path / doing, doing)
    for app in apps.values():
        assert app.stdout.readline() == "ready\n"
    begun = time.monotonic()
    for app in apps.values():
        app.send_signal(signal.SIGTERM)
    said = {doing: app.communicate(timeout=60)[1] for doing, app in apps.items()}
    assert time.monotonic() - begun < 5
    codes = {doing: app.returncode for doing, app in apps.items()}
    assert codes == {**dict.fromkeys(apps, 0), "stuck": 1}
    assert "work in the background did not stop" in said["job"]
    assert "most recent call first" in said["stuck"]  # the stacks of all threads
    for doing in ("training", "importing", "asking", "closing", "job"):
        (copy,) = (tmp_path / doing / "autosave").glob("*.npz")
        assert load_run(copy).training.checkpoint.step > 0


def test_all_parts_are_asked_to_stop_before_any_is_waited_for_and_late_ones_are_named(caplog):
    asked = []

    def part(name, ends):
        def close(timeout_ms):
            asked.append((name, timeout_ms > 0))
            return ends

        return close

    parts = {"first": part("first", True), "second": part("second", False)}
    with caplog.at_level(logging.WARNING):
        assert close_parts(parts, limit_ms=50) == ["second"]
    assert asked[:2] == [("first", False), ("second", False)]
    assert [name for name, _ in asked[2:]] == ["first", "second"]
    assert "second did not stop" in caplog.text
    assert "first" not in caplog.text
