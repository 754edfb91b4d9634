import threading

import pytest
from PySide6.QtCore import QThreadPool

from core.errors import DataError
from gui.threads.latest_task import LatestTask
from gui.threads.pool import app_pool


@pytest.fixture
def job(qapp):
    job = LatestTask()
    yield job
    assert QThreadPool.globalInstance().waitForDone(10_000)


@pytest.fixture
def answers(job):
    answers = []
    job.done.connect(answers.append)
    return answers


def test_tasks_run_in_another_thread(job, answers, qtbot):
    job.ask(threading.get_ident)
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers[0] != threading.get_ident()
    assert job.is_idle


def test_only_the_latest_of_waiting_tasks_is_run(job, answers, qtbot):
    go_on = threading.Event()
    job.ask(lambda: go_on.wait(10) and "first", at_once=True)
    for number in range(5):
        job.ask(lambda number=number: number, at_once=True)
    assert not job.is_idle
    go_on.set()
    qtbot.waitUntil(lambda: job.is_idle)
    assert answers == ["first", 4]


def test_a_failing_task_reports_unless_cancelled(job, answers, qtbot):
    problems = []
    job.failed.connect(problems.append)

    def fail(problem):
        raise DataError(problem)

    job.ask(lambda: fail("It is damaged."), at_once=True)
    qtbot.waitUntil(lambda: job.is_idle)
    assert problems == ["It is damaged."]
    job.ask(lambda: fail("Nobody asks."), at_once=True)
    job.forget()
    job.ask(lambda: "new", at_once=True)
    qtbot.waitUntil(lambda: answers == ["new"])
    assert problems == ["It is damaged."]


def test_a_cancelled_task_delivers_no_result(job, answers, qtbot):
    go_on = threading.Event()
    job.ask(lambda: go_on.wait(10) and "old")
    job.forget()
    job.ask(lambda: "new", at_once=True)
    go_on.set()
    qtbot.waitUntil(lambda: job.is_idle)
    assert answers == ["new"]


def test_drawing_is_followed_by_a_rest_unless_the_user_waits(qapp, qtbot):
    job = LatestTask(least_rest=1_000.0)
    answers = []
    job.done.connect(answers.append)
    job.ask(lambda: 1)
    qtbot.waitUntil(lambda: answers == [1])
    job.ask(lambda: 2)
    assert QThreadPool.globalInstance().waitForDone(10_000)
    assert not job.is_idle
    assert answers == [1]
    job.ask(lambda: 3, at_once=True)
    qtbot.waitUntil(lambda: answers == [1, 3])


def test_waiting_work_is_done_after_the_rest(job, answers, qtbot):
    job.ask(lambda: 1)
    job.ask(lambda: 2)
    qtbot.waitUntil(lambda: answers == [1, 2])


def test_a_failing_task_is_logged_and_does_not_block_the_next(job, answers, qtbot, caplog):
    job.ask(lambda: 1 / 0)
    job.ask(lambda: "next", at_once=True)
    qtbot.waitUntil(lambda: answers == ["next"])
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def working(begun):
    """Return work that ends only when it is cancelled."""

    def work(progress):
        while True:
            progress(0, 1)
            begun.set()

    return work


def test_long_work_ends_once_it_is_forgotten(job, answers, qtbot):
    begun = threading.Event()
    job.ask_long(working(begun), at_once=True)
    assert begun.wait(10)
    job.ask(lambda: "new", at_once=True)
    job.forget()
    job.ask(lambda: "newer", at_once=True)
    qtbot.waitUntil(lambda: answers == ["newer"])


def test_long_work_ends_when_the_app_closes(job, answers, qtbot):
    begun = threading.Event()
    job.ask_long(working(begun), at_once=True)
    assert begun.wait(10)
    assert app_pool().close(10_000)
    qtbot.waitUntil(lambda: job.is_idle)
    job.ask_long(lambda _progress: "after", at_once=True)  # as the next window's
    qtbot.waitUntil(lambda: answers == ["after"])
