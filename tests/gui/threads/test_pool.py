"""Jobs of the pool's threads are released in the window's thread, with all that they close over."""

import threading

from PySide6.QtCore import QObject, QThreadPool

from core.errors import DigitscopeError
from gui.threads.pool import app_pool


class Fragile(QObject):
    """Records the thread in which its last reference was dropped."""

    def __init__(self, ends):
        super().__init__()
        self.ends = ends

    def __del__(self):
        self.ends.append(threading.current_thread())


def test_a_job_may_close_over_the_last_reference_to_an_object(qapp, qtbot):
    pool, ends = app_pool(), []
    for _ in range(50):
        fragile = Fragile(ends)
        pool.start(lambda fragile=fragile: fragile.ends)
        del fragile
    assert QThreadPool.globalInstance().waitForDone(10_000)
    assert ends == []  # all jobs are done, and none was released
    qtbot.waitUntil(lambda: pool.is_idle)
    assert ends == [threading.main_thread()] * 50


def test_failures_are_described_in_words(qapp, qtbot, caplog):
    pool, outcomes = app_pool(), {}

    def refuse():
        raise DigitscopeError("Try another.")

    def note(number, outcome):
        outcomes[number] = outcome

    pool.ended.connect(note)
    expected, surprise = pool.start(refuse), pool.start(lambda: 1 / 0)
    qtbot.waitUntil(lambda: len(outcomes) == 2)
    pool.ended.disconnect(note)
    assert outcomes[expected].problem == "Try another."
    assert "ZeroDivisionError" in outcomes[surprise].problem
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
