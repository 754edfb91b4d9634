"""A test that leaves something running fails, with what it is and where it was started."""

import threading

import pytest
from PySide6.QtCore import QThread, QThreadPool, QTimer

from tests.gui.leaks import Leaks


@pytest.fixture(autouse=True)
def _shorter_wait(monkeypatch):
    monkeypatch.setattr("tests.gui.leaks._SECONDS_TO_END", 0.05)


class Waiting(QThread):
    def __init__(self):
        super().__init__()
        self.may_end = threading.Event()

    def run(self):
        self.may_end.wait(10)


def test_a_running_thread_is_found():
    thread = Waiting()
    with pytest.raises(AssertionError, match="test_leaks"), Leaks().watching():
        thread.start()
    thread.may_end.set()
    assert thread.wait(10_000)


def test_a_job_in_the_pool_is_found(qapp):
    may_end = threading.Event()
    with pytest.raises(AssertionError, match="a job"), Leaks().watching():
        QThreadPool.globalInstance().start(lambda: may_end.wait(10))
    may_end.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)


def test_an_active_timer_is_found(qapp):
    timer = QTimer(interval=60_000)
    with pytest.raises(AssertionError, match="QTimer"), Leaks().watching():
        timer.start()
    timer.stop()


def test_finished_work_is_not_a_leak(qapp):
    with Leaks().watching():
        thread, timer, deleted = Waiting(), QTimer(interval=60_000), QTimer(interval=60_000)
        thread.start()
        thread.may_end.set()
        timer.start()
        timer.stop()
        deleted.start()
        deleted.deleteLater()
        QThreadPool.globalInstance().start(lambda: None)
